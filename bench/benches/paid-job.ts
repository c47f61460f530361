import { atLeast, type Bench, type Must, type Row } from '../harness/bench.ts';
import { openQueueSite } from '../harness/queue-site.ts';
import { runQueue } from '../harness/run-queue.ts';
import { medianOf, percentile } from '../harness/statistics.ts';

const subjects = ['ours', 'graphile-worker', 'pg-boss', 'bullmq'];

/** Bounds of ours against the medians of the peers in the same run. */
const musts: [clients: number, peer: string, bound: number][] = [
  [64, 'graphile-worker', 10],
  [64, 'bullmq', 2.5],
  [10, 'graphile-worker', 3],
  [10, 'bullmq', 1],
];

export const bench: Bench = {
  summary:
    'a paid job from submit (with its hold) to settlement, beside queues that do the bare job; size = jobs a round (10,000)',
  run: async ({ rounds, size: jobs = 10_000, say }) => {
    const site = await openQueueSite(subjects, 1_000);
    try {
      const rows: Row[] = [];
      let ours = 0;
      for (let round = 1; round <= rounds; round++) {
        for (const clients of [64, 10]) {
          for (const [subject, reach] of site.reach) {
            const measured = await runQueue({ subject, reach, concurrency: clients, jobs }, { clients });
            if (subject === 'ours') ours += jobs;
            rows.push({
              round,
              subject: `${subject}, ${clients} clients`,
              jobs_per_s: measured.jobsPerSecond,
              adds_per_s: measured.addsPerSecond,
              wait_p50_ms: percentile(measured.waitsMs, 0.5),
              wait_p99_ms: percentile(measured.waitsMs, 0.99),
            });
            say(`round ${round}: ${subject}, ${clients} clients: ${Math.round(measured.jobsPerSecond)} jobs/s`);
          }
        }
      }
      const must = musts
        .filter(([, peer]) => site.reach.has(peer))
        .map(([clients, peer, bound]): Must => {
          const of = (subject: string): number => medianOf(rows, `${subject}, ${clients} clients`, 'jobs_per_s');
          return atLeast(`jobs per second with ${clients} clients, times ${peer}`, of('ours') / of(peer), bound);
        });
      return { rows, must, notes: [...site.notes, await site.checkLedger(ours)] };
    } finally {
      await site.close();
    }
  },
};
