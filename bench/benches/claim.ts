import { claimGeneration } from '../../server/src/features/generations/generations.queries.ts';
import { aWorker } from '../../server/test/factories.ts';
import { anInstallation } from '../../server/test/installation.ts';
import { atMost, type Bench, type Row } from '../harness/bench.ts';
import { analyze, fillQueue } from '../harness/fill-queue.ts';
import { serverSettings } from '../harness/queue-site.ts';
import { closedLoop, medianOf, percentile } from '../harness/statistics.ts';

const claims = 1_000;

export const bench: Bench = {
  summary:
    'a claim from a full queue while another transaction keeps every dead row alive; size = ready rows (1,000,000)',
  run: async ({ rounds, size: ready = 1_000_000, say }) => {
    const installation = await anInstallation({ settings: serverSettings });
    const { db } = installation;
    try {
      const models = await fillQueue(db, { ready, workspaces: Math.ceil(ready / 25), models: 30, ended: 0 });
      await analyze(db);
      say(`${ready} jobs are ready`);
      // From here on nothing that a claim deletes can be cleaned away: what a transaction open for ten minutes does, without the ten minutes.
      const reader = await db.owner.pool.connect();
      await reader.query('begin isolation level repeatable read');
      await reader.query('select count(*) from public.worker');
      const workerId = await aWorker(db, models);
      const rows: Row[] = [];
      for (let round = 1; round <= rounds; round++) {
        for (const loaded of [models[0] ?? null, null]) {
          const ms: number[] = [];
          const claim = { worker_id: workerId, models, loaded_model: loaded, lease_s: 3_600 };
          const startMs = performance.now();
          await closedLoop(claims, 1, async () => {
            const before = performance.now();
            if (!(await claimGeneration(db.worker, claim))) throw new Error('nothing to claim');
            ms.push(performance.now() - before);
          });
          const subject = loaded === null ? 'no model loaded' : 'a model loaded';
          const perSecond = (claims / (performance.now() - startMs)) * 1_000;
          rows.push({
            round,
            subject,
            p50_ms: percentile(ms, 0.5),
            p99_ms: percentile(ms, 0.99),
            claims_per_s: perSecond,
          });
          say(`round ${round}: ${subject}: p99 ${percentile(ms, 0.99).toFixed(1)} ms`);
        }
      }
      await reader.query('commit');
      reader.release();
      const must = ['a model loaded', 'no model loaded'].map((subject) =>
        atMost(`milliseconds of a claim, ${subject}, p99`, medianOf(rows, subject, 'p99_ms'), 5),
      );
      const notes = [
        `A transaction older than all claims stayed open, so ${rounds * 2 * claims} dead rows lay in the way of the last ones.`,
      ];
      return { rows, must, notes };
    } finally {
      await installation.close();
    }
  },
};
