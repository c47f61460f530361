import { LATENT, SIDE } from './latent.ts';
import { isScheduler, styleOf } from './model.ts';
import { fromPlanes, keepOutside, toPng } from './pixels.ts';
import { drawPose, moveCanvas } from './pose.ts';
import type { MiniImage, MiniRequest } from './protocol.ts';
import { normal, seededRandom } from './random.ts';
import { InvalidRequestError, type Inputs } from './request-inputs.ts';
import { sample, type Predict, type Step } from './sampler.ts';
import type { Conditions, Sessions } from './sessions.ts';
import type { Stopwatch } from './stopwatch.ts';
import { tokenize } from './tokenizer.ts';

type Plan = { conditions: Conditions; noise: Float32Array; info: MiniImage['info'] };

/** Everything the seed and the words decide. The draws are taken in this order: style, pose, noise; changing it changes every picture. */
async function planImage(sessions: Sessions, request: MiniRequest, seed: number, posed: boolean): Promise<Plan> {
  const random = seededRandom(seed);
  const style = styleOf(request.style, random);
  if (!style) throw new InvalidRequestError(`There is no style ${request.style ?? ''}`);
  const words = tokenize(request.prompt);
  const negative = tokenize(request.negativePrompt);
  // An empty negative prompt is the absence of words, which training saw without a style.
  const negativeRow = request.negativePrompt === '' ? 0 : style.row;
  const text = await sessions.readText(words, negative, [style.row, negativeRow]);
  const canvas = moveCanvas(text.canvas, drawPose(random, !posed));
  const noise = Float32Array.from({ length: LATENT }, () => normal(random));
  return {
    conditions: { vector: text.vector, canvas },
    noise,
    info: { style: style.name, words: words.words, ignoredWords: words.ignored },
  };
}

/**
 * Classifier-free guidance (Ho and Salimans 2022): `negative + guidance · (prompt − negative)`.
 *
 * 0 follows the negative prompt alone, 1 the prompt alone, at half the cost.
 */
function guided(sessions: Sessions, { vector, canvas }: Conditions, guidance: number): Predict {
  if (guidance === 1) {
    const prompt = { vector: vector.slice(0, vector.length / 2), canvas: canvas.slice(0, LATENT) };
    return (x, t) => sessions.denoise(x, t, prompt, 1);
  }
  return async (x, t) => {
    const both = await sessions.denoise(x, t, { vector, canvas }, 2);
    const negative = both.subarray(LATENT);
    return both.subarray(0, LATENT).map((value, i) => (negative[i] ?? 0) + guidance * (value - (negative[i] ?? 0)));
  };
}

export type ImageOptions = {
  inputs: Inputs;
  stopwatch: Stopwatch;
  /** Told after each step; answering false ends the image there. */
  onStep: (step: Step) => Promise<boolean>;
};

/** Renders one image. Returns null when `onStep` ended it. Throws `InvalidRequestError`. */
export async function renderImage(
  sessions: Sessions,
  request: MiniRequest,
  seed: number,
  { inputs: { init, mask }, stopwatch, onStep }: ImageOptions,
): Promise<MiniImage | null> {
  if (!isScheduler(request.scheduler)) throw new InvalidRequestError(`There is no scheduler ${request.scheduler}`);
  const plan = await stopwatch.measure('encodeUs', () => planImage(sessions, request, seed, init === null));
  const steps = sample(request.scheduler, {
    predict: guided(sessions, plan.conditions, request.guidance),
    noise: plan.noise,
    steps: request.steps,
    strength: init ? request.strength : 1,
    kept: init && { latent: init.latent, repaint: mask && mask.repaint },
  });
  let latent = plan.noise;
  for (;;) {
    const next = await stopwatch.measure('denoiseUs', () => steps.next());
    if (next.done === true) break;
    latent = next.value.x;
    if (!(await onStep(next.value))) return null;
  }
  const png = await stopwatch.measure('decodeUs', async () => {
    const painted = fromPlanes(await sessions.decode(latent));
    return toPng(init && mask ? keepOutside(mask.pixels, painted, init.pixels) : painted);
  });
  return { png, width: SIDE, height: SIDE, seed, info: plan.info };
}
