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
  /** From a worker's death to its job's place in the queue, milliseconds. */
  requeuedMsMax: number;
  requeuedMsMedian: number;
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
    const names = workers.map((_, n) => `worker ${n}`);
    const deaths: { name: string; at: Date }[] = [];
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
      } else {
        await victim.kill();
        const { rows } = await db.owner.pool.query<{ now: Date }>('select clock_timestamp() as now');
        deaths.push({ name: names[at]!, at: rows[0]!.now });
      }
      names[at] = `worker ${workersAtOnce + kill}`;
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
    // The sweep ends a lost attempt and puts its job back once the lease is over; when somebody has time for it is another matter.
    const { rows } = await db.owner.pool.query<{ ms: number }>(
      `select extract(epoch from a.ended_at - d.at)::float8 * 1000 as ms
       from unnest($1::text[], $2::timestamptz[]) d(name, at)
       join public.generation_attempt a on a.worker_name = d.name and a.outcome = 'lease_lost' order by 1`,
      [deaths.map(({ name }) => name), deaths.map(({ at }) => at)],
    );
    const ms = rows.map((row) => Math.round(row.ms));
    return {
      jobs: jobs.length,
      kills: kills - zombies,
      zombies,
      requeuedMsMax: ms.at(-1) ?? 0,
      requeuedMsMedian: ms[Math.floor(ms.length / 2)] ?? 0,
    };
  } finally {
    await installation.close();
  }
}
