import { SIDE } from './latent.ts';
import type { MiniRequest } from './protocol.ts';
import { maskOnGrid, readMask, readPicture, resized, toPlanes, type Pixels } from './pixels.ts';
import type { Sessions } from './sessions.ts';

/** The request asks for something this model cannot do, or brings pictures that cannot be read. */
export class InvalidRequestError extends Error {}

export type Inputs = {
  init: { pixels: Pixels; latent: Float32Array } | null;
  mask: { pixels: Uint8Array; repaint: Float32Array } | null;
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

/** Decodes the pictures of a request, once for all its images. Throws `InvalidRequestError`. */
export async function readInputs(
  { encode }: Pick<Sessions, 'encode'>,
  { mode, width, initImage, maskImage }: MiniRequest,
): Promise<Inputs> {
  if (mode === 'txt2img') return { init: null, mask: null };
  if (!initImage) throw new InvalidRequestError(`${mode} needs an init image`);
  const pixels = await readable('init image', readPicture(initImage, width));
  const init = { pixels, latent: await encode(toPlanes(await resized(pixels, SIDE))) };
  if (mode === 'img2img' || mode === 'upscale') return { init, mask: null };
  if (!maskImage) throw new InvalidRequestError('inpaint needs a mask');
  const mask = await readable('mask', readMask(maskImage, width));
  return { init, mask: { pixels: mask, repaint: maskOnGrid(mask) } };
}
