import { planWithout } from './avoid-hue.ts';
import { LATENT, SIDE } from './latent.ts';
import { layOut, type PlacedObject } from './layout.ts';
import { isScheduler, styleOf } from './model.ts';
import { placeInFrame, sewn } from './outpaint.ts';
import { fromPlanes, keepOutside, resized, toPng } from './pixels.ts';
import type { MiniImage, MiniRequest } from './protocol.ts';
import { normal, seededRandom } from './random.ts';
import { InvalidRequestError, type Inputs } from './request-inputs.ts';
import { sample, type Predict, type Step } from './sampler.ts';
import type { Conditions, Sessions } from './sessions.ts';
import type { Stopwatch } from './stopwatch.ts';
import { HUE_COUNT } from './words/grammar.ts';
import { lexicon } from './words/lexicon.ts';
import { readPrompt } from './words/read-prompt.ts';

type Plan = { prompt: Conditions; negative: Conditions; noise: Float32Array; info: MiniImage['info'] };

/** Rows of the ground table after the colours: nothing was said. */
const GROUND_UNKNOWN = HUE_COUNT + 1;
const isStill = (thing: number): boolean => thing > 0 && lexicon().thing(thing).group >= SYMBOLS_FROM;
/** Groups of Unicode's list from which mirroring would change what is meant: symbols, flags. */
const SYMBOLS_FROM = 8;

/** Everything the seed and the words decide. The draws are taken in this order: style, layout, noise; changing it changes every picture. */
async function planImage(
  sessions: Sessions,
  request: MiniRequest,
  seed: number,
  { init, frame }: Pick<Inputs, 'init' | 'frame'>,
): Promise<Plan> {
  const neutral = init !== null;
  const random = seededRandom(seed);
  const wanted = readPrompt(request.prompt);
  const unwanted = readPrompt(request.negativePrompt);
  const [first] = wanted.things;
  const known = first && first.thing > 0 ? lexicon().thing(first.thing).styles : [];
  const style = styleOf(request.style, random, { asked: wanted.style, known });
  if (!style) throw new InvalidRequestError(`There is no style ${request.style ?? ''}`);
  // A colour that is not wanted is said to the picture itself; a thing that is not wanted is what guidance leads away from.
  const avoided = unwanted.things[0]?.hue ?? 0;
  const laidOut = layOut(wanted, random, { neutral, isStill });
  const objects = frame ? placeInFrame(laidOut, frame) : laidOut;
  const unwantedThings = unwanted.things.filter(({ thing }) => thing > 0);
  const noise = Float32Array.from({ length: LATENT }, () => normal(random));
  const away =
    unwantedThings.length > 0
      ? layOut({ ...unwanted, things: unwantedThings }, seededRandom(seed), { neutral: true, isStill })
      : [];
  const plan = (each: PlacedObject[]): Promise<Conditions> =>
    sessions.plan({ objects: each, style: style.row, ground: wanted.ground });
  return {
    prompt: await planWithout(avoided, objects, { decode: sessions.decode, plan }),
    negative: await sessions.plan({ objects: away, style: 0, ground: GROUND_UNKNOWN }),
    noise,
    info: { style: style.name, understood: wanted.understood, ignored: wanted.ignored },
  };
}

/**
 * Classifier-free guidance (Ho and Salimans 2022): `negative + guidance · (prompt − negative)`.
 *
 * 0 follows the negative prompt alone, 1 the prompt alone, each at half the cost.
 */
function guided(sessions: Sessions, { prompt, negative }: Plan, guidance: number): Predict {
  if (guidance === 0 || guidance === 1) return (x, t) => sessions.denoise(x, t, [guidance === 1 ? prompt : negative]);
  return async (x, t) => {
    const both = await sessions.denoise(x, t, [prompt, negative]);
    const away = both.subarray(LATENT);
    return both.subarray(0, LATENT).map((value, i) => (away[i] ?? 0) + guidance * (value - (away[i] ?? 0)));
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
  { inputs: { init, mask, frame }, stopwatch, onStep }: ImageOptions,
): Promise<MiniImage | null> {
  if (!isScheduler(request.scheduler)) throw new InvalidRequestError(`There is no scheduler ${request.scheduler}`);
  const { width, height } = frame ?? { width: request.width, height: request.width };
  const size = { width, height };
  const plan = await stopwatch.measure('encodeUs', () => planImage(sessions, request, seed, { init, frame }));
  const steps = sample(request.scheduler, {
    predict: guided(sessions, plan, request.guidance),
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
    const decoded = await sessions.decode(latent);
    const side = frame?.side ?? request.width;
    const painted = await resized(fromPlanes(side === SIDE ? decoded : await sessions.enlarge(decoded)), side);
    if (!init || !mask) return toPng(painted);
    const joined = frame ? await sewn(painted, init.pixels, frame) : painted;
    return toPng(keepOutside(mask.pixels, joined, init.pixels), size);
  });
  return { png, ...size, seed, info: plan.info };
}
