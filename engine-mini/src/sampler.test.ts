import { expect, test } from 'vitest';
import { LATENT } from './latent.ts';
import { normal, seededRandom } from './random.ts';
import { sample, SCHEDULERS, type SampleInput, type Scheduler, type Step } from './sampler.ts';

const random = seededRandom(1);
const noise = Float32Array.from({ length: LATENT }, () => normal(random));
const picture = Float32Array.from({ length: LATENT }, (_, i) => Math.cos(i));
const schedulers = Object.keys(SCHEDULERS) as Scheduler[];

async function steps(scheduler: Scheduler, input: Partial<SampleInput>): Promise<Step[]> {
  const asked = { predict: async () => picture, noise, steps: 8, strength: 1, kept: null, ...input };
  const all: Step[] = [];
  for await (const step of sample(scheduler, asked)) all.push(step);
  return all;
}

test.each(schedulers)('%s arrives at the picture that the model predicts all along', async (scheduler) => {
  const all = await steps(scheduler, {});
  expect(all.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  for (const [i, value] of picture.entries()) expect(all.at(-1)!.x[i]).toBeCloseTo(value, 5);
});

test('heun follows a curved flow closer than euler with the same number of steps', async () => {
  // A model whose prediction turns with t, so that the path is bent; the truth is euler with very small steps.
  const predict: SampleInput['predict'] = async (x, t) => x.map((value) => value * (1 - t * t));
  const truth = (await steps('euler', { predict, steps: 2_000 })).at(-1)!.x;
  const errors = await Promise.all(
    schedulers.map(async (scheduler) => {
      const { x } = (await steps(scheduler, { predict })).at(-1)!;
      return x.reduce((sum, value, i) => sum + (value - truth[i]!) ** 2, 0);
    }),
  );
  const [euler, heun] = errors as [number, number];
  expect(heun).toBeLessThan(euler);
});

test.each(schedulers)('%s leaves the cells outside the mask exactly as they were', async (scheduler) => {
  const repaint = Float32Array.from({ length: 1024 }, (_, cell) => (cell < 512 ? 1 : 0));
  const latent = Float32Array.from({ length: LATENT }, (_, i) => Math.sin(i));
  const { x } = (await steps(scheduler, { kept: { latent, repaint } })).at(-1)!;
  for (const [i, value] of x.entries()) {
    if (i % 1024 >= 512) expect(value).toBe(latent[i]);
    else expect(value).toBeCloseTo(picture[i]!, 5);
  }
});

test('the smaller the strength, the nearer the start is to the init picture', async () => {
  const latent = new Float32Array(LATENT).fill(3);
  const distance = async (strength: number): Promise<number> => {
    let start: Float32Array | undefined;
    const predict: SampleInput['predict'] = async (x) => ((start ??= x), picture);
    await steps('euler', { predict, strength, kept: { latent, repaint: null } });
    return start!.reduce((sum, value) => sum + (value - 3) ** 2, 0);
  };
  const distances = await Promise.all([0.1, 0.4, 0.7, 1].map(distance));
  expect(distances).toEqual([...distances].sort((a, b) => a - b));
});
