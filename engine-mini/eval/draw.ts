import sharp from 'sharp';
import type { MiniRequest } from '../src/protocol.ts';
import { renderImage } from '../src/render-image.ts';
import { readInputs } from '../src/request-inputs.ts';
import { openSessions } from '../src/sessions.ts';
import { startStopwatch } from '../src/stopwatch.ts';
import { readPrompt } from '../src/words/read-prompt.ts';

/** RGB bytes of 256 × 256. */
export type Picture = Uint8Array;
export type Ask = Partial<MiniRequest> & { prompt: string };
export type Draw = (ask: Ask) => Promise<Picture>;

const DEFAULTS: MiniRequest = {
  mode: 'txt2img',
  prompt: '',
  negativePrompt: '',
  style: null,
  width: 256,
  steps: 12,
  guidance: 2,
  scheduler: 'euler',
  seed: 7,
  count: 1,
  initImage: null,
  maskImage: null,
  strength: 1,
  outpaint: null,
  upscaleFactor: null,
};

/**
 * Draws as the engine does, without its process. Two prompts that are read alike give the same picture from the same seed, so such a picture is
 * drawn once: a sentence costs nothing where it is understood.
 */
export async function openDraw(): Promise<Draw> {
  const sessions = await openSessions();
  const drawn = new Map<string, Promise<Picture>>();
  const draw = async (request: MiniRequest): Promise<Picture> => {
    const inputs = await readInputs(sessions, request);
    const options = { inputs, stopwatch: startStopwatch(), onStep: () => Promise.resolve(true) };
    const image = await renderImage(sessions, request, request.seed, options);
    if (!image) throw new Error('The picture was dropped');
    return rgb(image.png);
  };
  return (ask) => {
    const request = { ...DEFAULTS, ...ask };
    if (request.initImage) return draw(request);
    const { things, link, ground, style } = readPrompt(request.prompt);
    const key = JSON.stringify([things, link, ground, style, { ...request, prompt: '' }]);
    const known = drawn.get(key) ?? draw(request);
    drawn.set(key, known);
    return known;
  };
}

const rgb = (file: Uint8Array): Promise<Picture> => sharp(file).removeAlpha().raw().toBuffer();

/** A part of a picture at another side; a part that is not square is put on white. */
export async function resizedPart(
  picture: Picture,
  side: number,
  part = { left: 0, top: 0, width: 256, height: 256 },
): Promise<Uint8Array> {
  const cut = await sharp(picture, { raw: { width: 256, height: 256, channels: 3 } })
    .extract(part)
    .png()
    .toBuffer();
  return sharp(cut).resize(side, side, { fit: 'contain', background: '#fff' }).removeAlpha().raw().toBuffer();
}

export const png = (picture: Picture): Promise<Uint8Array> =>
  sharp(picture, { raw: { width: 256, height: 256, channels: 3 } })
    .png()
    .toBuffer();

/** Root mean square of the difference, 0…1. */
export function rms(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return Math.sqrt(sum / a.length) / 255;
}

export const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
export const share = (holds: boolean[]): number => mean(holds.map(Number));
