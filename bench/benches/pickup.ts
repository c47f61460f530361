import { atMost, type Bench, type Row } from '../harness/bench.ts';
import { openQueueSite } from '../harness/queue-site.ts';
import { runQueue } from '../harness/run-queue.ts';
import { medianOf, percentile } from '../harness/statistics.ts';

const subjects = ['ours', 'graphile-worker', 'pg-boss', 'bullmq'];

export const bench: Bench = {
  summary:
    '100 jobs a second, producer and worker in two processes: from submit to the start of the handler; size = seconds a round (20)',
  run: async ({ rounds, size: seconds = 20, say }) => {
    const site = await openQueueSite(subjects, 64);
    try {
      const rows: Row[] = [];
      const jobs = seconds * 100;
      for (let round = 1; round <= rounds; round++) {
        for (const [subject, reach] of site.reach) {
          const { waitsMs } = await runQueue({ subject, reach, concurrency: 10, jobs }, { perSecond: 100 });
          const [p50, p99] = [percentile(waitsMs, 0.5), percentile(waitsMs, 0.99)];
          rows.push({ round, subject, p50_ms: p50, p99_ms: p99 });
          say(`round ${round}: ${subject}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
        }
      }
      const must = [
        atMost('milliseconds from submit to handler, p50', medianOf(rows, 'ours', 'p50_ms'), 4),
        atMost('milliseconds from submit to handler, p99', medianOf(rows, 'ours', 'p99_ms'), 15),
      ];
      return { rows, must, notes: [...site.notes, await site.checkLedger(rounds * jobs)] };
    } finally {
      await site.close();
    }
  },
};
