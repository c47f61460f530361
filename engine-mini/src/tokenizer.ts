/** Words a prompt may have; what follows is not read. */
export const WORDS_MAX = 16;
/** Features of one word: hashed n-grams, 0 = none. */
export const FEATURES = 14;
const TABLE_ROWS = 32_768;

export type Tokens = {
  /** Rows of the embedding table, `WORDS_MAX × FEATURES`, 0 = empty. */
  ids: BigInt64Array;
  /** Words read and words beyond the model's reach. */
  words: number;
  ignored: number;
};

const KANA_OR_HAN = '\\u3040-\\u30ff\\u3400-\\u9fff';
const PARTS = new RegExp(
  // Runs of kana and Han | words of any other script | single symbols such as emoji.
  `[${KANA_OR_HAN}]+|(?:(?![${KANA_OR_HAN}_])[\\p{L}\\p{N}])+|[^\\p{L}\\p{N}\\s\\0-\\x7f\\u3000-\\u303f\\uff00-\\uffef]`,
  'gu',
);
const STARTS_WITH_KANA_OR_HAN = new RegExp(`^[${KANA_OR_HAN}]`);
const STARTS_WITH_HANGUL = /^[\uac00-\ud7a3]/;
const EMOJI_PRESENTATION = '\ufe0f';
const utf8 = new TextEncoder();

/** FNV-1a over the UTF-8 bytes, 32 bits (Fowler, Noll, Vo; offset basis 2166136261, prime 16777619). */
function hash(text: string): number {
  let state = 2_166_136_261;
  for (const byte of utf8.encode(text)) state = Math.imul(state ^ byte, 16_777_619) >>> 0;
  return state;
}

function rowsOf(grams: string[]): number[] {
  return [...new Set(grams)].slice(0, FEATURES).map((gram) => 1 + (hash(gram) % (TABLE_ROWS - 1)));
}

/** A Hangul syllable carries about as much as two letters, so its n-grams are one shorter. */
function wordGrams(word: string): string[] {
  const characters = Array.from(`<${word}>`);
  const grams = [`=${word}`];
  for (const length of STARTS_WITH_HANGUL.test(word) ? [2, 3, 4] : [3, 4, 5])
    for (let start = 0; start + length <= characters.length; start++)
      grams.push(characters.slice(start, start + length).join(''));
  return grams;
}

/** Chinese and Japanese have no spaces: each character is a word, with the one and two that follow it. */
function characterGrams(run: string): string[][] {
  return Array.from(run, (_, start) =>
    [1, 2, 3].slice(0, run.length - start).map((length) => run.slice(start, start + length)),
  );
}

/**
 * Turns a prompt in Korean, English, Japanese or Chinese into rows of the text model's table.
 *
 * The weights were trained on exactly these rows: any change here needs a new training.
 */
export function tokenize(text: string): Tokens {
  const clean = text.normalize('NFKC').toLowerCase().replaceAll(EMOJI_PRESENTATION, '');
  const words = Array.from(clean.matchAll(PARTS), ([part]) => part).flatMap((part) =>
    STARTS_WITH_KANA_OR_HAN.test(part) ? characterGrams(part) : [wordGrams(part)],
  );
  const ids = new BigInt64Array(WORDS_MAX * FEATURES);
  for (const [at, grams] of words.slice(0, WORDS_MAX).entries())
    for (const [feature, row] of rowsOf(grams).entries()) ids[at * FEATURES + feature] = BigInt(row);
  return { ids, words: Math.min(words.length, WORDS_MAX), ignored: Math.max(0, words.length - WORDS_MAX) };
}
