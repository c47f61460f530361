import type { QueueSubject } from '../harness/queue.ts';

// pg-boss at its fastest: woken by NOTIFY, 100 jobs a fetch, the next fetch at once while batches are full.

// Its types are not looked for: the repository is checked without the peers.
const packageName: string = 'pg-boss';

type Boss = {
  on: (event: string, listener: () => void) => void;
  start: () => Promise<unknown>;
  stop: (options: object) => Promise<void>;
  createQueue: (name: string, options: object) => Promise<void>;
  send: (name: string, data: object) => Promise<unknown>;
  work: (
    name: string,
    options: object,
    handler: (jobs: { data: { sentMs: number } }[]) => Promise<void>,
  ) => Promise<unknown>;
};
type Package = { PgBoss: new (options: object) => Boss };

const name = 'job';

async function connect(connectionString: string, options: object): Promise<Boss> {
  const { PgBoss } = (await import(packageName)) as Package;
  const boss = new PgBoss({ connectionString, max: 10, schedule: false, useListenNotify: true, ...options });
  boss.on('error', () => undefined);
  boss.on('warning', () => undefined);
  await boss.start();
  return boss;
}

export const queue: QueueSubject = {
  prepare: async ({ peersUrl }) => {
    const boss = await connect(peersUrl, {});
    await boss.createQueue(name, { notify: true });
    await boss.stop({ graceful: false });
    return peersUrl;
  },
  produce: async (reach) => {
    const boss = await connect(reach, { supervise: false });
    return {
      add: async (_, sentMs) => void (await boss.send(name, { sentMs })),
      close: () => boss.stop({ graceful: false }),
    };
  },
  work: async (reach, { onStart, onDone }) => {
    const boss = await connect(reach, {});
    const terms = { batchSize: 100, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 };
    await boss.work(name, terms, async (jobs) => {
      for (const { data } of jobs) onStart(data.sentMs);
      for (const _ of jobs) onDone();
    });
    return { stop: () => boss.stop({ graceful: false }) };
  },
};
