/** What the judge and a colour measure say about words: names, sentences, colours, pairs, grounds. */
import { readPrompt } from '../src/words/read-prompt.ts';
import { seededRandom } from '../src/random.ts';
import { hueShares, HUES } from '../src/colours.ts';
import { resizedPart, share, type Draw, type Picture } from './draw.ts';
import { SIDE } from './features.ts';
import { rankOf, type Judge } from './judge.ts';
import { SENTENCES } from './sentences.ts';
import type { TestThing } from './things.ts';

const LANGUAGES = ['en', 'ko', 'ja', 'zh'] as const;
export type Figures = Record<string, number>;
type Deps = { draw: Draw; judge: Judge; things: TestThing[]; styles: readonly string[]; every: number };
type Part = { left: number; top: number; width: number; height: number };

const judged = async (judge: Judge, picture: Picture, right: number, part?: Part): Promise<number> =>
  rankOf(judge, await resizedPart(picture, SIDE, part), right);

/** Pictures of a name's reading are drawn once; what differs between languages and sentences is the reading. */
export async function measureNames({ draw, judge, things, styles, every }: Deps): Promise<Figures> {
  const figures: Figures = {};
  const ranks = new Map<string, number>();
  const rank = async (prompt: string, at: number): Promise<number> => {
    const key = `${at} ${JSON.stringify(readPrompt(prompt), ['things', 'thing', 'hue', 'count', 'ground', 'link', 'style'])}`;
    const style = styles[at % styles.length] ?? null;
    const known = ranks.get(key) ?? (await judged(judge, await draw({ prompt, style, seed: 100 + at }), at));
    ranks.set(key, known);
    return known;
  };
  for (const language of LANGUAGES) {
    const named: number[] = [];
    for (const [at, thing] of things.entries())
      if (at % every === 0) named.push(await rank(thing[language][0] ?? '', at));
    figures[`names ${language} top-1`] = share(named.map((each) => each === 0));
    figures[`names ${language} top-5`] = share(named.map((each) => each < 5));
    // Every thing with one of the sentences, and every sentence with thirty things.
    const told: number[] = [];
    for (const [at, thing] of things.entries()) {
      if (at % every > 0) continue;
      const sentence = SENTENCES[language][(at / every) % 10] ?? '{}';
      told.push(await rank(sentence.replace('{}', thing[language][0] ?? ''), at));
    }
    figures[`sentences ${language} top-1`] = share(told.map((each) => each === 0));
  }
  return figures;
}

/** How many of all 300 × 10 sentences a language are read as exactly the one thing; no picture is needed for it. */
export function measureReading(things: TestThing[]): { figures: Figures; misread: string[] } {
  const figures: Figures = {};
  const misread: string[] = [];
  for (const language of LANGUAGES) {
    let right = 0;
    for (const thing of things)
      for (const sentence of SENTENCES[language]) {
        const prompt = sentence.replace('{}', thing[language][0] ?? '');
        const reading = readPrompt(prompt);
        const ok = reading.things.length === 1 && reading.things[0]?.thing === thing.row;
        right += Number(ok);
        if (!ok) misread.push(`${prompt} → ${reading.understood.join(' | ')}`);
      }
    figures[`sentences ${language} read as the thing alone`] = right / things.length / 10;
  }
  return { figures, misread };
}

const COLOURED = ['automobile', 'rose', 'apple', 'house', 'fish', 'butterfly', 'balloon', 'umbrella', 'cat', 'hat'];

export async function measureColours({ draw, judge, things, styles, every }: Deps): Promise<Figures> {
  const [right, still]: [boolean[], boolean[]] = [[], []];
  // Things of the test where there are such, so that the judge can name them.
  const chosen = things.filter(({ en }) => COLOURED.some((word) => en.includes(word))).slice(0, Math.ceil(10 / every));
  for (const [at, thing] of chosen.entries())
    for (const hue of HUES) {
      const style = styles[at % styles.length] ?? null;
      const picture = await draw({ prompt: `${hue} ${thing.en[0] ?? ''}`, style, seed: 300 + at });
      const shares = hueShares(picture);
      right.push(HUES.every((other) => shares[other] <= shares[hue]) && shares[hue] > 0);
      still.push((await judged(judge, picture, things.indexOf(thing))) < 5);
    }
  return { 'colour word is the main hue': share(right), 'recoloured thing in top-5': share(still) };
}

const LEFT = { left: 0, top: 0, width: 128, height: 256 };
const RIGHT = { ...LEFT, left: 128 };

export async function measurePlaces({ draw, judge, things, styles, every }: Deps): Promise<Figures> {
  const random = seededRandom(5);
  const any = (): number => Math.floor(random() * things.length);
  const name = (at: number): string => things[at]?.en[0] ?? '';
  const [halves, on]: [boolean[], boolean[]] = [[], []];
  for (let i = 0; i < 40 / every; i++) {
    const [a, b] = [any(), any()];
    const style = styles[i % styles.length] ?? null;
    const pair = await draw({ prompt: `${name(a)} and ${name(b)}`, style, seed: 400 + i });
    halves.push((await judged(judge, pair, a, LEFT)) < 5, (await judged(judge, pair, b, RIGHT)) < 5);
    const ground = HUES[i % HUES.length] ?? 'blue';
    const picture = await draw({ prompt: `${name(a)} on a ${ground} background`, style, seed: 500 + i });
    on.push((await judged(judge, picture, a)) < 5);
  }
  return { 'pairs, each half in top-5': share(halves), 'X on a coloured ground, X in top-5': share(on) };
}
