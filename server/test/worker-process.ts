import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { TestDatabase } from '#test/database.ts';

/** A worker as it runs in production: a process of its own, with the engine `fake`. */
export type WorkerProcess = {
  name: string;
  child: ChildProcess;
  /** Sends SIGKILL and waits until the process is gone. */
  kill: () => Promise<void>;
  /** How many attempts of this process ended in this way, by its own metrics. */
  attemptsEnded: (outcome: string) => Promise<number>;
};

const entry = path.join(import.meta.dirname, '../src/main/worker.ts');

/** Model of the engine `fake`. */
export const fakeModelId = 'fake';

/** Starts `main/worker.ts` and waits until it is registered. It knows nothing but the test's database and folder. */
export async function aWorkerProcess(
  db: TestDatabase,
  { name, objects, stepMs }: { name: string; objects: string; stepMs: number },
): Promise<WorkerProcess> {
  mkdirSync(objects, { recursive: true });
  const child = fork(entry, [name, String(stepMs)], {
    // Nobody's .env is read.
    cwd: objects,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      ENGINE: 'fake',
      MODELS_AUTO: 'true',
      DATABASE_URL: db.url('pingvas_app'),
      DATABASE_WORKER_URL: db.url('pingvas_worker'),
      STORAGE_URL: `file:${objects}`,
    },
  });
  const gone = once(child, 'exit');
  const [first] = (await Promise.race([once(child, 'message'), gone])) as unknown[];
  if (first !== 'ready') throw new Error(`the worker process ended with ${String(first)}`);
  return {
    name,
    child,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    attemptsEnded: async (outcome) => {
      const answered = once(child, 'message');
      child.send({ metrics: 1 });
      const [{ metrics }] = (await answered) as [{ metrics: MetricJson[] }];
      return metrics
        .filter((metric) => metric.name === 'pingvas_attempts_total')
        .flatMap((metric) => metric.values)
        .filter(({ labels }) => labels['outcome'] === outcome)
        .reduce((sum, { value }) => sum + value, 0);
    },
  };
}

type MetricJson = { name: string; values: { value: number; labels: Record<string, string> }[] };
