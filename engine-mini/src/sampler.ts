import { GRID } from './latent.ts';

/**
 * Rectified flow: a noised latent is `(1 − t)·x0 + t·noise`, and the model predicts `x0` (Liu et al. 2022, "Flow Straight and Fast").
 * So the direction of the flow at t is `(x − x0) / t`.
 */
export type Predict = (x: Float32Array, t: number) => Promise<Float32Array>;

/** What an init picture pins down. `repaint`: one number per cell of the grid, 1 = paint anew; null = everything. */
export type Kept = { latent: Float32Array; repaint: Float32Array | null };

export type SampleInput = {
  predict: Predict;
  noise: Float32Array;
  steps: number;
  /** 0..1: how far from the init picture the sampling starts; 1 without one. */
  strength: number;
  kept: Kept | null;
};

export type Step = { done: number; x: Float32Array; x0: Float32Array };

const flow = (x: Float32Array, x0: Float32Array, t: number): Float32Array =>
  x.map((value, i) => (value - (x0[i] ?? 0)) / t);

/** One step of Euler: follow the direction at `now`. */
async function euler(predict: Predict, x: Float32Array, now: number, next: number): Promise<Omit<Step, 'done'>> {
  const x0 = await predict(x, now);
  if (next === 0) return { x: x0, x0 };
  return { x: x.map((value, i) => (x0[i] ?? 0) + ((value - (x0[i] ?? 0)) * next) / now), x0 };
}

/** One step of Heun: the mean of the directions at both ends. Two predictions a step, except the last one. */
async function heun(predict: Predict, x: Float32Array, now: number, next: number): Promise<Omit<Step, 'done'>> {
  const guess = await euler(predict, x, now, next);
  if (next === 0) return guess;
  const first = flow(x, guess.x0, now);
  const x0 = await predict(guess.x, next);
  const second = flow(guess.x, x0, next);
  return { x: x.map((value, i) => value + ((next - now) * ((first[i] ?? 0) + (second[i] ?? 0))) / 2), x0 };
}

export const SCHEDULERS = { euler, heun };
export type Scheduler = keyof typeof SCHEDULERS;

/** Puts what must stay back to where it would be at time t. */
function keep(x: Float32Array, { latent, repaint }: Kept, noise: Float32Array, t: number): Float32Array {
  if (!repaint) return x;
  return x.map((value, i) => {
    const anew = repaint[i % (GRID * GRID)] ?? 1;
    return anew * value + (1 - anew) * ((1 - t) * (latent[i] ?? 0) + t * (noise[i] ?? 0));
  });
}

/** Samples step by step, so that the caller can look, report or stop between any two. The last `x` is the picture. */
export async function* sample(scheduler: Scheduler, input: SampleInput): AsyncGenerator<Step, void> {
  const { predict, noise, steps, strength, kept } = input;
  const advance = SCHEDULERS[scheduler];
  let x = kept ? noise.map((e, i) => (1 - strength) * (kept.latent[i] ?? 0) + strength * e) : noise;
  for (let step = 0; step < steps; step++) {
    const now = strength * (1 - step / steps);
    const next = strength * (1 - (step + 1) / steps);
    const advanced = await advance(predict, x, now, next);
    x = kept ? keep(advanced.x, kept, noise, next) : advanced.x;
    yield { done: step + 1, x, x0: advanced.x0 };
  }
}
