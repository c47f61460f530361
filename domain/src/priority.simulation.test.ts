import { expect, test } from 'vitest';
import { claimScore, effectiveLevel, loadedElsewhereFactor } from './priority.ts';

/** Eight GPUs, thirty models of which the first is wanted thirty times as often as the last, 6 s a picture, 10 s for a cold load, 2 s from RAM. */
const gpuCount = 8;
const modelCount = 30;
const imageMs = 6_000;
const coldMs = 10_000;
const warmMs = 2_000;
const modelsInRam = 3;
const hours = 4;
const hourMs = 3_600_000;
const paidShare = 0.2;

type Job = { at: number; model: number; level: number; workspace: string; bypassed: number };
type Gpu = { freeAt: number; loaded: number; ram: number[]; workspace: string | undefined };
type Usage = { ms: number; at: number; running: number };

/** Mulberry32: the same numbers on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function arrivals(perHour: number, seed: number): Job[] {
  const random = randomFrom(seed);
  const weights = Array.from({ length: modelCount }, (_, i) => 1 / (i + 1));
  const total = weights.reduce((sum, weight) => sum + weight);
  const model = (): number => {
    let rest = random() * total;
    return weights.findIndex((weight) => (rest -= weight) < 0);
  };
  const jobs: Job[] = [];
  for (let at = 0; ;) {
    at += Math.round((-Math.log(1 - random()) * hourMs) / perHour);
    if (at > hours * hourMs) return jobs;
    const level = random() < paidShare ? [4, 6, 8][Math.floor(random() * 3)]! : 2;
    // Half of the load comes from one workspace.
    const workspace = `${random() < 0.5 ? 0 : 1 + Math.floor(random() * 200)} ${level}`;
    jobs.push({ at, model: Math.max(0, model()), level, workspace, bypassed: 0 });
  }
}

/** Per level the 20 oldest heads of lanes and the 20 oldest of the loaded model, as the queue looks at them. */
function headsOf(queue: Job[], gpu: Gpu): Job[] {
  const lanes = new Set<string>();
  const counts = new Map<string, number>();
  return queue.filter((job) => {
    const lane = `${job.workspace} ${job.model}`;
    if (lanes.has(lane)) return false;
    lanes.add(lane);
    return [`${job.level}`, ...(job.model === gpu.loaded ? [`${job.level} loaded`] : [])].some((kind) => {
      const count = counts.get(kind) ?? 0;
      counts.set(kind, count + 1);
      return count < 20;
    });
  });
}

const strictlyFirst = (heads: Job[], now: number): Job =>
  heads.reduce((first, job) =>
    effectiveLevel(job.level, now - job.at) > effectiveLevel(first.level, now - first.at) ? job : first,
  );

/** The head with the best score; whom a strict order would have taken is passed over once more. */
function bestOf(
  queue: Job[],
  gpu: Gpu,
  gpus: Gpu[],
  now: number,
  loadMs: (job: Job) => number,
  recent: (workspace: string, now: number) => number,
): Job {
  const queued = new Map<number, number>();
  for (const { model } of queue) queued.set(model, (queued.get(model) ?? 0) + 1);
  const elsewhere = new Set(gpus.filter((other) => other !== gpu).map((other) => other.loaded));
  const heads = headsOf(queue, gpu);
  const scores = heads.map((job) =>
    claimScore({
      level: job.level,
      waitedMs: now - job.at,
      swapMs: loadMs(job) * (elsewhere.has(job.model) ? loadedElsewhereFactor : 1),
      queuedOfModel: queued.get(job.model)!,
      recentGpuMs: recent(job.workspace, now),
      bypassed: job.bypassed,
    }),
  );
  const best = heads[scores.indexOf(Math.max(...scores))]!;
  const front = strictlyFirst(heads, now);
  if (front !== best) front.bypassed += 1;
  return best;
}

function simulate(perHour: number, seed: number, policy: 'score' | 'first come') {
  const jobs = arrivals(perHour, seed);
  const gpus: Gpu[] = Array.from({ length: gpuCount }, () => ({
    freeAt: 0,
    loaded: -1,
    ram: [],
    workspace: undefined,
  }));
  const usage = new Map<string, Usage>();
  const queue: Job[] = [];
  const waits: { ms: number; paid: boolean }[] = [];
  const end = hours * hourMs;
  const recent = (workspace: string, now: number): number => {
    const used = usage.get(workspace);
    return used ? Math.round(used.ms * 0.5 ** ((now - used.at) / 600_000)) + 10_000 * used.running : 0;
  };
  const change = (workspace: string, now: number, ms: number, running: number): void => {
    const used = usage.get(workspace) ?? { ms: 0, at: now, running: 0 };
    usage.set(workspace, {
      ms: used.ms * 0.5 ** ((now - used.at) / 600_000) + ms,
      at: now,
      running: used.running + running,
    });
  };
  let arrived = 0;
  for (let now = 0; now <= end;) {
    for (; arrived < jobs.length && jobs[arrived]!.at <= now; arrived += 1) queue.push(jobs[arrived]!);
    for (const gpu of gpus.filter((each) => each.freeAt <= now)) {
      if (gpu.workspace !== undefined) change(gpu.workspace, now, imageMs, -1);
      gpu.workspace = undefined;
      if (queue.length === 0) continue;
      const loadMs = (job: Job): number =>
        job.model === gpu.loaded ? 0 : gpu.ram.includes(job.model) ? warmMs : coldMs;
      const job = policy === 'score' ? bestOf(queue, gpu, gpus, now, loadMs, recent) : queue[0]!;
      queue.splice(queue.indexOf(job), 1);
      waits.push({ ms: now - job.at, paid: job.level >= 4 });
      gpu.freeAt = now + imageMs + loadMs(job);
      gpu.ram = [job.model, ...gpu.ram.filter((model) => model !== job.model)].slice(0, modelsInRam);
      Object.assign(gpu, { loaded: job.model, workspace: job.workspace });
      change(job.workspace, now, 0, 1);
    }
    const next = Math.min(jobs[arrived]?.at ?? Infinity, ...gpus.map((gpu) => gpu.freeAt).filter((at) => at > now));
    if (next === Infinity) break;
    now = next;
  }
  const share = (paid: boolean, quantile: number): number => {
    const sorted = waits
      .filter((wait) => wait.paid === paid)
      .map(({ ms }) => ms)
      .sort((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) * quantile)]! / 1_000;
  };
  return { started: waits.length, offered: jobs.length, paidP99S: share(true, 0.99), freeMaxS: share(false, 1) };
}

test('eight GPUs serve 3,240 jobs an hour of thirty models completely: paid jobs start within 30 s, and no free one waits five minutes', () => {
  for (const seed of [1, 2, 3]) {
    const result = simulate(3_240, seed, 'score');
    expect(result.offered - result.started).toBeLessThan(40);
    expect(result.paidP99S).toBeLessThan(30);
    expect(result.freeMaxS).toBeLessThan(300);
    expect(result.started).toBeGreaterThan(1.5 * simulate(3_240, seed, 'first come').started);
  }
});

test('beyond what eight GPUs can do the score still serves 1.6 times what first come, first served does, and paid jobs start within 60 s', () => {
  for (const seed of [1, 2, 3]) {
    const result = simulate(3_600, seed, 'score');
    expect(result.started).toBeGreaterThan(1.6 * simulate(3_600, seed, 'first come').started);
    expect(result.paidP99S).toBeLessThan(60);
  }
});
