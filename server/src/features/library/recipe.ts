import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** A value that survives JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The fields of a resolved request that decide what the picture looks like. Everything else of a request is not part of a recipe. */
const recipeRequestFields = [
  'prompt',
  'negative_prompt',
  'style',
  'width',
  'height',
  'steps',
  'guidance',
  'scheduler',
  'strength',
  'outpaint',
  'upscale',
  'loras',
  'control',
  'reference_images',
  'init_image_id',
  'mask_image_id',
] as const;

export type RecipeInput = {
  /** The generation's request with every default resolved, in the API's words. Fields that do not decide the picture are left out. */
  request: Readonly<Record<string, Json | undefined>>;
  mode: string;
  model: { id: string; base: string; engine: string; engineVersion: string };
  /** Seed of this picture, 0 to 2^32-1 (for picture i of a batch: seed + i, mod 2^32). */
  seed: number;
  /** SHA-256 (hex) of each source picture by its id, so that the recipe says which bytes went in. */
  sourceSha256?: Readonly<Record<string, string>>;
};

/** One recipe: its value for the database, its canonical text for the picture, and the text's SHA-256 in hex. */
export type CanonicalRecipe = { value: { [key: string]: Json }; json: string; sha256: string };

/**
 * The recipe of one picture as canonical JSON (RFC 8785) with its SHA-256: equal recipes have equal bytes, whatever the order their fields came in.
 * Text is taken as it is, not normalised: an engine may tell two spellings apart.
 * @throws RangeError for a seed outside 0 to 2^32-1; Error for a lone surrogate or a number that JSON does not know.
 */
export function canonicalRecipe(input: RecipeInput): CanonicalRecipe {
  if (!Number.isInteger(input.seed) || input.seed < 0 || input.seed > 0xffff_ffff) {
    throw new RangeError('A seed is an integer from 0 to 4294967295.');
  }
  const request: { [key: string]: Json } = {};
  for (const field of recipeRequestFields) {
    const value = input.request[field];
    if (value !== undefined) request[field] = value;
  }
  const { id, base, engine, engineVersion } = input.model;
  const value: { [key: string]: Json } = {
    format: 'pingvas-recipe/1',
    mode: input.mode,
    model: { id, base, engine, engine_version: engineVersion },
    request,
    // A string, as the API shows it: readers in other languages must not lose digits.
    seed: String(input.seed),
    sources: { ...input.sourceSha256 },
  };
  const json = canonicalJson(value);
  return { value, json, sha256: createHash('sha256').update(json, 'utf8').digest('hex') };
}

/** SHA-256 (hex) of a recipe read back from the database or from a picture, to compare with the one on the receipt. */
export function recipeSha256(value: Json): string {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');
}

function canonicalJson(value: Json): string {
  const json = canonicalize(value);
  if (json === undefined) throw new TypeError('A recipe must be a JSON value.');
  return json;
}
