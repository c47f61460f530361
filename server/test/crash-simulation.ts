import { randomFrom } from '#adapters/pictures/test-pictures.ts';
import {
  type Claim,
  claimGeneration,
  heartbeatGeneration,
  settleGeneration,
  type Submit,
  submitGeneration,
  sweepQueue,
} from '#features/generations/generations.queries.ts';
import type { TestDatabase } from '#test/database.ts';
import { aModel, aSettle, aSubmit, aWorker, aWorkspace, type TestWorkspace } from '#test/factories.ts';
import { brokenQueueRules, loseLease } from '#test/queue-invariants.ts';

/** A process died here: before it asked, or after the database did it and before the answer was read. */
class Crash extends Error {}

/** What a client wants done, with the key under which it asks again until it is answered. */
type Wish = { submit: Submit; jobId: string | undefined };
type Holding = { workerId: string; claim: Claim; stored: Set<string> };

/**
 * One history out of a seed: clients submit, workers claim, render, store and settle, the sweep runs; each of them may die between any two steps and
 * begins again as the real one would. Then everybody goes on without dying until all is done. Returns what is wrong, empty when nothing is.
 */
export async function simulateCrashes(db: TestDatabase, model: string, seed: number): Promise<string[]> {
  const random = randomFrom(seed);
  const chance = (oneOf: number): boolean => random() % oneOf === 0;
  let mayCrash = true;
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    if (mayCrash && chance(8)) throw new Crash();
    const done = await work();
    if (mayCrash && chance(8)) throw new Crash();
    return done;
  };
  const places: TestWorkspace[] = [
    await aWorkspace(db, { credits: 1_000_000 }),
    await aWorkspace(db, { credits: 9_000 }),
  ];
  const wishes: Wish[] = [];
  const objects = new Set<string>();
  let holding: Holding | undefined;
  let own = await aWorker(db, [model]);

  const submit = async (): Promise<void> => {
    let wish = wishes.find(({ jobId }) => jobId === undefined);
    if (!wish) {
      const key = `${seed} ${wishes.length}`;
      const idempotency = { key, fingerprint: key };
      const ceiling = 1_000 + (random() % 4_000);
      wish = { submit: aSubmit(places[random() % 2]!, model, { idempotency, ceiling }), jobId: undefined };
      wishes.push(wish);
    }
    // A client that asks again does not know the id the first try had.
    const asked = { ...wish.submit, generation_id: aSubmit(places[0]!, model).generation_id };
    const answer = await step(() => submitGeneration(db.app, asked));
    wish.jobId =
      answer.outcome === 'accepted' || answer.outcome === 'replayed' ? answer.response.job_id : answer.outcome;
  };
  const work = async (): Promise<void> => {
    const workerId = holding?.workerId ?? own;
    if (!holding) {
      const wanted = { worker_id: workerId, models: [model], loaded_model: model, lease_s: 15 };
      const claim = await step(() => claimGeneration(db.worker, wanted));
      if (claim) holding = { workerId, claim, stored: new Set() };
      return;
    }
    const { claim } = holding;
    const renewal = { generation_id: claim.generation_id, attempt: claim.attempt, worker_id: workerId, lease_s: 15 };
    await step(() =>
      heartbeatGeneration(db.worker, { ...renewal, progress: 0.5, phase: 'denoise', step: 1, steps: 2, preview: 0 }),
    );
    const settle = aSettle(claim, workerId, { billed: random() % 6_000 });
    await step(async () => {
      for (const { storage_key: key } of settle.images) objects.add(key);
    });
    await step(() => settleGeneration(db.worker, settle));
    holding = undefined;
  };
  const sweep = async (): Promise<void> => {
    // Time passes: a lease that nobody renewed is over.
    const { rows } = await db.owner.pool.query<{ generation_id: string }>(
      'select generation_id from public.running where workspace_id = any($1)',
      [places.map(({ workspaceId }) => workspaceId)],
    );
    for (const { generation_id: id } of rows)
      if (holding?.claim.generation_id !== id || chance(3)) await loseLease(db, id);
    await step(() => sweepQueue(db.app));
  };

  const actors = [submit, work, work, work, sweep];
  for (let turn = 0; turn < 24; turn += 1) {
    const actor = actors[random() % actors.length]!;
    try {
      await actor();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      // A dead worker forgets what it had, and another one takes its place.
      if (actor !== work) continue;
      holding = undefined;
      own = await aWorker(db, [model]);
    }
  }
  mayCrash = false;
  while (wishes.some(({ jobId }) => jobId === undefined)) await submit();
  for (let turn = 0; turn < 400 && (await openJobs(db, places)) > 0; turn += 1) {
    await work();
    if (!holding) await sweep();
  }
  return wrongs(db, places, wishes, objects);
}

async function openJobs(db: TestDatabase, places: TestWorkspace[]): Promise<number> {
  const { rows } = await db.owner.pool.query<{ open: number }>(
    "select count(*)::int as open from public.generation where workspace_id = any($1) and status in ('backlogged', 'queued', 'running')",
    [places.map(({ workspaceId }) => workspaceId)],
  );
  return rows[0]!.open;
}

async function wrongs(
  db: TestDatabase,
  places: TestWorkspace[],
  wishes: Wish[],
  objects: Set<string>,
): Promise<string[]> {
  const ids = places.map(({ workspaceId }) => workspaceId);
  const found = await brokenQueueRules(db, ids);
  if ((await openJobs(db, places)) > 0) found.push('a job never ended');
  const { rows } = await db.owner.pool.query<{ id: string; status: string; captures: number; keys: string[] | null }>(
    `select g.generation_id as id, g.status,
       (select count(*)::int from public.ledger_transaction t where t.generation_id = g.generation_id and t.kind = 'capture') as captures,
       (select array_agg(i.storage_key) from public.image i where i.generation_id = g.generation_id) as keys
     from public.generation g where g.workspace_id = any($1)`,
    [ids],
  );
  const accepted = wishes.filter(({ jobId }) => jobId?.includes('-'));
  if (rows.length !== accepted.length) found.push(`${accepted.length} accepted wishes are ${rows.length} jobs`);
  for (const { jobId } of accepted)
    if (!rows.some(({ id }) => id === jobId)) found.push(`${jobId} was promised and is not there`);
  for (const { id, status, captures, keys } of rows) {
    if (captures > (status === 'succeeded' ? 1 : 0)) found.push(`${id} ended ${status} with ${captures} charges`);
    if ((status === 'succeeded') !== (keys !== null)) found.push(`${id} ended ${status} with pictures ${String(keys)}`);
    for (const key of keys ?? []) if (!objects.has(key)) found.push(`${key} has a row and no object`);
  }
  return found;
}

const lanes = 4;

/** Plays seeds from `first` on, some at a time; returns the first that goes wrong, with what is wrong. */
export async function simulateSeeds(db: TestDatabase, first: number, count: number): Promise<string | undefined> {
  let next = first;
  const found: string[] = [];
  const lane = async (): Promise<void> => {
    // A model of its own: lanes share the database and its sweep, never a job.
    const model = await aModel(db);
    for (let seed = next++; seed < first + count && found.length === 0; seed = next++) {
      const wrong = await simulateCrashes(db, model, seed);
      if (wrong.length > 0) found.push(`seed ${seed}: ${wrong.join('; ')}`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return found[0];
}
