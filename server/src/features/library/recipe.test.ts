import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalRecipe, recipeSha256, type Json, type RecipeInput } from './recipe.ts';

const input: RecipeInput = {
  request: {
    model: 'mini',
    prompt: '웃는 고양이 🐈',
    negative_prompt: '',
    style: null,
    width: 256,
    height: 256,
    steps: 12,
    guidance: 4.0,
    scheduler: 'euler',
    seed: '1234',
    count: 2,
    strength: 0.6,
    metadata: { order: 'private' },
    quote_id: 'q',
    start_by_s: 60,
  },
  mode: 'txt2img',
  model: { id: 'mini', base: 'mini', engine: 'mini', engineVersion: '1.0.0' },
  seed: 4294967295,
};

/** The same value with the keys of every object in another order. */
function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, inner]) => [key, reversed(inner)]));
}

describe('recipe', () => {
  test('a recipe is the bytes that RFC 8785 asks for', () => {
    const { json, sha256 } = canonicalRecipe(input);
    expect(json).toBe(
      '{"format":"pingvas-recipe/1","mode":"txt2img","model":{"base":"mini","engine":"mini","engine_version":"1.0.0","id":"mini"},' +
        '"request":{"guidance":4,"height":256,"negative_prompt":"","prompt":"웃는 고양이 🐈","scheduler":"euler","steps":12,"strength":0.6,"style":null,"width":256},' +
        '"seed":"4294967295","sources":{}}',
    );
    expect(sha256).toBe(createHash('sha256').update(Buffer.from(json, 'utf8')).digest('hex'));
  });

  test('words that do not decide the picture never reach the recipe', () => {
    const { json } = canonicalRecipe(input);
    for (const word of ['metadata', 'private', 'quote_id', 'start_by_s', 'count']) expect(json).not.toContain(word);
    const other = canonicalRecipe({ ...input, request: { ...input.request, metadata: { order: 'other' }, count: 8 } });
    expect(other.json).toBe(json);
  });

  test('the order of fields changes nothing, also after a round trip through the database', () => {
    const { value, sha256 } = canonicalRecipe(input);
    const request = Object.fromEntries(Object.entries(input.request).reverse());
    expect(canonicalRecipe({ ...input, request }).sha256).toBe(sha256);
    expect(recipeSha256(JSON.parse(JSON.stringify(reversed(value))))).toBe(sha256);
  });

  test('any other seed, model, source or letter is another recipe', () => {
    const variants: RecipeInput[] = [
      input,
      { ...input, seed: 0 },
      { ...input, mode: 'img2img' },
      { ...input, model: { ...input.model, engineVersion: '1.0.1' } },
      { ...input, sourceSha256: { i1: 'a'.repeat(64) } },
      { ...input, request: { ...input.request, prompt: '웃는 고양이' } },
      { ...input, request: { ...input.request, prompt: '웃는 고양이'.normalize('NFD') } },
    ];
    expect(new Set(variants.map((variant) => canonicalRecipe(variant).sha256)).size).toBe(variants.length);
  });

  test('numbers have one spelling', () => {
    const guidance = (value: number) =>
      /"guidance":([^,]+),/.exec(
        canonicalRecipe({ ...input, request: { ...input.request, guidance: value } }).json,
      )?.[1];
    expect([4.0, 0.1 + 0.2, 1e21, 1e-7, -0].map(guidance)).toEqual(['4', '0.30000000000000004', '1e+21', '1e-7', '0']);
  });

  test.each([-1, 1.5, 4294967296, Number.NaN])('the seed %s is refused', (seed) => {
    expect(() => canonicalRecipe({ ...input, seed })).toThrow(RangeError);
  });

  test('what JSON cannot carry is refused instead of being changed in silence', () => {
    for (const prompt of ['\ud800', 'a\udc00b', Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => canonicalRecipe({ ...input, request: { ...input.request, prompt } })).toThrow();
    }
  });

  test('every recipe reads back as itself', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(
        text,
        text,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.nat(0xffff_ffff),
        (prompt, style, guidance, seed) => {
          const { value, json, sha256 } = canonicalRecipe({ ...input, request: { prompt, style, guidance }, seed });
          const read = JSON.parse(json) as Json;
          expect(recipeSha256(read)).toBe(sha256);
          expect(read).toEqual(JSON.parse(JSON.stringify(value)));
        },
      ),
      { numRuns: 200, seed: 3 },
    );
  });
});
