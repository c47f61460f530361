import { readFileSync } from 'node:fs';
import { fillerWords } from './grammar.ts';

const LANGUAGES = ['en', 'ko', 'ja', 'zh'] as const;
type Language = (typeof LANGUAGES)[number];

/** One thing that the model can draw. `styles`: rows of the style table it was drawn in for training. Words: the name, then key words. */
type Thing = { key: string; group: number; styles: number[] } & Record<Language, string[]>;

/** Rows of the thing table (1…) that a phrase may mean, with how well it fits: 0 is the very name, then the place among the key words. */
export type Meanings = Map<number, number>;

type Lexicon = {
  phrases: Map<string, Meanings>;
  /** Longest phrase, in characters. */
  longest: number;
  /** Names alone, for words that are nearly one. */
  names: string[];
  thing: (row: number) => { styles: number[]; group: number; key: string };
};

/** The same text for the same words: composed, lower case, half width, single spaces, no sign that asks for an emoji's colours. */
export function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('\ufe0f', '')
    .replace(/[\s_]+/g, ' ')
    .replace(/[“”"'’!?.:;()[\]…！？。「」]+/g, ' ')
    .replace(/ +/g, ' ')
    .trim();
}

const FLAGS = 9;

/** Unicode says "flag: Japan"; people say it otherwise. */
function flagPhrases(name: string): string[] {
  const country = normalise(name.split(/[:：]/)[1] ?? '');
  if (country === '') return [];
  return [
    `${country} flag`,
    `flag of ${country}`,
    `${country} 국기`,
    `${country} 깃발`,
    `${country}の旗`,
    `${country}の国旗`,
    `${country}国旗`,
  ];
}

function add(phrases: Map<string, Meanings>, phrase: string, row: number, rank: number): void {
  const meanings = phrases.get(phrase) ?? new Map<number, number>();
  meanings.set(row, Math.min(rank, meanings.get(row) ?? Infinity));
  phrases.set(phrase, meanings);
}

function build(): Lexicon {
  const file = new URL('../../weights/things.json', import.meta.url);
  const things = JSON.parse(readFileSync(file, 'utf8')) as Thing[];
  const phrases = new Map<string, Meanings>();
  const names: string[] = [];
  for (const [at, thing] of things.entries()) {
    const row = at + 1;
    add(phrases, String.fromCodePoint(...thing.key.split('-').map((hex) => parseInt(hex, 16))), row, 0);
    for (const language of LANGUAGES)
      for (const [rank, word] of thing[language].entries()) {
        const phrase = normalise(word);
        if (phrase === '') continue;
        add(phrases, phrase, row, rank);
        if (rank === 0 && thing.group === FLAGS) for (const flag of flagPhrases(word)) add(phrases, flag, row, 0);
        if (rank === 0 && !fillerWords.has(phrase)) names.push(phrase);
      }
  }
  let longest = 0;
  for (const phrase of phrases.keys()) longest = Math.max(longest, phrase.length);
  return {
    phrases,
    longest,
    names,
    thing(row) {
      const thing = things[row - 1];
      if (!thing) throw new RangeError(`There is no thing ${row}`);
      return thing;
    },
  };
}

let built: Lexicon | undefined;
/** The words of the model, read once: about 70,000 phrases, 0.2 s. */
export const lexicon = (): Lexicon => (built ??= build());
