import { type GenerationState, nextStates } from '@pingvas/domain';
import fc from 'fast-check';
import { expect } from 'vitest';
import {
  cancelGeneration,
  type Claim,
  claimGeneration,
  requeueDeadLetter,
  settleGeneration,
  submitGeneration,
  sweepQueue,
  wipeGeneration,
} from './generations.queries.ts';
import { createDatabase, type Database } from '#platform/db/database.ts';
import { openPool } from '#platform/db/pool.ts';
import { test, type TestDatabase } from '#test/database.ts';
import { aModel, anApiKey, aSettle, aSubmit, aWorker, aWorkspace, type TestWorkspace } from '#test/factories.ts';
import { brokenQueueRules, loseLease } from '#test/queue-invariants.ts';

/** One thing that happens to the queue; numbers choose among what is there. */
type Step =
  | { do: 'submit'; place: number; withKey: boolean; ceiling: number }
  | { do: 'claim' | 'cancel' | 'lose lease' | 'expire' | 'requeue' | 'wipe'; pick: number }
  | {
      do: 'settle';
      pick: number;
      outcome: 'succeeded' | 'failed' | 'cancelled' | 'retry';
      counts: boolean;
      billed: number;
    };

const pick = fc.nat(30);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('submit' as const),
      place: fc.nat(2),
      withKey: fc.boolean(),
      ceiling: fc.integer({ min: 1, max: 40_000 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('claim' as const), pick }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      pick,
      outcome: fc.constantFrom('succeeded' as const, 'failed' as const, 'cancelled' as const, 'retry' as const),
      counts: fc.boolean(),
      billed: fc.nat(50_000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'cancel' as const,
        'lose lease' as const,
        'expire' as const,
        'requeue' as const,
        'wipe' as const,
      ),
      pick,
    }),
  },
);

type Scene = {
  workspaces: TestWorkspace[];
  keys: string[];
  models: string[];
  workers: string[];
  jobs: { id: string; place: TestWorkspace }[];
  claims: { claim: Claim; worker: string }[];
};

async function aScene(db: TestDatabase): Promise<Scene> {
  const workspaces = [
    await aWorkspace(db, { plan: 'starter', credits: 120_000 }),
    await aWorkspace(db, { plan: 'pro' }),
    await aWorkspace(db, { plan: 'enterprise', credits: 0 }),
  ];
  const keys = await Promise.all(workspaces.map((workspace, i) => anApiKey(db, workspace, i === 1 ? 100_000 : null)));
  const models = [await aModel(db), await aModel(db)];
  return {
    workspaces,
    keys,
    models,
    workers: [await aWorker(db, models), await aWorker(db, models)],
    jobs: [],
    claims: [],
  };
}

const chosen = <T>(list: T[], number: number): T | undefined => list[number % Math.max(1, list.length)];

/** Does one step; what the queue refuses is no error. `via` are the connections to use. */
async function take(
  db: TestDatabase,
  via: { app: Database; worker: Database },
  scene: Scene,
  next: Step,
): Promise<void> {
  switch (next.do) {
    case 'submit': {
      const workspace = scene.workspaces[next.place]!;
      const surcharge = next.withKey ? 20_000 : 0;
      const input = aSubmit(workspace, chosen(scene.models, next.ceiling)!, {
        api_key_id: next.withKey ? scene.keys[next.place]! : null,
        surcharge,
        ceiling: surcharge + next.ceiling,
        running_max: 2,
        waiting_max: 6,
      });
      if ((await submitGeneration(via.app, input)).outcome === 'accepted')
        scene.jobs.push({ id: input.generation_id, place: workspace });
      return;
    }
    case 'claim': {
      const worker = chosen(scene.workers, next.pick)!;
      const claim = await claimGeneration(via.worker, {
        worker_id: worker,
        models: scene.models,
        loaded_model: chosen(scene.models, next.pick)!,
        lease_s: 15,
      });
      if (claim) scene.claims.push({ claim, worker });
      return;
    }
    case 'settle': {
      const held = chosen(scene.claims, next.pick);
      if (!held) return;
      const settle = aSettle(held.claim, held.worker, {
        outcome: next.outcome,
        counts: next.counts,
        billed: next.billed,
      });
      await settleGeneration(via.worker, settle);
      return;
    }
    case 'cancel': {
      const job = chosen(scene.jobs, next.pick);
      if (job) await cancelGeneration(via.app, job.place.workspaceId, job.id);
      return;
    }
    case 'lose lease': {
      const job = chosen(scene.jobs, next.pick);
      if (job) await loseLease(db, job.id);
      await sweepQueue(via.app);
      return;
    }
    case 'expire': {
      const job = chosen(scene.jobs, next.pick);
      if (job)
        await db.owner.pool.query(
          "update public.generation set start_by = now() - interval '1 second' where generation_id = $1 and status in ('backlogged', 'queued')",
          [job.id],
        );
      await sweepQueue(via.app);
      return;
    }
    case 'requeue': {
      const job = chosen(scene.jobs, next.pick);
      const answer = job && (await requeueDeadLetter(db.admin, job.id));
      if (answer?.outcome === 'requeued') scene.jobs.push({ id: answer.generation_id, place: job!.place });
      return;
    }
    case 'wipe': {
      const job = chosen(scene.jobs, next.pick);
      if (job) await wipeGeneration(via.app, job.place.workspaceId, job.id);
    }
  }
}

