import { selectJobs } from '../../server/src/features/generations/jobs.queries.ts';
import { readTenant } from '../../server/src/platform/db/tenant.ts';
import { anInstallation } from '../../server/test/installation.ts';
import { inTurn } from '../harness/api-site.ts';
import { atLeast, type Bench, type Row } from '../harness/bench.ts';
import { analyze, fillQueue } from '../harness/fill-queue.ts';
import { serverSettings } from '../harness/queue-site.ts';
import { closedLoop, medianOf, percentile } from '../harness/statistics.ts';

const reads = 2_000;
const clients = 10;

export const bench: Bench = {
  summary:
    'the 50 newest jobs of a workspace with their pictures, as row-level security lets the API read them and as the owner of the tables reads them; size = jobs in all (200,000)',
  run: async ({ rounds, size: ended = 200_000, say }) => {
    const installation = await anInstallation({ settings: serverSettings });
    const { db } = installation;
    try {
      await fillQueue(db, { ready: 0, ended, workspaces: 1_000, models: 5 });
      await analyze(db);
      const { rows: found } = await db.owner.pool.query<{ workspace_id: string }>(
        "select workspace_id from workspace where name = 'bench'",
      );
      const ids = found.map(({ workspace_id: id }) => id);
      say(`${ended} jobs of ${ids.length} workspaces`);
      const page = { status: undefined, limit: 49, before: undefined };
      // The same statement in the same pipelined transaction; only who asks differs.
      const subjects = { 'with row-level security': db.app, 'without (owner)': db.owner };
      const rows: Row[] = [];
      for (let round = 0; round <= rounds; round++)
        for (const [subject, login] of Object.entries(subjects)) {
          const ms: number[] = [];
          const startMs = performance.now();
          await closedLoop(reads, clients, async (n) => {
            const id = inTurn(ids, n * 7);
            const before = performance.now();
            const read = await readTenant(login, id, (query) => selectJobs(query, id, page));
            ms.push(performance.now() - before);
            if (read.length !== 50) throw new Error(`${read.length} jobs were read`);
          });
          const perSecond = (reads / (performance.now() - startMs)) * 1_000;
          if (round === 0) continue;
          rows.push({
            round,
            subject,
            per_s: perSecond,
            p50_ms: percentile(ms, 0.5),
            p99_ms: percentile(ms, 0.99),
          });
          say(`round ${round}: ${subject}: ${Math.round(perSecond)}/s`);
        }
      const [ours, bare] = Object.keys(subjects).map((subject) => medianOf(rows, subject, 'per_s'));
      return {
        rows,
        must: [atLeast('lists per second, times without', (ours ?? NaN) / (bare ?? NaN), 0.6)],
        notes: [`${clients} clients; every list is of another workspace than the one before.`],
      };
    } finally {
      await installation.close();
    }
  },
};
