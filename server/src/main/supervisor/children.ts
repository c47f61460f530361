import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { Logger } from 'pino';

/** One kind of child process. `env` is all it learns of the world. */
export type ChildPlan = { name: string; entry: string; args?: string[]; env: NodeJS.ProcessEnv };

export type Child = {
  name: string;
  /** Resolves when the process has said `ready` for the first time. */
  ready: Promise<void>;
  /** The metrics of the process, or undefined when it does not answer in time. */
  metrics: () => Promise<unknown>;
  /** Asks it to finish (SIGTERM), waits, and kills it after the grace. */
  stop: (graceMs: number) => Promise<void>;
};

const backOffMs = [0, 500, 1_000, 2_000, 5_000, 10_000];
/** Alive this long, a process counts as healthy and its next death is followed by an immediate start again. */
const healthyAfterMs = 30_000;

/**
 * Starts a child process and keeps it alive: one that dies is started again at once, then with back-off.
 * Children run in their own process groups, so that Ctrl-C reaches only the supervisor, which stops them in order;
 * they end by themselves when the supervisor is gone (their channel closes).
 */
export function keepRunning(plan: ChildPlan, log: Logger): Child {
  let child: ChildProcess | undefined;
  let stopping = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  const ready = Promise.withResolvers<void>();

  const start = (): void => {
    const startedAt = Date.now();
    const running = fork(path.join(import.meta.dirname, '..', plan.entry), plan.args ?? [], {
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: plan.env,
    });
    child = running;
    running.on('message', (message) => {
      if (message === 'ready') ready.resolve();
    });
    running.on('error', (error) => log.error({ err: error, child: plan.name }, 'child process could not be started'));
    running.once('exit', (code, signal) => {
      if (stopping) return;
      if (Date.now() - startedAt > healthyAfterMs) failures = 0;
      const waitMs = backOffMs[Math.min(failures, backOffMs.length - 1)] ?? 0;
      failures += 1;
      log.warn({ child: plan.name, code, signal, restart_in_ms: waitMs }, 'child process ended; starting it again');
      timer = setTimeout(start, waitMs);
    });
  };
  start();

  return {
    name: plan.name,
    ready: ready.promise,
    metrics: () => askMetrics(child),
    stop: async (graceMs) => {
      stopping = true;
      clearTimeout(timer);
      const running = child;
      if (!running || running.exitCode !== null || running.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => running.once('exit', () => resolve()));
      running.kill('SIGTERM');
      const kill = setTimeout(() => running.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(kill);
    },
  };
}

let question = 0;

function askMetrics(child: ChildProcess | undefined): Promise<unknown> {
  if (!child?.connected) return Promise.resolve(undefined);
  question += 1;
  const id = question;
  return new Promise((resolve) => {
    const finish = (answer: unknown): void => {
      clearTimeout(timer);
      child.off('message', listen);
      resolve(answer);
    };
    const listen = (message: unknown): void => {
      if (typeof message === 'object' && message !== null && 'metricsFor' in message && message.metricsFor === id)
        finish((message as { metricsFor: number; metrics?: unknown }).metrics);
    };
    const timer = setTimeout(() => finish(undefined), 2_000);
    child.on('message', listen);
    child.send({ metrics: id }, (error) => {
      if (error) finish(undefined);
    });
  });
}
