import { deriveKey } from './derive-key.ts';
import { openCookie, signCookie } from './session-cookie.ts';

/** Which of the two mailboxes a link was sent to. */
export type Mailbox = 'old' | 'new';

const keyOf = (secret: string): Buffer => deriveKey(secret, 'change-address');

/** What a link of a change of address carries: the wish and the mailbox, signed. Whether it still works stands in the wish's row. */
export const makeAddressLink = (secret: string, changeId: string, mailbox: Mailbox): string =>
  encodeURIComponent(signCookie(`${changeId}.${mailbox}`, keyOf(secret)));

/** The wish and mailbox of a link, or undefined when it is not ours. */
export function openAddressLink(secret: string, token: string): { changeId: string; mailbox: Mailbox } | undefined {
  const [changeId, mailbox] = openCookie(token, keyOf(secret))?.split('.') ?? [];
  return changeId !== undefined && (mailbox === 'old' || mailbox === 'new') ? { changeId, mailbox } : undefined;
}
