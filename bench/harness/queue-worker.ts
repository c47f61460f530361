import { once } from 'node:events';
import type { QueueSubject } from './queue.ts';
import { wallMs } from './statistics.ts';

// The worker's side of a queue subject in its own process. Hears a task first and then 'stop'. Tells 'ready', and when `jobs` are done
// `{finishedMs, waitsMs}`: the wall clock of the last one, and for each job how long it waited from `add` to its handler.

export type WorkerTask = { subject: string; reach: string; concurrency: number; jobs: number };
export type WorkerReport = { finishedMs: number; waitsMs: number[] };

const [{ subject, reach, concurrency, jobs }] = (await once(process, 'message')) as [WorkerTask];
const { queue } = (await import(`../queues/${subject}.ts`)) as { queue: QueueSubject };
const waitsMs: number[] = [];
let done = 0;
const worker = await queue.work(reach, {
  concurrency,
  onStart: (sentMs) => waitsMs.push(wallMs() - sentMs),
  onDone: () => {
    if (++done === jobs) process.send?.({ finishedMs: wallMs(), waitsMs } satisfies WorkerReport);
  },
});
process.once('message', () => void worker.stop().then(() => process.exit(0)));
process.send?.('ready');
