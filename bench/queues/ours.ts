import { setTimeout as delay } from 'node:timers/promises';
import { registerWorker, submitGeneration } from '../../server/src/features/generations/generations.queries.ts';
import { createJobHints } from '../../server/src/features/generations/job-hints.ts';
import { type ClaimedGeneration, createWorkerQueue } from '../../server/src/features/generations/worker-queue.ts';
import { createDatabase, type Database } from '../../server/src/platform/db/database.ts';
import { openPool } from '../../server/src/platform/db/pool.ts';
import { createPostgresHints } from '../../server/src/platform/hints/postgres.ts';
import { newId } from '../../server/src/platform/new-id.ts';
import { aSubmit } from '../../server/test/factories.ts';
import type { Producer, QueueSubject, WorkTerms } from '../harness/queue.ts';

// The paid job: what the API does after the price is known, and what a worker does around its engine. Each job holds credits, is claimed by the
// scheduler's score, and is settled with a picture, a charge and a receipt. Pools have the sizes of production.

type Reach = { app: string; worker: string; workspaces: Parameters<typeof aSubmit>[0][]; model: string };
const quiet = { warn: () => undefined };

function open(connectionString: string, max: number): { db: Database; close: () => Promise<void> } {
  const pool = openPool({ connectionString, max, name: 'bench', log: quiet });
  return { db: createDatabase(pool), close: () => pool.end() };
}

export const queue: QueueSubject = {
  prepare: async ({ productUrl, workspaces, model }) =>
    JSON.stringify({ app: productUrl('pingvas_app'), worker: productUrl('pingvas_worker'), workspaces, model }),

  produce: async (reach): Promise<Producer> => {
    const { app, workspaces, model } = JSON.parse(reach) as Reach;
    const { db, close } = open(app, 10);
    const hints = createJobHints(createPostgresHints({ db, connectionString: app, log: quiet }), quiet);
    return {
      add: async (n, sentMs) => {
        const workspace = workspaces[n % workspaces.length];
        if (!workspace) throw new Error('there are no workspaces');
        const input = aSubmit(workspace, model);
        const answer = await submitGeneration(db, { ...input, request: { ...input.request, sent_ms: sentMs } });
        if (answer.outcome !== 'accepted') throw new Error(`submit answered ${JSON.stringify(answer)}`);
        hints.jobChanged(workspace.workspaceId, input.generation_id);
        if (answer.response.status === 'queued') hints.queueChanged();
      },
      close: async () => {
        await hints.flush();
        await close();
      },
    };
  },

  work: async (reach, terms) => {
    const { worker: connectionString, model } = JSON.parse(reach) as Reach;
    const { db, close } = open(connectionString, 10);
    const bus = createPostgresHints({ db, connectionString, log: quiet });
    const hints = createJobHints(bus, quiet);
    let woken = Promise.withResolvers<void>();
    const wake = (): void => {
      woken.resolve();
      woken = Promise.withResolvers();
    };
    const listener = bus.subscribe({ channels: { pingvas_queue: wake }, onConnected: wake });
    const stopping = new AbortController();
    const slots = Array.from({ length: terms.concurrency }, async () => {
      const workerId = newId();
      await registerWorker(db, {
        worker_id: workerId,
        name: 'bench',
        engine: 'fake',
        device: 'none',
        device_class: 'bench',
        models: [model],
        loaded_model: model,
      });
      const jobs = createWorkerQueue(db, hints, { workerId, models: () => [model], leaseMs: 15_000 });
      while (!stopping.signal.aborted) {
        const next = woken.promise;
        const claim = await jobs.claim(model);
        if (claim) await finish(jobs, claim, terms);
        else await Promise.race([next, delay(500)]);
      }
    });
    return {
      stop: async () => {
        stopping.abort();
        await Promise.all(slots);
        await hints.flush();
        await listener.close();
        await close();
      },
    };
  },
};

async function finish(
  jobs: ReturnType<typeof createWorkerQueue>,
  claim: ClaimedGeneration,
  { onStart, onDone }: WorkTerms,
): Promise<void> {
  onStart((claim.request as unknown as { sent_ms: number }).sent_ms);
  const answer = await jobs.settle(claim, {
    outcome: 'succeeded',
    counts: true,
    timings: { loadUs: 0, encodeUs: 34_000, denoiseUs: 1_000_000, decodeUs: 200_000, uploadUs: 9_000 },
    billed: 1_234,
    why: 'bench',
    images: [
      {
        position: 0,
        width: 256,
        height: 256,
        seed: 1,
        sizeBytes: 1_000,
        sha256: '0'.repeat(64),
        storageKey: `ws/${claim.workspace_id}/${claim.generation_id}/${claim.attempt}/0.png`,
        engineInfo: {},
        recipe: { prompt: '고양이' },
      },
    ],
    recipeSha256: 'f'.repeat(64),
  });
  if (answer.outcome !== 'settled') throw new Error(`settle answered ${JSON.stringify(answer)}`);
  onDone();
}
