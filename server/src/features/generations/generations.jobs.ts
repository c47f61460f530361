import { sql } from 'kysely';
import type { Database } from '#platform/db/database.ts';
import type { Chores, ScheduledChore } from '#platform/jobs/chores.ts';

/** The chores of generations. */
export function generationsChores({ db }: { db: Database }): Chores {
  return {
    // Measured times replace start values in the quotes to come.
    refresh_timings: async () => void (await sql`select public.refresh_timings()`.execute(db.kysely)),
  };
}

export const generationsSchedule: ScheduledChore[] = [{ task: 'refresh_timings', when: '* * * * *' }];
