import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { EngineError, type GenerateSpec, resultSize } from './port.ts';

type Raw = { data: Uint8Array; width: number; height: number };

const CELLS = 3;

/** A patchwork whose colours follow from every setting that would change a real picture. */
async function patchwork(spec: GenerateSpec, seed: number): Promise<Raw> {
  const { model, prompt, negativePrompt, style, steps, guidance, scheduler, loras, width, height } = spec;
  const what = JSON.stringify([model, prompt, negativePrompt, style, steps, guidance, scheduler, loras, seed]);
  const colours = createHash('sha256')
    .update(what)
    .digest()
    .subarray(0, CELLS * CELLS * 3);
  const data = await sharp(colours, { raw: { width: CELLS, height: CELLS, channels: 3 } })
    .resize(width, height, { kernel: 'nearest', fit: 'fill' })
    .raw()
    .toBuffer();
  return { data, width, height };
}

async function read(name: string, encoded: Uint8Array, { width, height }: GenerateSpec): Promise<Uint8Array> {
  try {
    return await sharp(encoded)
      .removeAlpha()
      .toColourspace('srgb')
      .resize(width, height, { fit: 'fill' })
      .raw()
      .toBuffer();
  } catch (error) {
    throw new EngineError('engine_invalid_request', `The ${name} cannot be read`, { retry: false, cause: error });
  }
}

/** Mixes the init picture in by `1 − strength`, and keeps it where the mask is dark. */
async function overInit(drawn: Raw, spec: GenerateSpec): Promise<Raw> {
  if (!spec.initImage) return drawn;
  const init = await read('init image', spec.initImage, spec);
  const mask = spec.maskImage && (await read('mask', spec.maskImage, spec));
  const data = drawn.data.map((value, i) => {
    const before = init[i] ?? 0;
    const repainted = !mask || (mask[i - (i % 3)] ?? 0) >= 128;
    return repainted ? Math.round(before + spec.strength * (value - before)) : before;
  });
  return { ...drawn, data };
}

/** The PNG of a spec and seed. The same arguments give the same bytes. Throws `EngineError('engine_invalid_request')`. */
export async function drawFakePicture(spec: GenerateSpec, seed: number): Promise<Uint8Array> {
  const { data, width, height } = await overInit(await patchwork(spec, seed), spec);
  const result = resultSize(spec);
  return sharp(data, { raw: { width, height, channels: 3 } })
    .extend({ ...spec.outpaint, background: '#808080' })
    .resize(spec.upscaleFactor === null ? {} : { ...result, kernel: 'nearest' })
    .png({ compressionLevel: 3 })
    .toBuffer();
}

/** A small WEBP of the same colours. */
export async function drawFakePreview(spec: GenerateSpec, seed: number): Promise<Uint8Array> {
  const { data, width, height } = await patchwork({ ...spec, width: 64, height: 64 }, seed);
  return sharp(data, { raw: { width, height, channels: 3 } })
    .webp({ effort: 0 })
    .toBuffer();
}
