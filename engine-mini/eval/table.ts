import type { Figures } from './measure-words.ts';

type Bound = { what: string; must: string; ok: (value: number) => boolean };
const atLeast = (what: string, bound: number): Bound => ({ what, must: `≥ ${bound}`, ok: (value) => value >= bound });
const atMost = (what: string, bound: number): Bound => ({ what, must: `≤ ${bound}`, ok: (value) => value <= bound });
const each = (make: (language: string) => Bound): Bound[] => ['en', 'ko', 'ja', 'zh'].map(make);

const BOUNDS = [
  atLeast('judge on the held-out style, top-1', 0.65),
  ...each((language) => atLeast(`names ${language} top-1`, 0.95)),
  ...each((language) => atLeast(`names ${language} top-5`, 0.99)),
  ...each((language) => atLeast(`sentences ${language} top-1`, 0.88)),
  ...each((language) => atLeast(`sentences ${language} read as the thing alone`, 0.88)),
  atLeast('colour word is the main hue', 0.88),
  atLeast('recoloured thing in top-5', 0.6),
  atLeast('pairs, each half in top-5', 0.4),
  atLeast('X on a coloured ground, X in top-5', 0.6),
  atLeast('gradient energy of generated to real', 0.6),
  atLeast('RMS between seeds', 0.08),
  atMost('copies: nearest drawing under 0.02', 0.01),
  atMost('inpaint RMS outside', 0.001),
  atLeast('inpaint RMS inside', 0.1),
  atMost('red share of "apple", with "red" unwanted to without', 0.5),
  atLeast('RMS of guidance 0 to 2', 0.05),
];

/** The figures as a table in Markdown, with what must hold where something must. */
export function table(figures: Figures): string {
  const lines = Object.entries(figures).map(([what, value]) => {
    const bound = BOUNDS.find((each) => each.what === what);
    const verdict = bound ? `| ${bound.must} | ${bound.ok(value) ? 'met' : 'missed'} |` : '| | |';
    return `| ${what} | ${value.toFixed(3)} ${verdict}`;
  });
  return ['| what | reached | must | |', '| --- | --- | --- | --- |', ...lines].join('\n');
}
