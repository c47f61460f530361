import { atLeast, type Bench, type Row } from '../harness/bench.ts';
import { paceHttp } from '../harness/http-load.ts';
import { type LoadSite, openLoadSite } from '../harness/load-site.ts';
import { type Use, useOf } from '../harness/processes.ts';
import { percentile } from '../harness/statistics.ts';

/** Requests a second that are always measured; between and beyond them the highest one that is still quick is looked for. */
const stated = [50, 200, 500];
const [searchFrom, searchStep, searchTo] = [100, 100, 1_500];
/** Quick: 95 of 100 answers within this, and no fewer answers than requests were due. */
const quickMs = 200;
const keptShare = 0.97;

export const bench: Bench = {
  summary:
    '60 % job polls, 20 % lists, 10 % picture bytes, 10 % submits at 50, 200 and 500 requests a second, and the highest rate at which p95 stays under 200 ms; size = seconds at each rate (15)',
  run: async ({ rounds, size: seconds = 15, say }) => {
    const site = await openLoadSite();
    try {
      await paceHttp({ url: site.url, durationS: 5, perSecond: 200, next: site.next });
      const rows: Row[] = [];
      for (let round = 1; round <= rounds; round++)
        for (const perSecond of stated) rows.push(await measure(site, perSecond, { round, seconds, say }));
      let highest = 0;
      for (let perSecond = searchFrom; perSecond <= searchTo; perSecond += searchStep) {
        const row = await measure(site, perSecond, { round: 1, seconds: Math.ceil(seconds / 2), say });
        if (!stated.includes(perSecond)) rows.push(row);
        if (Number(row['p95_ms']) >= quickMs || Number(row['answers_per_s']) < perSecond * keptShare) break;
        highest = perSecond;
      }
      const at500 = rows.filter(({ subject }) => subject === '500 a second');
      const failed = rows.reduce((sum, row) => sum + Number(row['failed']), 0);
      return {
        rows,
        must: [
          atLeast(`requests a second with p95 under ${quickMs} ms`, highest, 200),
          { what: 'answers that failed, at every rate', value: failed, bound: 0, ok: failed === 0 },
        ],
        notes: [
          'Requests leave at fixed instants and are measured from them (k6 is not in npm, and autocannon sends a second of them at once). Sender, API, chores, two workers and database share the cores.',
          `One API process with 14 connections at most; at 500 a second it used ${Math.round(Number(at500[0]?.['api_cpu_pct']))} % of a core.`,
        ],
      };
    } finally {
      await site.close();
    }
  },
};

type Terms = { round: number; seconds: number; say: (line: string) => void };

async function measure(site: LoadSite, perSecond: number, { round, seconds, say }: Terms): Promise<Row> {
  const usesNow = (): [string, Use][] => Object.entries(site.parts()).map(([part, pids]) => [part, useOf(pids)]);
  const before = new Map(usesNow());
  const startMs = performance.now();
  const answers = await paceHttp({ url: site.url, durationS: seconds, perSecond, next: site.next });
  const wallS = (performance.now() - startMs) / 1_000;
  const after = usesNow();
  const failed = Object.entries(answers.statuses)
    .filter(([status]) => !status.startsWith('2'))
    .reduce((sum, [, count]) => sum + count, 0);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(answers.ms, share));
  say(
    `${perSecond} a second: p50 ${p50?.toFixed(1)} ms, p95 ${p95?.toFixed(1)} ms, p99 ${p99?.toFixed(1)} ms, ${failed} failed`,
  );
  return {
    round,
    subject: `${perSecond} a second`,
    answers_per_s: answers.perSecond,
    p50_ms: p50 ?? NaN,
    p95_ms: p95 ?? NaN,
    p99_ms: p99 ?? NaN,
    failed,
    ...Object.fromEntries(
      after.flatMap(([part, { cpuS, rssMib }]) => [
        [`${part}_cpu_pct`, ((cpuS - (before.get(part)?.cpuS ?? 0)) / wallS) * 100],
        [`${part}_mib`, rssMib],
      ]),
    ),
    connections: await site.connections(),
  };
}
