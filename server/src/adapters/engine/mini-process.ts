import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { FromEngine, ToEngine } from '@pingvas/engine-mini';
import type { Logger } from 'pino';
import { EngineError } from './port.ts';

export type MiniListener = {
  onMessage: (message: FromEngine) => void;
  /** The process has died; `how` says with which code or signal. */
  onDeath: (how: string) => void;
};

export type MiniProcess = {
  /** Waits until the process takes requests. Throws `EngineError('engine_unreachable')`, which costs no attempt. */
  ready: () => Promise<void>;
  isReady: () => boolean;
  pid: () => number | undefined;
  send: (message: ToEngine) => void;
  /** Returns how to stop listening. */
  listen: (listener: MiniListener) => () => void;
  /** Ends a process that no longer reacts; the next one is started by itself. */
  kill: () => void;
  close: () => Promise<void>;
};

export type MiniProcessOptions = { file: string; startTimeoutMs: number; log?: Logger | undefined };

const RESTART_FIRST_MS = 250;
const RESTART_MAX_MS = 10_000;

/** The first death is answered at once; a process that keeps dying without finishing a job must not take a core for itself. */
function restartDelayMs(deaths: number): number {
  return deaths <= 1 ? 0 : Math.min(RESTART_MAX_MS, RESTART_FIRST_MS * 2 ** (deaths - 2));
}

function unreachable(message: string): EngineError {
  return new EngineError('engine_unreachable', message, { retry: true, countsAsAttempt: false });
}

/**
 * Keeps one process of the embedded engine alive until `close`.
 *
 * It gets an empty environment: it needs no setting, and the host's secrets are none of its business. It holds no state worth saving, so
 * every end is a SIGKILL; if the host itself dies, the lost IPC channel ends it.
 */
export function startMiniProcess({ file, startTimeoutMs, log }: MiniProcessOptions): MiniProcess {
  const listeners = new Set<MiniListener>();
  let child: ChildProcess;
  let readiness = Promise.withResolvers<undefined>();
  let ready = false;
  let closed = false;
  let deathsInARow = 0;
  let restart: NodeJS.Timeout | undefined;

  function start(): void {
    const mine = fork(file, [], {
      serialization: 'advanced',
      execArgv: [],
      env: {},
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child = mine;
    mine.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => log?.warn({ said: text.trim() }, 'engine wrote to stderr'));
    mine.on('message', (message: FromEngine) => {
      if (message.type === 'ready') {
        ready = true;
        readiness.resolve(undefined);
      } else if (message.type === 'done' || message.type === 'failed') deathsInARow = 0;
      for (const listener of [...listeners]) listener.onMessage(message);
    });
    const died = (how: string): void => {
      if (child !== mine || restart) return;
      if (ready) readiness = Promise.withResolvers<undefined>();
      ready = false;
      for (const listener of [...listeners]) listener.onDeath(how);
      if (closed) return;
      deathsInARow++;
      const delayMs = restartDelayMs(deathsInARow);
      log?.warn({ how, delayMs }, 'engine died; it is started again');
      restart = setTimeout(() => {
        restart = undefined;
        start();
      }, delayMs);
    };
    mine.on('error', (error) => died(error.message));
    mine.on('exit', (code, signal) => died(signal ?? `code ${code ?? 'unknown'}`));
  }
  start();

  return {
    async ready() {
      if (closed) throw unreachable('The engine has been closed');
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        // One that hangs while starting is given up, so that the next caller finds a fresh one.
        if (!ready) child.kill('SIGKILL');
        late.reject(unreachable('The engine did not start in time'));
      }, startTimeoutMs);
      try {
        await Promise.race([readiness.promise, late.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
    isReady: () => ready && !closed,
    pid: () => child.pid,
    // A failed send means that the process is dying, and its death is reported anyway.
    send: (message) => void child.send(message, () => undefined),
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    kill: () => void child.kill('SIGKILL'),
    async close() {
      if (closed) return;
      closed = true;
      clearTimeout(restart);
      readiness.promise.catch(() => undefined);
      readiness.reject(unreachable('The engine has been closed'));
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
