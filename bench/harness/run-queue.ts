import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { QueueSubject } from './queue.ts';
import type { WorkerReport, WorkerTask } from './queue-worker.ts';
import { closedLoop, wallMs } from './statistics.ts';

const entry = path.join(import.meta.dirname, 'queue-worker.ts');

/** How fast jobs come: `clients` adding one after another, or `perSecond` whatever happens. */
export type Pace = { clients: number } | { perSecond: number };

/**
 * One round: a worker process, and producers in this one until the last job ran. Returns whole jobs per second, adds per second, and each job's wait
 * from `add` to its handler.
 */
export async function runQueue(
  task: WorkerTask,
  pace: Pace,
): Promise<{ jobsPerSecond: number; addsPerSecond: number; waitsMs: number[] }> {
  const { queue } = (await import(`../queues/${task.subject}.ts`)) as { queue: QueueSubject };
  const worker = fork(entry, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const gone = once(worker, 'exit').then(([code]) => {
    throw new Error(`the worker of ${task.subject} ended with ${code}`);
  });
  try {
    worker.send(task);
    await Promise.race([once(worker, 'message'), gone]);
    const reported = once(worker, 'message');
    const producer = await queue.produce(task.reach);
    const startedMs = wallMs();
    const add = (n: number): Promise<void> => producer.add(n, wallMs());
    if ('clients' in pace) await closedLoop(task.jobs, pace.clients, add);
    else await openLoop(task.jobs, pace.perSecond, add);
    const addedMs = wallMs();
    const [{ finishedMs, waitsMs }] = (await Promise.race([reported, gone])) as [WorkerReport];
    await producer.close();
    return {
      jobsPerSecond: (task.jobs / (finishedMs - startedMs)) * 1_000,
      addsPerSecond: (task.jobs / (addedMs - startedMs)) * 1_000,
      waitsMs,
    };
  } finally {
    gone.catch(() => undefined);
    worker.send('stop');
    const ended = once(worker, 'exit');
    await Promise.race([ended, delay(10_000, undefined, { ref: false }).then(() => worker.kill('SIGKILL'))]);
  }
}

/** Adds at fixed instants; a slow queue does not slow the arrivals down. */
async function openLoop(count: number, perSecond: number, add: (n: number) => Promise<void>): Promise<void> {
  const startMs = performance.now();
  const added: Promise<void>[] = [];
  for (let n = 0; n < count; n++) {
    const dueMs = startMs + (n * 1_000) / perSecond;
    if (dueMs > performance.now()) await delay(dueMs - performance.now());
    added.push(add(n));
  }
  await Promise.all(added);
}
