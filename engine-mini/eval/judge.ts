import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FEATURES, featuresOf } from './features.ts';

/** One row of weights and one bias a thing of the test. */
export type Judge = { weights: Float32Array[]; biases: Float32Array };

export const judgeFile = fileURLToPath(new URL('./judge.bin', import.meta.url));

/** Reads what `train-judge.ts` wrote; undefined when it has not run. */
export function openJudge(classes: number): Judge | undefined {
  if (!existsSync(judgeFile)) return undefined;
  const all = new Float32Array(Uint8Array.from(readFileSync(judgeFile)).buffer);
  const weights = Array.from({ length: classes }, (_, at) => all.subarray(at * FEATURES, (at + 1) * FEATURES));
  return { weights, biases: all.subarray(classes * FEATURES) };
}

/** How many things the judge finds likelier than the right one, in a picture of 64 × 64 RGB bytes: 0 = named at once. */
export function rankOf({ weights, biases }: Judge, pixels: Uint8Array, right: number): number {
  const features = featuresOf(pixels);
  const scores = weights.map((row, at) =>
    row.reduce((sum, weight, i) => sum + weight * (features[i] ?? 0), biases[at] ?? 0),
  );
  return scores.filter((score) => score > (scores[right] ?? -Infinity)).length;
}
