import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { aCatalogueModel, aKeyCaller } from '#test/app.ts';
import { anInstallation, byPort } from '#test/installation.ts';
import { startFaultProxy } from '#test/fault-proxy.ts';
import { brokenQueueRules } from '#test/queue-invariants.ts';

/**
 * Kills API processes after their submits were committed and before anybody was answered: the account's lock holds the submits back until the way of
 * answers from the database is cut. Then every client sends its call again, to a new process. Each call must be one job and one hold.
 */
export async function killApis({ kills, callsPerKill }: { kills: number; callsPerKill: number }): Promise<void> {
  const installation = await anInstallation();
  const proxy = await startFaultProxy({ path: installation.socket });
  try {
    const { db } = installation;
    const model = await aCatalogueModel(db);
    const caller = await aKeyCaller(db, { plan: 'enterprise', credits: 0 });
    const jobsAndHolds = async (): Promise<{ jobs: number; holds: number }> =>
      (
        await db.owner.pool.query<{ jobs: number; holds: number }>(
          'select (select count(*)::int from public.generation where workspace_id = $1) as jobs, (select count(*)::int from public.credit_hold where workspace_id = $1) as holds',
          [caller.workspaceId],
        )
      ).rows[0]!;
    let next = await installation.startApi(byPort(proxy.port));
    const submit = (api: typeof next, key: string) =>
      api.call({
        path: '/api/v1/generate',
        headers: { ...caller.headers, 'idempotency-key': key },
        body: { model, prompt: 'x' },
      });
    for (let kill = 1; kill <= kills; kill += 1) {
      const victim = next;
      const lock = await db.owner.pool.connect();
      await lock.query('begin');
      await lock.query('select from public.credit_account where workspace_id = $1 for update', [caller.workspaceId]);
      const keys = Array.from({ length: callsPerKill }, () => randomUUID());
      const lost = Promise.all(keys.map((key) => submit(victim, key)));
      const waiting = async (): Promise<number> =>
        (
          await db.owner.pool.query<{ waiting: number }>(
            "select count(*)::int as waiting from pg_stat_activity where datname = current_database() and application_name = 'pingvas api' and wait_event_type = 'Lock'",
          )
        ).rows[0]!.waiting;
      // All of them may travel in one statement.
      while ((await waiting()) === 0) await delay(10);
      await delay(50);
      proxy.set({ kind: 'silence', way: 'down' });
      await lock.query('commit');
      lock.release();
      while ((await jobsAndHolds()).jobs === (kill - 1) * callsPerKill) await delay(10);
      await victim.kill();
      expect((await lost).every(({ status }) => status === 0)).toBe(true);
      proxy.reset();
      proxy.set({ kind: 'none' });

      next = await installation.startApi(byPort(proxy.port));
      const [first, second] = await Promise.all(
        [1, 2].map(() => Promise.all(keys.map((key) => submitSurely(() => submit(next, key))))),
      );
      expect(second).toEqual(first);
      expect(new Set(first).size).toBe(callsPerKill);
      expect(await jobsAndHolds()).toEqual({ jobs: kill * callsPerKill, holds: kill * callsPerKill });
    }
    expect(await brokenQueueRules(db, [caller.workspaceId])).toEqual([]);
  } finally {
    await proxy.close();
    await installation.close();
  }
}

/** As a client does: again while the same call is still running. Returns the job. */
async function submitSurely(call: () => Promise<{ status: number; body: unknown }>): Promise<string> {
  for (;;) {
    const { status, body } = await call();
    if (status === 202) return (body as { job_id: string }).job_id;
    expect([409, 503]).toContain(status);
    await delay(20);
  }
}
