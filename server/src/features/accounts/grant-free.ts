import { createHmac } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { plans } from '@pingvas/domain';
import { sql } from 'kysely';
import { callTenant, readTenant } from '#platform/db/tenant.ts';
import type { AccountsDeps } from './deps.ts';
import { deriveKey } from './derive-key.ts';

/** `granted`: the workspace has this month's credits, now or from before. `claimed`: its address had them in an earlier account. `none`: nothing to grant. */
export type FreeGrant = 'granted' | 'claimed' | 'none';

/**
 * Gives the personal workspace of a person with a verified address the Free credits of its month, once however often it is called: the verification
 * itself calls it, and a chore of the same transaction calls it again in case the process died in between.
 */
export async function grantFree(
  deps: Pick<AccountsDeps, 'db' | 'authDb' | 'secret'>,
  userId: string,
): Promise<FreeGrant> {
  const user = await deps.authDb.kysely
    .selectFrom('auth.user')
    .select(['email', 'email_verified'])
    .where('id', '=', userId)
    .executeTakeFirst();
  if (!user?.email_verified) return 'none';
  const [workspace] = await readTenant(deps.db, { userId }, (query) =>
    query
      .selectFrom('workspace')
      .select('workspace_id')
      .where('owner_user_id', '=', userId)
      .where('kind', '=', 'personal')
      .where('plan', '=', 'free'),
  );
  if (!workspace) return 'none';
  const { workspace_id: workspaceId } = workspace;
  const claim = claimOf(user.email, deps.secret);
  const [row] = await callTenant(deps.db, workspaceId, (query) =>
    query.selectNoFrom(
      sql<boolean>`public.grant_free_period(${workspaceId}, ${claim}, ${plans.free.creditsPerMonth}, now())`.as(
        'granted',
      ),
    ),
  );
  return row?.granted ? 'granted' : 'claimed';
}

/** What is kept of an address after its account is gone: an HMAC, so that a list of addresses cannot be tried against a leaked table. */
const claimOf = (email: string, secret: string): Buffer =>
  createHmac('sha256', deriveKey(secret, 'free-credit-claim')).update(normaliseAddress(email)).digest();

// Mail to user+anything@ arrives at user@ there, and Google ignores dots as well. Elsewhere a plus may be another person.
const withPlusTags = new Set([
  'gmail.com',
  'outlook.com',
  'hotmail.com',
  'live.com',
  'icloud.com',
  'me.com',
  'proton.me',
  'protonmail.com',
  'fastmail.com',
]);

/** One spelling for all addresses that reach the same mailbox: lower case, ASCII domain, and the tags that large providers ignore removed. */
export function normaliseAddress(email: string): string {
  const address = email.trim().normalize('NFKC').toLowerCase();
  const at = address.lastIndexOf('@');
  const given = address.slice(at + 1);
  const domain = given === 'googlemail.com' ? 'gmail.com' : domainToASCII(given) || given;
  let local = address.slice(0, at);
  if (withPlusTags.has(domain)) local = local.split('+')[0] ?? local;
  if (domain === 'gmail.com') local = local.replaceAll('.', '');
  return `${local}@${domain}`;
}
