import {
  type Claim,
  claimGeneration,
  settleGeneration,
  submitGeneration,
} from '../../server/src/features/generations/generations.queries.ts';
import { selectJobs } from '../../server/src/features/generations/jobs.queries.ts';
import { readTenant } from '../../server/src/platform/db/tenant.ts';
import type { TestDatabase } from '../../server/test/database.ts';
import { aModel, aSettle, aSubmit, aWorker, aWorkspace, type TestWorkspace } from '../../server/test/factories.ts';
import { anInstallation } from '../../server/test/installation.ts';
import { atMost, type Bench, type Row } from '../harness/bench.ts';
import { analyze, fillQueue } from '../harness/fill-queue.ts';
import { serverSettings } from '../harness/queue-site.ts';
import { medianOf, percentile } from '../harness/statistics.ts';

type Point = { jobs: number; workspaces: number };
const byJobs: Point[] = [1_000, 10_000, 100_000, 1_000_000].map((jobs) => ({ jobs, workspaces: 1_000 }));
const byWorkspaces: Point[] = [1, 100, 10_000].map((workspaces) => ({ jobs: 100_000, workspaces }));
const calls = 200;
const operations = ['submit', 'claim', 'settle', 'list'] as const;

const nameOf = ({ jobs, workspaces }: Point): string =>
  `${jobs.toLocaleString('en')} jobs, ${workspaces.toLocaleString('en')} workspaces`;

export const bench: Bench = {
  summary:
    'submit, claim, settle and list, one call at a time, as jobs grow from 1,000 to 1,000,000 and workspaces from 1 to 10,000; size = the most jobs',
  run: async ({ rounds, size: most = 1_000_000, say }) => {
    const points = [...byJobs.filter(({ jobs }) => jobs <= most), ...byWorkspaces];
    const rows: Row[] = [];
    for (const point of points) {
      const installation = await anInstallation({ settings: serverSettings });
      try {
        const { db } = installation;
        // A hundredth of the jobs waits, and what the claims take; the rest has ended.
        const ready = (rounds + 1) * calls + Math.floor(point.jobs / 100);
        const models = await fillQueue(db, {
          ready,
          ended: point.jobs,
          workspaces: point.workspaces,
          models: 10,
        });
        await analyze(db);
        const own = await aWorkspace(db, { plan: 'studio', credits: 1_000_000_000 });
        const model = await aModel(db);
        for (let round = 0; round <= rounds; round++) {
          const ms = await measure(db, { own, model, models });
          if (round === 0) continue;
          rows.push({
            round,
            subject: nameOf(point),
            ...Object.fromEntries(operations.map((name) => [`${name}_ms`, ms[name]])),
          });
        }
        say(
          `${nameOf(point)}: ${operations.map((name) => `${name} ${medianOf(rows, nameOf(point), `${name}_ms`).toFixed(2)} ms`).join(', ')}`,
        );
      } finally {
        await installation.close();
      }
    }
    const growth = (series: Point[], name: string): number => {
      const [first, last] = [series[0], series.at(-1)].map((point) =>
        point ? medianOf(rows, nameOf(point), `${name}_ms`) : NaN,
      );
      return (last ?? NaN) / (first ?? NaN);
    };
    const jobsSeries = byJobs.filter(({ jobs }) => jobs <= most);
    const must = operations.flatMap((name) => [
      atMost(`times as long a ${name} takes with the most jobs as with 1,000`, growth(jobsSeries, name), 2),
      atMost(`times as long a ${name} takes with 10,000 workspaces as with one`, growth(byWorkspaces, name), 2),
    ]);
    return {
      rows,
      must,
      notes: [
        `Medians of ${calls} calls, one after another. One job in a hundred waits, the others have ended with a picture each.`,
      ],
    };
  },
};

/** `models` are those of the filled queue, `model` is wanted by nobody but the measured jobs. */
type Place = { own: TestWorkspace; models: string[]; model: string };

async function measure(
  db: TestDatabase,
  { own, models, model }: Place,
): Promise<Record<(typeof operations)[number], number>> {
  const times: Record<string, number[]> = { submit: [], claim: [], settle: [], list: [] };
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const before = performance.now();
    const result = await work();
    times[name]?.push(performance.now() - before);
    return result;
  };
  const [crowded, quiet] = [await aWorker(db, models), await aWorker(db, [model])];
  const claimBy = (workerId: string, wanted: string[]): Promise<Claim | undefined> =>
    claimGeneration(db.worker, {
      worker_id: workerId,
      models: wanted,
      loaded_model: wanted[0] ?? null,
      lease_s: 3_600,
    });
  for (let n = 0; n < calls; n++) {
    const accepted = await timed('submit', () => submitGeneration(db.app, aSubmit(own, model)));
    if (accepted.outcome !== 'accepted') throw new Error(`submit answered ${JSON.stringify(accepted)}`);
    const crowd = await timed('claim', () => claimBy(crowded, models));
    const paid = await claimBy(quiet, [model]);
    if (!crowd || !paid) throw new Error('nothing to claim');
    const settled = await timed('settle', () => settleGeneration(db.worker, aSettle(paid, quiet)));
    if (settled.outcome !== 'settled') throw new Error(`settle answered ${JSON.stringify(settled)}`);
    const { workspace_id: id } = crowd;
    await timed('list', () =>
      readTenant(db.app, id, (query) => selectJobs(query, id, { status: undefined, limit: 19, before: undefined })),
    );
  }
  return Object.fromEntries(operations.map((name) => [name, percentile(times[name] ?? [], 0.5)])) as Record<
    (typeof operations)[number],
    number
  >;
}
