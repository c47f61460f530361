import { lexicon, type Meanings } from './lexicon.ts';

/** Share of common pairs of characters from which two words are taken for one (Dice 1945). */
const NEAR = 0.7;
const LETTERS_MIN = 4;

function pairs(word: string): string[] {
  const framed = Array.from(`<${word}>`);
  return framed.slice(1).map((character, i) => `${framed[i] ?? ''}${character}`);
}

/** What a word nobody knows was probably meant to be: the name that shares most pairs of characters with it, if it shares enough. */
export function nearestName(word: string): Meanings | undefined {
  if (/^\p{Script=Latin}+$/u.test(word) ? word.length < LETTERS_MIN : word.length < 2) return undefined;
  const mine = pairs(word);
  let nearest: string | undefined;
  let score = NEAR;
  for (const name of lexicon().names) {
    if (Math.abs(name.length - word.length) > 2) continue;
    const theirs = new Set(pairs(name));
    const shared = mine.filter((pair) => theirs.has(pair)).length;
    const dice = (2 * shared) / (mine.length + theirs.size);
    if (dice > score) [nearest, score] = [name, dice];
  }
  return nearest === undefined ? undefined : lexicon().phrases.get(nearest);
}
