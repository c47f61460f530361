import { SIDE } from './latent.ts';
import { aroundInit, type Frame, frameOf, spread } from './outpaint.ts';
import type { MiniRequest } from './protocol.ts';
import { maskOnGrid, readMask, readPicture, resized, toPlanes, type Pixels } from './pixels.ts';
import type { Sessions } from './sessions.ts';

/** The request asks for something this model cannot do, or brings pictures that cannot be read. */
export class InvalidRequestError extends Error {}

/** Result of an outpaint, a side: beyond it nothing is gained, for its square is painted at 256². */
const OUTPAINT_MAX = 2048;

export type Inputs = {
  init: { pixels: Pixels; latent: Float32Array } | null;
  mask: { pixels: Uint8Array; repaint: Float32Array } | null;
  /** Of an outpaint: `init` and `mask` are then of its square. */
  frame: Frame | null;
};

async function readable<T>(name: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw new InvalidRequestError(
      `The ${name} cannot be used: ${error instanceof Error ? error.message : 'unreadable'}`,
    );
  }
}

function frameAsked(width: number, sides: MiniRequest['outpaint']): Frame {
  if (!sides) throw new InvalidRequestError('outpaint needs the sides to add');
  const frame = frameOf(width, sides);
  if (frame.side > OUTPAINT_MAX)
    throw new InvalidRequestError(`An outpaint may be ${OUTPAINT_MAX} pixels wide and high at most`);
  return frame;
}

/** An outpaint is an inpaint of the square around the init picture. */
async function readOutpaint({ encode }: Pick<Sessions, 'encode'>, pixels: Pixels, frame: Frame): Promise<Inputs> {
  const wide = await spread(pixels, frame);
  const mask = aroundInit(frame);
  const latent = await encode(toPlanes(await resized(wide, SIDE)));
  return { init: { pixels: wide, latent }, mask: { pixels: mask, repaint: maskOnGrid(mask) }, frame };
}

/** Decodes the pictures of a request, once for all its images. Throws `InvalidRequestError`. */
export async function readInputs(
  { encode }: Pick<Sessions, 'encode'>,
  { mode, width, initImage, maskImage, outpaint }: MiniRequest,
): Promise<Inputs> {
  if (mode === 'txt2img') return { init: null, mask: null, frame: null };
  if (!initImage) throw new InvalidRequestError(`${mode} needs an init image`);
  const pixels = await readable('init image', readPicture(initImage, width));
  if (mode === 'outpaint') return readOutpaint({ encode }, pixels, frameAsked(width, outpaint));
  const init = { pixels, latent: await encode(toPlanes(await resized(pixels, SIDE))) };
  if (mode === 'img2img' || mode === 'upscale') return { init, mask: null, frame: null };
  if (!maskImage) throw new InvalidRequestError('inpaint needs a mask');
  const mask = await readable('mask', readMask(maskImage, width));
  return { init, mask: { pixels: mask, repaint: maskOnGrid(mask) }, frame: null };
}
