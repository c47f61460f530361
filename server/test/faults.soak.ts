import { expect, test } from 'vitest';
import { killApis } from '#test/api-kills.ts';
import { killDatabases } from '#test/database-kills.ts';
import { killWorkers } from '#test/worker-kills.ts';
import { scaled, tellFigure } from '#test/soak.ts';
import { flood } from '#test/submit-flood.ts';

test('requests at once over three API processes: exactly as many are accepted as credits suffice for', async (context) => {
  const requests = scaled(10_000);
  const lines: string[] = [];
  const floods = [0, 1, Math.round(requests * 0.0137), requests - 1].map((affordable) => ({ requests, affordable }));
  await flood(floods, (line) => lines.push(line));
  tellFigure(context, 'T01', lines.join('; '));
});

test('a database killed again and again under load loses nothing that was acknowledged', async (context) => {
  const kills = scaled(200);
  const report = await killDatabases({ kills, seed: 7 });
  expect(report.lost).toBe(0);
  expect(report.odd).toEqual([]);
  tellFigure(
    context,
    'T05',
    `${kills} kills: ${report.lost} of ${report.acknowledged} acknowledged jobs lost; answers ${JSON.stringify(report.statuses)}; served again after ${report.recoveryMsMax} ms at most`,
  );
});

test('workers killed and put to sleep at any moment: every job is delivered and charged once', async (context) => {
  const kills = scaled(500);
  const report = await killWorkers({ kills, seed: 6 });
  expect(report.requeuedMsMax).toBeLessThanOrEqual(17_000);
  tellFigure(
    context,
    'T06',
    `${report.kills} kills and ${report.zombies} sleeps beyond the lease: ${report.jobs} jobs, each charged once; back in the queue after ${report.requeuedMsMax} ms at most (p50 ${report.requeuedMsMedian} ms)`,
  );
});

test('API processes killed after the commit and before the answer: sent again, each call is one job', async (context) => {
  const kills = scaled(100);
  await killApis({ kills, callsPerKill: 20 });
  tellFigure(context, 'T07', `${kills} kills with 20 calls each: one job, one hold, one answer for each key`);
});
