import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { randomFrom } from '#adapters/pictures/test-pictures.ts';
import { aWorkspace } from '#test/factories.ts';
import { anInstallation } from '#test/installation.ts';
import { brokenQueueRules } from '#test/queue-invariants.ts';
import { aRealGeneration } from '#test/worker.ts';
import { fakeModelId } from '#test/worker-process.ts';

export type WorkerKillsReport = {
  jobs: number;
  kills: number;
  zombies: number;
  /** From a worker's last sign of life to the start of the next attempt, milliseconds. */
  pickUpMsMax: number;
  pickUpMsMedian: number;
};

const workersAtOnce = 4;
const leaseMs = 15_000;

/**
 * Workers render jobs of half a second to three; at random moments one is killed and replaced, and every twentieth is put to sleep instead, for longer than
 * its lease, and woken. Then waits for all jobs and checks money, queue and attempts.
 */
export async function killWorkers({ kills, seed }: { kills: number; seed: number }): Promise<WorkerKillsReport> {
  const random = randomFrom(seed);
  const installation = await anInstallation();
  try {
    const { db } = installation;
    await installation.startProcess('jobs');
    const start = (n: number) => installation.startProcess('worker', { args: [`worker ${n}`, '30'] });
    const workers = await Promise.all(Array.from({ length: workersAtOnce }, (_, n) => start(n)));
    const places = await Promise.all(
      Array.from({ length: 8 }, () => aWorkspace(db, { plan: 'studio', credits: 1_000_000_000 })),
    );
    const jobs: string[] = [];
    const ended = new AbortController();
    const submitter = (async () => {
      const waiting = async (): Promise<number> =>
        (await db.owner.pool.query<{ n: number }>('select count(*)::int as n from public.ready')).rows[0]!.n;
      while (!ended.signal.aborted) {
        if ((await waiting()) < 8)
          jobs.push(
            await aRealGeneration(db, places[jobs.length % places.length]!, fakeModelId, {
              request: { steps: 15 + (random() % 85) },
            }),
          );
        await delay(30);
      }
    })();
    const sleeps: Promise<void>[] = [];
    let zombies = 0;
    for (let kill = 1; kill <= kills; kill += 1) {
      await delay(random() % 600);
      const at = random() % workers.length;
      const victim = workers[at]!;
      if (kill % 20 === 0) {
        zombies += 1;
        victim.child.kill('SIGSTOP');
        sleeps.push(
          delay(3 * leaseMs).then(async () => {
            victim.child.kill('SIGCONT');
            await delay(3_000);
            await victim.kill();
          }),
        );
      } else await victim.kill();
      workers[at] = await start(workersAtOnce + kill);
    }
    await Promise.all(sleeps);
    ended.abort();
    await submitter;
    const open = async (): Promise<number> =>
      (
        await db.owner.pool.query<{ n: number }>(
          "select count(*)::int as n from public.generation where status in ('backlogged', 'queued', 'running')",
        )
      ).rows[0]!.n;
    while ((await open()) > 0) await delay(100);

    const { rows: wrong } = await db.owner.pool.query(
      `select g.generation_id, g.status, g.error_code from public.generation g
       where g.status <> 'succeeded' and not (g.status = 'failed' and g.attempts_counted >= 3)
         or (select count(*) from public.ledger_transaction t where t.generation_id = g.generation_id and t.kind = 'capture') <> (g.status = 'succeeded')::int`,
    );
    expect(wrong).toEqual([]);
    expect(
      await brokenQueueRules(
        db,
        places.map(({ workspaceId }) => workspaceId),
      ),
    ).toEqual([]);
    // The sweep ends a lost attempt once its lease is over: up to a beat and a lease after the last sign of life.
    const { rows } = await db.owner.pool.query<{ ms: number }>(
      `select extract(epoch from n.started_at - a.ended_at)::float8 * 1000 + $1 as ms
       from public.generation_attempt a join public.generation_attempt n on n.generation_id = a.generation_id and n.number = a.number + 1
       where a.outcome = 'lease_lost' order by 1`,
      [leaseMs],
    );
    const ms = rows.map((row) => Math.round(row.ms));
    return {
      jobs: jobs.length,
      kills: kills - zombies,
      zombies,
      pickUpMsMax: ms.at(-1) ?? 0,
      pickUpMsMedian: ms[Math.floor(ms.length / 2)] ?? 0,
    };
  } finally {
    await installation.close();
  }
}
