import sharp, { type OverlayOptions } from 'sharp';
import type { Draw } from './draw.ts';

const PROMPTS = [
  'cat',
  '고양이',
  'ロケット',
  '房子',
  'red car',
  'purple banana',
  '파란 장미',
  'three apples',
  '고양이 두 마리',
  'cat and rocket',
  '왕관을 쓴 곰',
  'a dog with sunglasses',
  'owl on a pink background',
  '노란 배경의 문어',
  'pizza, 3d',
  'castle',
  '小猫头鹰',
  'ドラゴン',
  'guitar',
  '눈사람',
  'butterfly',
  'palm tree',
  'grinning face',
  'please draw me one cute little giraffe',
];
const [SEEDS, SIDE, GAP, TEXT, COLUMNS] = [4, 128, 6, 20, 3];

/** 24 prompts × 4 seeds as one PNG, each row of four under its prompt. */
export async function contactSheet(draw: Draw): Promise<Uint8Array> {
  const [wide, high] = [SEEDS * (SIDE + GAP) + 2 * GAP, SIDE + TEXT + 2 * GAP];
  const rows = Math.ceil(PROMPTS.length / COLUMNS);
  const pictures: OverlayOptions[] = [];
  const labels: string[] = [];
  for (const [at, prompt] of PROMPTS.entries()) {
    const [left, top] = [GAP + (at % COLUMNS) * wide, Math.floor(at / COLUMNS) * high];
    labels.push(`<text x="${left}" y="${top + TEXT - 4}">${prompt}</text>`);
    for (let seed = 0; seed < SEEDS; seed++) {
      const picture = sharp(await draw({ prompt, seed: seed + 1 }), { raw: { width: 256, height: 256, channels: 3 } });
      const input = await picture.resize(SIDE).png().toBuffer();
      pictures.push({ input, left: left + seed * (SIDE + GAP), top: top + TEXT });
    }
  }
  const [width, height] = [COLUMNS * wide, rows * high];
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="14" fill="#333">${labels.join('')}</svg>`;
  const sheet = sharp({ create: { width, height, channels: 3, background: '#f4f4f5' } });
  return sheet
    .composite([...pictures, { input: Buffer.from(text), left: 0, top: 0 }])
    .png({ palette: true, colours: 200 })
    .toBuffer();
}
