import type { AccountsDeps } from './deps.ts';
import { grantFree } from './grant-free.ts';

/**
 * A reset of the password proved the mailbox of an account that was never verified. Whatever was linked to it before the proof may be somebody else's:
 * accounts of providers go, the address counts as verified, in one statement. The sessions were ended by the reset itself.
 */
export async function confirmMailbox(
  deps: Pick<AccountsDeps, 'db' | 'authDb' | 'secret' | 'log'>,
  userId: string,
): Promise<void> {
  const { numUpdatedRows } = await deps.authDb.kysely
    .with('purged', (query) =>
      query
        .deleteFrom('auth.account')
        .where('user_id', '=', userId)
        .where('provider_id', '<>', 'credential')
        .where((row) =>
          row.exists(
            row.selectFrom('auth.user').select('id').where('id', '=', userId).where('email_verified', '=', false),
          ),
        ),
    )
    .updateTable('auth.user')
    .set({ email_verified: true, updated_at: new Date() })
    .where('id', '=', userId)
    .where('email_verified', '=', false)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows > 0n) await grantFreeNow(deps, userId);
}

/** The grant right after the proof; when it fails the chore of the same transaction makes it, so the person is not told of it. */
export async function grantFreeNow(
  deps: Pick<AccountsDeps, 'db' | 'authDb' | 'secret' | 'log'>,
  userId: string,
): Promise<void> {
  try {
    await grantFree(deps, userId);
  } catch (error) {
    deps.log.warn({ err: error, user_id: userId }, 'free credits not granted yet; the chore will');
  }
}