/** Lets each client use all workspaces and settle what was claimed just now, so that the clients meet. */
function spread(next: Step, client: number, { workspaces, claims }: Scene): Step {
  if (next.do === 'submit') return { ...next, place: (next.place + client) % workspaces.length };
  if (next.do === 'settle') return { ...next, pick: Math.max(0, claims.length - 1 - (next.pick % 8)) };
  return next;
}

async function statesOf(db: TestDatabase, scene: Scene): Promise<Map<string, GenerationState>> {
  const { rows } = await db.owner.pool.query<{ generation_id: string; status: GenerationState }>(
    'select generation_id, status from public.generation where workspace_id = any($1)',
    [scene.workspaces.map(({ workspaceId }) => workspaceId)],
  );
  return new Map(rows.map((row) => [row.generation_id, row.status]));
}

test('after every step of any history counters, holds, rows and states agree, and states only move along their ways', async ({
  db,
}) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      const scene = await aScene(db);
      const ids = scene.workspaces.map(({ workspaceId }) => workspaceId);
      let before = new Map<string, GenerationState>();
      for (const next of steps) {
        await take(db, db, scene, next);
        expect(await brokenQueueRules(db, ids)).toEqual([]);
        const after = await statesOf(db, scene);
        for (const [id, state] of after) {
          const was = before.get(id);
          if (was !== undefined && was !== state) expect(nextStates[was]).toContain(state);
        }
        before = after;
      }
    }),
    { numRuns: 25, seed: 20_261_123, endOnFailure: true },
  );
});

test('sixteen clients doing everything at once meet no deadlock, run nothing twice and leave every rule true', async ({
  db,
}) => {
  const scene = await aScene(db);
  scene.workspaces.push(await aWorkspace(db), await aWorkspace(db, { plan: 'studio' }));
  scene.keys.push(...(await Promise.all(scene.workspaces.slice(3).map((workspace) => anApiKey(db, workspace)))));
  const open = (role: string): Database =>
    createDatabase(openPool({ connectionString: db.url(role), max: 16, name: 'test', log: { warn: () => undefined } }));
  const via = { app: open('pingvas_app'), worker: open('pingvas_worker') };
  // A fixed history for each client; how they interleave is the database's matter.
  const histories = fc.sample(fc.array(step, { minLength: 250, maxLength: 250 }), { numRuns: 16, seed: 20_261_123 });
  const errors: unknown[] = [];
  try {
    await Promise.all(
      histories.map(async (history, client) => {
        for (const next of history) {
          await take(db, via, scene, spread(next, client, scene)).catch((error: unknown) => errors.push(error));
        }
      }),
    );
  } finally {
    await Promise.all([via.app.pool.end(), via.worker.pool.end()]);
  }
  expect(errors).toEqual([]);
  // The histories reach every end there is.
  expect([...new Set((await statesOf(db, scene)).values())]).toEqual(
    expect.arrayContaining(['succeeded', 'failed', 'cancelled', 'expired']),
  );
  const attempts = scene.claims.map(({ claim }) => `${claim.generation_id} ${claim.attempt}`);
  expect(new Set(attempts).size).toBe(attempts.length);
  expect(
    await brokenQueueRules(
      db,
      scene.workspaces.map(({ workspaceId }) => workspaceId),
    ),
  ).toEqual([]);
});
