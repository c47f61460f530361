/** What can be measured on the pictures themselves, without knowing what they show. */
import type { Draw as DrawReal, DrawnStyle } from '../train/drawings.ts';
import { hueShares } from '../src/colours.ts';
import { mean, png, resizedPart, rms, share, type Draw, type Picture } from './draw.ts';
import type { Figures } from './measure-words.ts';
import type { TestThing } from './things.ts';

type Deps = {
  draw: Draw;
  things: TestThing[];
  styles: readonly DrawnStyle[];
  drawings: Record<DrawnStyle, DrawReal>;
  every: number;
};
const SIDE = 256;
/** Side at which pictures are compared with drawings. */
const SMALL = 64;

/** Mean square of the differences between neighbours, of bytes. */
function gradientEnergy(pixels: Uint8Array): number {
  let sum = 0;
  for (let y = 0; y < SIDE - 1; y++)
    for (let i = y * SIDE * 3; i < (y * SIDE + SIDE - 1) * 3; i++)
      sum += ((pixels[i + 3] ?? 0) - (pixels[i] ?? 0)) ** 2 + ((pixels[i + SIDE * 3] ?? 0) - (pixels[i] ?? 0)) ** 2;
  return sum / pixels.length;
}

export async function measureLikeness({ draw, things, styles, drawings, every }: Deps): Promise<Figures> {
  const bank: Uint8Array[] = [];
  for (const style of styles)
    for (const { key } of things) {
      const real = await drawings[style](key, SMALL);
      if (real) bank.push(real);
    }
  let [generated, real] = [0, 0];
  const nearest: number[] = [];
  const small: Uint8Array[] = [];
  const again: Uint8Array[] = [];
  for (const [at, { key, en }] of things.entries()) {
    if (at % every > 0) continue;
    const style = styles[at % styles.length] ?? 'flat';
    const picture = await draw({ prompt: en[0] ?? '', style, seed: 100 + at });
    const drawing = await drawings[style](key, SIDE);
    if (drawing) [generated, real] = [generated + gradientEnergy(picture), real + gradientEnergy(drawing)];
    const reduced = await resizedPart(picture, SMALL);
    nearest.push(bank.reduce((least, each) => Math.min(least, rms(each, reduced)), 1));
    if (at % (5 * every) > 0) continue;
    small.push(reduced);
    again.push(await resizedPart(await draw({ prompt: en[0] ?? '', style, seed: 1100 + at }), SMALL));
  }
  return {
    'gradient energy of generated to real': generated / real,
    'copies: nearest drawing under 0.02': share(nearest.map((each) => each < 0.02)),
    'nearest drawing, least': Math.min(...nearest),
    'RMS between seeds': mean(small.map((each, i) => rms(each, again[i] ?? each))),
    'RMS between prompts': mean(small.map((each, i) => rms(each, again[(i + 1) % again.length] ?? each))),
  };
}

const TEN = ['cat', 'house', 'rocket', 'apple', 'tree', 'fish', 'guitar', 'pizza', 'car', 'owl'];
const STRENGTHS = [0.2, 0.4, 0.6, 0.8, 1];

const halfOf = (pixels: Uint8Array, right: boolean): Uint8Array =>
  pixels.filter((_, i) => Math.floor(i / 3) % SIDE >= SIDE / 2 === right);

export async function measureControls(draw: Draw, every: number): Promise<Figures> {
  const ten = TEN.slice(0, Math.max(3, 10 / every));
  const start = await Promise.all(ten.map((prompt, i) => draw({ prompt, seed: 600 + i })));
  const figures: Figures = {};
  for (const strength of STRENGTHS) {
    const moved: number[] = [];
    for (const [i, picture] of start.entries()) {
      const initImage = await png(picture);
      const next = await draw({ prompt: TEN[(i + 1) % 10] ?? '', mode: 'img2img', initImage, strength, seed: 700 + i });
      moved.push(rms(picture, next));
    }
    figures[`img2img RMS at strength ${strength}`] = mean(moved);
  }
  const right = new Uint8Array(SIDE * SIDE * 3).map((_, i) => (Math.floor(i / 3) % SIDE >= SIDE / 2 ? 255 : 0));
  const [kept, painted]: [number[], number[]] = [[], []];
  for (const [i, picture] of start.entries()) {
    const inputs = { initImage: await png(picture), maskImage: await png(right) };
    const next = await draw({ prompt: TEN[(i + 1) % 10] ?? '', mode: 'inpaint', ...inputs, seed: 800 + i });
    kept.push(rms(halfOf(picture, false), halfOf(next, false)));
    painted.push(rms(halfOf(picture, true), halfOf(next, true)));
  }
  figures['inpaint RMS outside'] = mean(kept);
  figures['inpaint RMS inside'] = mean(painted);
  const red = async (negativePrompt: string): Promise<number> => {
    const pictures: Picture[] = [];
    for (let seed = 0; seed < Math.max(2, 8 / every); seed++)
      pictures.push(await draw({ prompt: 'apple', negativePrompt, seed }));
    return mean(pictures.map((picture) => hueShares(picture).red));
  };
  figures['red share of "apple", with "red" unwanted to without'] = (await red('red')) / (await red(''));
  const apart = ten.map(async (prompt, i) =>
    rms(await draw({ prompt, guidance: 0, seed: 600 + i }), await draw({ prompt, guidance: 2, seed: 600 + i })),
  );
  figures['RMS of guidance 0 to 2'] = mean(await Promise.all(apart));
  return figures;
}
