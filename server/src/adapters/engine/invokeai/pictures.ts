import sharp, { type Sharp } from 'sharp';
import { stripPng } from '#adapters/pictures/png-text.ts';
import { EngineError, type GenerateSpec, resultSize, type Size } from '../port.ts';

const upTo = (value: number, multipleOf: number): number => Math.ceil(value / multipleOf) * multipleOf;

/** What to draw: with what an outpaint adds, up to the model's grid. What is drawn beyond the size asked for is cut off again. */
export function canvasOf(spec: GenerateSpec, multipleOf: number): Size {
  const { width, height } = resultSize({ ...spec, upscaleFactor: null });
  return { width: upTo(width, multipleOf), height: upTo(height, multipleOf) };
}

/** The init picture and the mask as the server wants them: RGB, or RGBA with a transparent margin; black where it shall draw. */
export async function prepareInputs(
  spec: GenerateSpec,
  canvas: Size,
): Promise<{ init: Uint8Array | null; mask: Uint8Array | null }> {
  const { initImage, maskImage, outpaint, width, height } = spec;
  if (initImage === null) return { init: null, mask: null };
  const [left, top] = [outpaint?.left ?? 0, outpaint?.top ?? 0];
  const margin = { left, top, right: canvas.width - width - left, bottom: canvas.height - height - top };
  const readable = sharp(initImage).toColourspace('srgb').resize(width, height, { fit: 'fill' });
  const init =
    spec.mode === 'outpaint'
      ? readable
          .removeAlpha()
          .ensureAlpha()
          .extend({ ...margin, background: { r: 0, g: 0, b: 0, alpha: 0 } })
      : readable.removeAlpha();
  const mask =
    maskImage &&
    (spec.mode === 'inpaint' || spec.mode === 'outpaint') &&
    sharp(maskImage)
      .removeAlpha()
      .greyscale()
      .resize(width, height, { fit: 'fill' })
      .threshold(128)
      .negate()
      .extend({ ...margin, background: '#fff' })
      .toColourspace('b-w');
  return { init: await asPng(init, 'init image'), mask: mask ? await asPng(mask, 'mask') : null };
}

/** Any picture that a request brings, in a form that every version of the server reads. */
export const asRgb = (encoded: Uint8Array, what: string): Promise<Uint8Array> =>
  asPng(sharp(encoded).toColourspace('srgb').removeAlpha(), what);

async function asPng(picture: Sharp, what: string): Promise<Uint8Array> {
  try {
    return await picture.png({ compressionLevel: 1 }).toBuffer();
  } catch (error) {
    throw new EngineError('engine_invalid_request', `The ${what} cannot be read`, { retry: false, cause: error });
  }
}

/**
 * A picture of the server as the port promises it: whole, of the size asked for, without the server's text (which holds the words of the prompt and names of
 * other pictures). Throws `EngineError('engine_bad_output')`.
 */
export async function checkResult(png: Uint8Array, drawn: Size, wanted: Size): Promise<Uint8Array> {
  const bad = (what: string, cause?: unknown): EngineError =>
    new EngineError('engine_bad_output', `The server's picture ${what}`, { retry: true, cause });
  const decoded = sharp(png, { failOn: 'truncated' });
  const { data, info } = await decoded
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw bad('cannot be read', error);
    });
  if (info.width !== drawn.width || info.height !== drawn.height) throw bad('has another size than asked for');
  const isWhole = drawn.width === wanted.width && drawn.height === wanted.height;
  if (isWhole && info.channels === 3) return stripPng(png);
  return sharp(data, { raw: info })
    .removeAlpha()
    .extract({ left: 0, top: 0, ...wanted })
    .png({ compressionLevel: 6 })
    .toBuffer();
}

/** A preview for our own clients, from the data URL of an event; undefined when it cannot be read. */
export async function toPreview(dataUrl: string): Promise<Uint8Array | undefined> {
  const encoded = Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64');
  return sharp(encoded)
    .webp({ effort: 0 })
    .toBuffer()
    .catch(() => undefined);
}
