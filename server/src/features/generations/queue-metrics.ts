import { toCredits } from '@pingvas/domain';
import { sql } from 'kysely';
import type { Database } from '#platform/db/database.ts';
import type { Metrics } from '#platform/telemetry.ts';

type Numbers = {
  ready: { level: number; jobs: number; oldest_s: number }[];
  running: number;
  recent: { status: string; jobs: number; charged: number }[];
  held: number;
  work: { model: string; gpu_class: string; seconds: number }[];
  dead_letters: { code: string; jobs: number }[];
  workers: number;
};

/** Adds the queue's numbers to a process's metrics. One process is enough; reading happens when somebody looks, at most every five seconds. */
export function addQueueMetrics(metrics: Metrics, db: Database): void {
  let known: { atMs: number; numbers: Promise<Numbers> } | undefined;
  const read = (): Promise<Numbers> => {
    const nowMs = performance.now();
    if (!known || nowMs - known.atMs > 5_000) {
      const numbers = sql<{ numbers: Numbers }>`select public.queue_numbers() as numbers`
        .execute(db.kysely)
        .then(({ rows }) => {
          if (!rows[0]) throw new Error('queue_numbers answered nothing');
          return rows[0].numbers;
        });
      known = { atMs: nowMs, numbers };
      numbers.catch(() => (known = undefined));
    }
    return known.numbers;
  };
  const gauge = (
    name: string,
    help: string,
    labels: string[],
    show: (numbers: Numbers, set: (labels: Record<string, string>, value: number) => void) => void,
  ): void => metrics.gauge(name, help, labels, async (set) => show(await read(), set));

  gauge('pingvas_queue_jobs', 'Jobs ready to be claimed, by the level of their plan', ['level'], ({ ready }, set) => {
    for (const { level, jobs } of ready) set({ level: String(level) }, jobs);
  });
  gauge(
    'pingvas_queue_oldest_seconds',
    'How long the oldest ready job of a level has waited',
    ['level'],
    ({ ready }, set) => {
      for (const { level, oldest_s: seconds } of ready) set({ level: String(level) }, seconds);
    },
  );
  gauge(
    'pingvas_queue_work_seconds',
    'Seconds of computing that wait, by model and the class of GPU that should serve it: scale workers by this',
    ['model', 'gpu_class'],
    ({ work }, set) => {
      for (const { model, gpu_class: gpuClass, seconds } of work) set({ model, gpu_class: gpuClass }, seconds);
    },
  );
  gauge(
    'pingvas_dead_letters',
    'Failed jobs of the last week that nobody ran again or discarded, by error code',
    ['code'],
    ({ dead_letters: letters }, set) => {
      for (const { code, jobs } of letters) set({ code }, jobs);
    },
  );
  gauge('pingvas_running_jobs', 'Jobs with a lease', [], ({ running }, set) => set({}, running));
  gauge('pingvas_workers', 'Workers that are alive', [], ({ workers }, set) => set({}, workers));
  gauge(
    'pingvas_jobs_last_hour',
    'Jobs submitted in the last hour, by present state',
    ['status'],
    ({ recent }, set) => {
      for (const { status, jobs } of recent) set({ status }, jobs);
    },
  );
  gauge('pingvas_credits_held', 'Credits that open holds reserve', [], ({ held }, set) => set({}, toCredits(held)));
  gauge(
    'pingvas_credits_captured_last_hour',
    'Credits charged for jobs submitted in the last hour',
    [],
    ({ recent }, set) => set({}, toCredits(recent.reduce((sum, { charged }) => sum + charged, 0))),
  );
}
