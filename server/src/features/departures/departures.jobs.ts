import { sql } from 'kysely';
import type { Chores, ScheduledChore } from '#platform/jobs/chores.ts';
import { deleteAccount, type DepartureDeps } from './delete-account.ts';

/** The chore that deletes who is due, at most 100 a run. One that cannot go yet holds up no other. */
export function departuresChores(deps: DepartureDeps): Chores {
  return {
    delete_due_accounts: async () => {
      const due = await deps.authDb.kysely
        .selectFrom('auth.account_deletion')
        .select('user_id')
        .where('due_at', '<=', sql<Date>`now()`)
        .orderBy('due_at')
        .limit(100)
        .execute();
      for (const { user_id: userId } of due) {
        await deleteAccount(deps, userId).catch((error: unknown) =>
          deps.log.error({ err: error, user: userId }, 'an account that is due could not be deleted'),
        );
      }
    },
  };
}

export const departuresSchedule: ScheduledChore[] = [{ task: 'delete_due_accounts', when: '29 * * * *' }];
