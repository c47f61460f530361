import { anInstallation } from '../../server/test/installation.ts';
import { brokenQueueRules } from '../../server/test/queue-invariants.ts';
import { aPricedModel, aSubmitRequest, inTurn, manyKeys } from '../harness/api-site.ts';
import { atLeast, atMost, type Bench, type Row } from '../harness/bench.ts';
import { type HttpAnswers, loadHttp } from '../harness/http-load.ts';
import { serverSettings } from '../harness/queue-site.ts';
import { medianOf, percentile } from '../harness/statistics.ts';

const clients = 64;
const subjects = ['many workspaces', 'one hot workspace', 'refused for want of credits'] as const;
const expected = { 'many workspaces': '202', 'one hot workspace': '202', 'refused for want of credits': '402' };

export const bench: Bench = {
  summary:
    'POST /api/v1/generate by HTTP with an API key, a hold and an idempotency key, 64 clients; size = requests a round (2,000)',
  run: async ({ rounds, size: amount = 2_000, say }) => {
    const installation = await anInstallation({ settings: serverSettings });
    const { db } = installation;
    try {
      const { port } = await installation.startApi();
      const model = await aPricedModel(db);
      const many = await manyKeys(db, { workspaces: 200, credits: 1_000_000_000 });
      const poor = await manyKeys(db, { workspaces: 200, credits: 0 });
      const workspaces = new Set(many.map(({ workspaceId }) => workspaceId));
      const send = (callers: typeof many): Promise<HttpAnswers> =>
        loadHttp({
          url: `http://127.0.0.1:${port}`,
          connections: clients,
          amount,
          next: (n) => aSubmitRequest(inTurn(callers, n), model),
        });
      let accepted = 0;
      const rows: Row[] = [];
      // The first round warms the process up and is not counted.
      for (let round = 0; round <= rounds; round++) {
        for (const subject of subjects) {
          // The plan lets a workspace make 2,000 calls a month, so each round has a hot one of its own.
          const callers =
            subject === 'many workspaces'
              ? many
              : subject === 'one hot workspace'
                ? await manyKeys(db, { workspaces: 1, keysEach: 4, credits: 1_000_000_000 })
                : poor;
          const { perSecond, ms, statuses } = await send(callers);
          if (Object.keys(statuses).join() !== expected[subject])
            throw new Error(`${subject}: answers were ${JSON.stringify(statuses)}`);
          if (subject !== 'refused for want of credits') {
            accepted += ms.length;
            for (const { workspaceId } of callers) workspaces.add(workspaceId);
          }
          if (round === 0) continue;
          rows.push({
            round,
            subject,
            per_s: perSecond,
            p50_ms: percentile(ms, 0.5),
            p99_ms: percentile(ms, 0.99),
          });
          say(`round ${round}: ${subject}: ${Math.round(perSecond)}/s, p99 ${percentile(ms, 0.99).toFixed(0)} ms`);
        }
      }
      const note = await checkHolds(db, accepted, [...workspaces]);
      const rate = (subject: (typeof subjects)[number]): number => medianOf(rows, subject, 'per_s');
      const must = [
        atLeast('submits per second, many workspaces', rate('many workspaces'), 1_200),
        atMost('milliseconds of a submit, p99', medianOf(rows, 'many workspaces', 'p99_ms'), 100),
        atLeast(
          'submits per second of one hot workspace, times many',
          rate('one hot workspace') / rate('many workspaces'),
          0.8,
        ),
        atLeast(
          '402 answers per second, times accepted',
          rate('refused for want of credits') / rate('many workspaces'),
          1,
        ),
      ];
      return { rows, must, notes: [note, 'Sender, API process and database share the cores.'] };
    } finally {
      await installation.close();
    }
  },
};

async function checkHolds(
  db: Awaited<ReturnType<typeof anInstallation>>['db'],
  accepted: number,
  workspaces: string[],
): Promise<string> {
  const { rows } = await db.owner.pool.query<{ jobs: number; held: number; ceilings: number }>(
    `select (select count(*)::int from generation) as jobs, (select sum(held) from credit_account)::bigint as held,
       (select sum(ceiling) from generation)::bigint as ceilings`,
  );
  const { jobs, held, ceilings } = rows[0] ?? { jobs: -1, held: -1, ceilings: -1 };
  const broken = await brokenQueueRules(db, workspaces.slice(0, 50));
  if (jobs !== accepted || held !== ceilings || broken.length > 0)
    throw new Error(`The books are wrong: ${JSON.stringify({ accepted, jobs, held, ceilings, broken })}`);
  return `The books were checked: ${accepted} accepted submits are ${jobs} jobs, and the holds are the sum of their ceilings.`;
}
