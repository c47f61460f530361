import type { QueueSubject } from '../harness/queue.ts';

// BullMQ on a Redis that waits for the disk: the only setting that keeps an acknowledged job as a commit does.

// Its types are not looked for: the repository is checked without the peers.
const packageName: string = 'bullmq';

type Connection = { url: string; maxRetriesPerRequest: null };
type Package = {
  Queue: new (
    name: string,
    options: object,
  ) => { add: (name: string, data: object) => Promise<unknown>; close: () => Promise<void> };
  Worker: new (
    name: string,
    handler: (job: { data: { sentMs: number } }) => Promise<void>,
    options: object,
  ) => {
    on: (event: string, listener: () => void) => void;
    waitUntilReady: () => Promise<unknown>;
    close: () => Promise<void>;
  };
};
const load = async (): Promise<Package> => (await import(packageName)) as Package;
const connection = (url: string): Connection => ({ url, maxRetriesPerRequest: null });
const name = 'job';
const forget = { removeOnComplete: true, removeOnFail: true };

export const queue: QueueSubject = {
  prepare: async ({ redisUrl }) => redisUrl ?? '',
  produce: async (reach) => {
    const { Queue } = await load();
    const jobs = new Queue(name, { connection: connection(reach), defaultJobOptions: forget });
    return { add: async (_, sentMs) => void (await jobs.add(name, { sentMs })), close: () => jobs.close() };
  },
  work: async (reach, { concurrency, onStart, onDone }) => {
    const { Worker } = await load();
    const worker = new Worker(name, async ({ data }) => onStart(data.sentMs), {
      connection: connection(reach),
      concurrency,
    });
    worker.on('completed', onDone);
    worker.on('error', () => undefined);
    await worker.waitUntilReady();
    return { stop: () => worker.close() };
  },
};
