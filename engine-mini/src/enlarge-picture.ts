import { SIDE } from './latent.ts';
import { fromPlanes, resized, toPlanes, toPng } from './pixels.ts';
import type { MiniImage, MiniRequest } from './protocol.ts';
import { InvalidRequestError, type Inputs } from './request-inputs.ts';
import type { Sessions } from './sessions.ts';

/** The first doubling is the upscaler's, from a picture of 256²; what is asked beyond it is plain resampling. Throws `InvalidRequestError`. */
export async function enlargePicture(
  { enlarge }: Pick<Sessions, 'enlarge'>,
  { width, upscaleFactor }: Pick<MiniRequest, 'width' | 'upscaleFactor'>,
  { seed, init }: { seed: number; init: Inputs['init'] },
): Promise<MiniImage> {
  if (!init || upscaleFactor === null) throw new InvalidRequestError('upscale needs an init image and a factor');
  const side = width * upscaleFactor;
  const doubled = width === SIDE ? fromPlanes(await enlarge(toPlanes(init.pixels))) : init.pixels;
  const png = await toPng(await resized(doubled, side));
  return { png, width: side, height: side, seed, info: { style: '', understood: [], ignored: [] } };
}
