import type { Arrival } from './trace.ts';
import { createUsage } from './usage.ts';

/** A waiting job; `bypassed` as the queue counts it. */
export type Waiting = Arrival & { bypassed: number };
/** A GPU as the queue sees it, and what only the GPU knows: which models are still in its RAM. */
export type Gpu = { loaded: number; ram: number[]; freeAtMs: number; running: Waiting | undefined };

/** What a policy may look at when a GPU is free. */
export type Moment = {
  nowMs: number;
  gpu: Gpu;
  gpus: readonly Gpu[];
  /** By age, never empty. */
  queue: readonly Waiting[];
  /** What loading a model from disk takes. */
  coldMs: number;
  /** A workspace's recent GPU time as the queue counts it, milliseconds. */
  recentGpuMs: (workspace: string) => number;
};

/** Picks one job of the queue for the free GPU. */
export type Policy = (moment: Moment) => Waiting;

export type Fleet = {
  gpuCount: number;
  coldMs: number;
  warmMs: number;
  modelsInRam: number;
  /** Jobs that a workspace may have waiting and running together; the rest is behind its own limit and not in the queue. Absent: all. */
  activeMax?: number;
};
/** Eight GPUs; a model comes from disk in 10 s and from RAM, where three stay, in 2 s. */
export const publishedFleet: Fleet = { gpuCount: 8, coldMs: 10_000, warmMs: 2_000, modelsInRam: 3 };

export type Start = { job: Waiting; startMs: number; gpu: number; loadMs: number };
export type Run = { starts: Start[]; offered: number };

/**
 * Plays a trace on a fleet to its last arrival. Events are handled in the order of time, GPUs by number. A job that comes out of the backlog waits
 * from then on, as in the queue.
 */
export function runFleet(trace: readonly Arrival[], fleet: Fleet, policy: Policy): Run {
  const gpus: Gpu[] = Array.from({ length: fleet.gpuCount }, () => ({
    loaded: -1,
    ram: [],
    freeAtMs: 0,
    running: undefined,
  }));
  const usage = createUsage();
  const queue: Waiting[] = [];
  const backlog: Waiting[] = [];
  const starts: Start[] = [];
  /** Takes jobs out of the backlog, oldest first, where their workspace has room; they are in the queue from now on. */
  const promote = (nowMs: number): void => {
    for (const job of [...backlog]) {
      const active = [...queue, ...gpus.flatMap(({ running }) => running ?? [])];
      if (active.filter(({ workspace }) => workspace === job.workspace).length >= (fleet.activeMax ?? Infinity))
        continue;
      backlog.splice(backlog.indexOf(job), 1);
      queue.push({ ...job, atMs: nowMs });
    }
  };
  let arrived = 0;
  const endMs = trace.at(-1)?.atMs ?? 0;
  for (let nowMs = trace[0]?.atMs ?? Infinity; nowMs <= endMs;) {
    const seen = { nowMs, gpus, queue, coldMs: fleet.coldMs, recentGpuMs: (w: string) => usage.recentMs(w, nowMs) };
    for (const gpu of gpus.filter((each) => each.running && each.freeAtMs <= nowMs)) {
      if (gpu.running) usage.end(gpu.running.workspace, nowMs, gpu.running.runMs);
      gpu.running = undefined;
    }
    for (let next = trace[arrived]; next && next.atMs <= nowMs; next = trace[arrived]) {
      (fleet.activeMax === undefined ? queue : backlog).push({ ...next, bypassed: 0 });
      arrived += 1;
    }
    promote(nowMs);
    for (const [at, gpu] of gpus.entries()) {
      if (gpu.running || queue.length === 0) continue;
      const job = policy({ ...seen, gpu });
      queue.splice(queue.indexOf(job), 1);
      const loadMs = job.model === gpu.loaded ? 0 : gpu.ram.includes(job.model) ? fleet.warmMs : fleet.coldMs;
      starts.push({ job, startMs: nowMs, gpu: at, loadMs });
      usage.begin(job.workspace);
      gpu.ram = [job.model, ...gpu.ram.filter((model) => model !== job.model)].slice(0, fleet.modelsInRam);
      Object.assign(gpu, { loaded: job.model, running: job, freeAtMs: nowMs + loadMs + job.runMs });
    }
    nowMs = Math.min(trace[arrived]?.atMs ?? Infinity, ...gpus.filter((g) => g.running).map((g) => g.freeAtMs));
  }
  return { starts, offered: trace.length };
}
