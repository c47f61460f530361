import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { randomFrom } from '#adapters/pictures/test-pictures.ts';
import { aKeyCaller } from '#test/app.ts';
import { anInstallation } from '#test/installation.ts';
import { brokenQueueRules } from '#test/queue-invariants.ts';
import { fakeModelId } from '#test/worker-process.ts';

export type DatabaseKills = { kills: number; seed: number };
export type DatabaseKillsReport = {
  acknowledged: number;
  lost: number;
  /** Answers by status while the database came and went; 0 = none. */
  statuses: Record<number, number>;
  /** From the moment the database answered again to the first accepted submit. */
  recoveryMsMax: number;
  /** Answers that are neither 202 nor 503. */
  odd: string[];
};

/**
 * Kills the database (postmaster and children) at random instants under a load of submits, claims and settlements through the real processes, and
 * starts it again. Then waits until every acknowledged job has ended, and checks money and queue.
 */
export async function killDatabases({ kills, seed }: DatabaseKills): Promise<DatabaseKillsReport> {
  const random = randomFrom(seed);
  const installation = await anInstallation();
  try {
    const { db } = installation;
    const api = await installation.startApi();
    const processes = [
      await installation.startProcess('jobs'),
      await installation.startProcess('worker', { args: ['one', '1'] }),
      await installation.startProcess('worker', { args: ['two', '1'] }),
    ];
    const callers = await Promise.all(
      Array.from({ length: 3 }, () => aKeyCaller(db, { plan: 'enterprise', credits: 0 })),
    );
    const report: DatabaseKillsReport = { acknowledged: 0, lost: 0, statuses: {}, recoveryMsMax: 0, odd: [] };
    const jobs: string[] = [];
    let ended = false;
    let lastAcceptedMs = 0;
    const clients = callers.map(async ({ headers }, client) => {
      for (let n = 0; !ended; n += 1) {
        const body = { model: fakeModelId, prompt: 'x', steps: 2, width: 64, height: 64 };
        const key = `${client}-${n}`;
        // Until it is accepted: the same call with the same key.
        for (;;) {
          const answer = await api.call({
            path: '/api/v1/generate',
            headers: { ...headers, 'idempotency-key': key },
            body,
          });
          report.statuses[answer.status] = (report.statuses[answer.status] ?? 0) + 1;
          if (answer.status === 202) {
            lastAcceptedMs = performance.now();
            jobs.push((answer.body as { job_id: string }).job_id);
            break;
          }
          if (answer.status !== 503) report.odd.push(`${answer.status} ${JSON.stringify(answer.body)}`);
          await delay(20);
        }
        await delay(40);
      }
    });
    for (let kill = 0; kill < kills; kill += 1) {
      await delay(200 + (random() % 800));
      await installation.killDatabase();
      await delay(random() % 300);
      await installation.startDatabase();
      const answersAtMs = performance.now();
      while (lastAcceptedMs < answersAtMs) await delay(5);
      report.recoveryMsMax = Math.max(report.recoveryMsMax, Math.round(lastAcceptedMs - answersAtMs));
    }
    ended = true;
    await Promise.all(clients);
    const acknowledged = [...new Set(jobs)];
    report.acknowledged = acknowledged.length;
    const { rows } = await db.owner.pool.query<{ present: number }>(
      'select count(*)::int as present from public.generation where generation_id = any($1)',
      [acknowledged],
    );
    report.lost = acknowledged.length - rows[0]!.present;

    const deadline = performance.now() + 60_000;
    const open = async (): Promise<number> =>
      (
        await db.owner.pool.query<{ open: number }>(
          "select count(*)::int as open from public.generation where status in ('backlogged', 'queued', 'running')",
        )
      ).rows[0]!.open;
    while ((await open()) > 0) {
      if (performance.now() > deadline + jobs.length * 20) throw new Error(`${await open()} jobs never ended`);
      await delay(100);
    }
    expect(
      await brokenQueueRules(
        db,
        callers.map(({ workspaceId }) => workspaceId),
      ),
    ).toEqual([]);
    const { rows: twice } = await db.owner.pool.query(
      "select generation_id from public.ledger_transaction where kind = 'capture' and generation_id is not null group by 1 having count(*) > 1",
    );
    expect(twice).toEqual([]);
    await Promise.all([...processes, api].map((process) => process.stop()));
    return report;
  } finally {
    await installation.close();
  }
}
