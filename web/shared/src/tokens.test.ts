import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const css = readFileSync(path.join(import.meta.dirname, 'tokens.css'), 'utf8');
type Theme = 'light' | 'dark';

/** Both values of each colour, as written. */
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((oklch\([^)]*\)), (oklch\([^)]*\))\);/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
);

/** Relative luminance (WCAG 2.2) of an OKLCH colour; matrices of Björn Ottosson's OKLab, as in CSS Color 4. Colours outside sRGB are clipped. */
function luminance(colour: string): number {
  const [lightness = 0, chroma = 0, hue = 0] = [...colour.matchAll(/[\d.]+/g)].map(([number]) => Number(number));
  const [L, a, b] = [
    lightness / 100,
    chroma * Math.cos((hue * Math.PI) / 180),
    chroma * Math.sin((hue * Math.PI) / 180),
  ];
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number): number => Math.min(Math.max(value, 0), 1);
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string, theme: Theme): number {
  const [low = 0, high = 0] = [one, other]
    .map((name) => luminance(tokens.get(name)?.[theme] ?? ''))
    .sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const grounds = ['bg', 'surface', 'raised', 'hover'];
const themes: Theme[] = ['light', 'dark'];
const pairs = (fronts: string[], backs: string[]): [string, string][] =>
  fronts.flatMap((front) => backs.map((back): [string, string] => [front, back]));

test('the measure knows black on white', () => {
  expect(luminance('oklch(100% 0 0)') + 0.05).toBeCloseTo(1.05, 3);
  expect(luminance('oklch(0% 0 0)')).toBeCloseTo(0, 3);
});

test.each(themes)('every text can be read on every ground: at least 4.5 to 1 (%s)', (theme) => {
  const texts: [string, string][] = [
    ...pairs(['text', 'muted', 'ice-text', 'good', 'bad'], grounds),
    ['on-accent', 'accent'],
    ['on-warn', 'warn'],
  ];
  expect(
    texts
      .map(([front, back]) => ({ front, back, ratio: contrast(front, back, theme) }))
      .filter(({ ratio }) => ratio < 4.5),
  ).toEqual([]);
});

test.each(themes)('the focus ring and progress can be seen on every ground: at least 3 to 1 (%s)', (theme) => {
  expect(pairs(['ice'], grounds).filter(([front, back]) => contrast(front, back, theme) < 3)).toEqual([]);
});

test('no token of a colour escapes the measure unread', () => {
  const written = [...css.matchAll(/--([\w-]+): light-dark/g)].map(([, name]) => name);
  expect(written.filter((name) => name !== 'scrim' && !tokens.has(name ?? ''))).toEqual([]);
});
