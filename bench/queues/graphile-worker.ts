import type { QueueSubject } from '../harness/queue.ts';

// graphile-worker as its manual says, one job at a time in the worker's loop.

// Its types are not looked for: the repository is checked without the peers.
const packageName: string = 'graphile-worker';

type Utils = {
  migrate: () => Promise<void>;
  addJob: (task: string, payload: unknown) => Promise<unknown>;
  release: () => Promise<void>;
};
type Package = {
  makeWorkerUtils: (options: object) => Promise<Utils>;
  run: (options: object) => Promise<{ stop: () => Promise<void> }>;
  Logger: new (factory: () => () => void) => unknown;
};
const load = async (): Promise<Package> => (await import(packageName)) as Package;

export const queue: QueueSubject = {
  prepare: async ({ peersUrl }) => {
    const { makeWorkerUtils } = await load();
    const utils = await makeWorkerUtils({ connectionString: peersUrl });
    await utils.migrate();
    await utils.release();
    return peersUrl;
  },
  produce: async (reach) => {
    const { makeWorkerUtils } = await load();
    const utils = await makeWorkerUtils({ connectionString: reach, maxPoolSize: 10 });
    return {
      add: async (_, sentMs) => void (await utils.addJob('job', { sentMs })),
      close: () => utils.release(),
    };
  },
  work: async (reach, { concurrency, onStart, onDone }) => {
    const { run, Logger } = await load();
    return run({
      connectionString: reach,
      concurrency,
      maxPoolSize: 10,
      noHandleSignals: true,
      logger: new Logger(() => () => undefined),
      taskList: {
        job: async ({ sentMs }: { sentMs: number }) => {
          onStart(sentMs);
          onDone();
        },
      },
    });
  },
};
