import {
  Logger as GraphileLogger,
  parseCronItems,
  run,
  type CronItem,
  type Runner,
  type TaskList,
} from 'graphile-worker';
import type pg from 'pg';
import type { Logger } from 'pino';

/** A chore: gets its payload (ids only, checked by the chore itself) and may run twice; it must then change nothing more. */
export type Chore = (payload: unknown) => Promise<void>;
export type Chores = Record<string, Chore>;

/** `when` is a crontab line of five fields in UTC. A run that was missed while the process was down is made up for once. */
export type ScheduledChore = { task: string; when: string };

export type RunChoresOptions = {
  pool: pg.Pool;
  chores: Chores;
  schedule: ScheduledChore[];
  log: Logger;
  concurrency: number;
};

/** Runs chores from the database until `stop`, which lets the running ones finish. */
export async function runChores({ pool, chores, schedule, log, concurrency }: RunChoresOptions): Promise<Runner> {
  const taskList: TaskList = Object.fromEntries(
    Object.entries(chores).map(([name, chore]) => [
      name,
      async (payload, helpers) => {
        try {
          await chore(payload);
        } catch (error) {
          log.error(
            { err: error, chore: name, job: helpers.job.id, attempt: helpers.job.attempts },
            'chore failed; it will be tried again',
          );
          throw error;
        }
      },
    ]),
  );
  const items: CronItem[] = schedule.map(({ task, when }) => ({
    task,
    match: when,
    options: { backfillPeriod: 3_600_000 },
  }));
  return run({
    // A pooler in transaction mode gives every transaction another connection, which does not know what was prepared on the last one.
    noPreparedStatements: true,
    pgPool: pool,
    taskList,
    parsedCronItems: parseCronItems(items),
    concurrency,
    noHandleSignals: true,
    pollInterval: 1_000,
    logger: quiet,
  });
}

/** The runner's own lines say what ours say better. */
const quiet = new GraphileLogger(() => () => undefined);
