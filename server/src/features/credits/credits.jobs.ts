import type { Database } from '#platform/db/database.ts';
import type { Chores, ScheduledChore } from '#platform/jobs/chores.ts';
import type { LedgerSigner } from './chain/signer.ts';
import { closeLedgerDays } from './close-ledger-days.ts';

/** The chores of credits. */
export function creditsChores(deps: { db: Database; signer: LedgerSigner }): Chores {
  return { close_ledger_days: async () => void (await closeLedgerDays(deps)) };
}

/** Hourly, so that a process that was away at midnight loses nothing. */
export const creditsSchedule: ScheduledChore[] = [{ task: 'close_ledger_days', when: '7 * * * *' }];
