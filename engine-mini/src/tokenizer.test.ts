import { expect, test } from 'vitest';
import golden from './tokenizer.golden.json' with { type: 'json' };
import { FEATURES, tokenize, WORDS_MAX } from './tokenizer.ts';

/** The rows of a text without the empty ones behind it. */
function rows(text: string): number[] {
  const ids = Array.from(tokenize(text).ids, Number);
  return ids.slice(0, ids.findLastIndex((id) => id !== 0) + 1);
}

test.each(Object.entries(golden))('%j gives the rows that the weights were trained on', (text, expected) => {
  expect(rows(text)).toEqual(expected);
});

test('the way a text is written down does not matter: composed or decomposed, upper or lower case, full or half width', () => {
  expect(rows('고양이'.normalize('NFD'))).toEqual(rows('고양이'));
  expect(rows('ＲＥＤ Apple')).toEqual(rows('red apple'));
});

test('words beyond the sixteenth are counted, not read', () => {
  const words = Array.from({ length: 20 }, (_, i) => `word${i}`).join(' ');
  const tokens = tokenize(words);
  expect(tokens).toMatchObject({ words: WORDS_MAX, ignored: 4 });
  expect(tokens.ids).toHaveLength(WORDS_MAX * FEATURES);
});

test('any text is readable: nothing, line ends, lone surrogates, NUL', () => {
  for (const text of ['', '\n\t ', '\ud800', '\u0000', '🏳️‍🌈', '가'.repeat(4_000)])
    expect(tokenize(text).ids).toHaveLength(WORDS_MAX * FEATURES);
  expect(tokenize('').words).toBe(0);
});
