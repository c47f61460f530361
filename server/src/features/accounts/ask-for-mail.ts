import type { AccountsDeps } from './deps.ts';
import { newId } from '#platform/new-id.ts';

export type AccountMailTask =
  | 'send_verification_mail'
  | 'send_reset_mail'
  | 'send_address_taken_mail'
  | 'send_second_factor_mail'
  | 'send_deletion_mail'
  | 'send_change_address_old_mail'
  | 'send_change_address_new_mail';

/**
 * Leaves a chore that will send a mail to a person. `userId` null does the same work and sends nothing: asking for the mail of an address nobody has
 * must cost what asking for a known one costs.
 */
export async function askForMail(
  { db }: Pick<AccountsDeps, 'db'>,
  task: AccountMailTask,
  userId: string | null,
): Promise<void> {
  await db.kysely
    .insertInto('outbox')
    .values({ task, payload: JSON.stringify({ user_id: userId, mail_id: newId() }) })
    .execute();
}
