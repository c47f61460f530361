import { describe, expect, test } from 'vitest';
import type { CatalogueModel } from '#features/models/index.ts';
import type { AppError } from '#platform/errors.ts';
import { GenerateBody, type GenerateInput } from './generate-body.ts';
import { resolveRequest } from './resolve-request.ts';

const model: CatalogueModel = {
  id: 'tiny',
  engine: 'fake',
  name: 'Tiny',
  base: 'test',
  plans: null,
  loadMs: 1_000,
  imageMs: 1_000,
  available: true,
  memoryBytes: null,
  tooSmall: [],
  timings: new Map(),
  capabilities: {
    modes: ['txt2img', 'img2img', 'inpaint'],
    sizes: {
      min: { width: 64, height: 64 },
      max: { width: 512, height: 512 },
      default: { width: 256, height: 256 },
      multipleOf: 64,
    },
    allowedSizes: [],
    steps: { min: 1, max: 50, default: 12 },
    guidance: { min: 1, max: 20, default: 4 },
    schedulers: ['euler', 'ddim'],
    styles: ['sketch'],
    languages: ['ko'],
    adapters: { lorasMax: 0, controls: [], referencesMax: 0 },
    licence: 'MIT',
  },
};
const image = { init_image_id: 'a' };

const resolve = (body: Partial<GenerateInput>, changes: Partial<CatalogueModel['capabilities']> = {}) =>
  resolveRequest({ prompt: 'x', ...body }, { ...model, capabilities: { ...model.capabilities, ...changes } }, 7);

function errorsOf(body: Partial<GenerateInput>, changes?: Partial<CatalogueModel['capabilities']>): [string, string][] {
  try {
    resolve(body, changes);
    return [];
  } catch (error) {
    return (error as AppError).errors?.map(({ pointer, detail }) => [pointer, detail]) ?? [];
  }
}

describe('a request becomes', () => {
  test('complete: every default is the model’s, the seed a string', () => {
    expect(resolve({})).toEqual({
      mode: 'txt2img',
      request: {
        model: 'tiny',
        prompt: 'x',
        negative_prompt: '',
        style: null,
        width: 256,
        height: 256,
        steps: 12,
        guidance: 4,
        scheduler: 'euler',
        seed: '7',
        count: 1,
        init_image_id: null,
        mask_image_id: null,
        strength: 0.6,
        outpaint: null,
        upscale: null,
        loras: [],
        control: [],
        reference_images: [],
        start_by_s: 86_400,
        metadata: {},
      },
    });
    expect(resolve({ seed: '0042' }).request.seed).toBe('42');
    expect(resolve({ seed: 4_294_967_295 }).request.seed).toBe('4294967295');
  });

  test('a mode by its fields', () => {
    expect(resolve(image).mode).toBe('img2img');
    expect(resolve({ ...image, mask_image_id: 'b' }).mode).toBe('inpaint');
    const side = { left: 64, top: 0, right: 0, bottom: 0 };
    expect(resolve({ ...image, outpaint: side }, { modes: ['outpaint'] }).mode).toBe('outpaint');
    expect(resolve({ ...image, upscale: { factor: 2 } }, { modes: ['upscale'] }).mode).toBe('upscale');
  });
});

describe('a request is refused, and the refusal names', () => {
  test.for([
    [
      'the mode a mask without an image would need',
      { mask_image_id: 'b' },
      '/mask_image_id',
      /inpaint needs init_image_id/,
    ],
    ['the mode the model lacks', { ...image, upscale: { factor: 2 } }, '/upscale', /cannot do upscale/],
    [
      'outpaint without an image',
      { outpaint: { left: 1, top: 0, right: 0, bottom: 0 } },
      '/outpaint',
      /outpaint needs init_image_id/,
    ],
    ['two modes at once', { ...image, mask_image_id: 'b', upscale: { factor: 2 } }, '', /one of upscale, inpaint/],
    [
      'outpaint by nothing',
      { ...image, outpaint: { left: 0, top: 0, right: 0, bottom: 0 } },
      '/outpaint',
      /at least one side/,
    ],
    ['a width off the grid', { width: 100 }, '/width', /multiple of 64/],
    ['a height beyond the model', { height: 1_024 }, '/height', /64 to 512/],
    ['steps beyond the model', { steps: 51 }, '/steps', /1 to 50/],
    ['guidance below the model', { guidance: 0.5 }, '/guidance', /1 to 20/],
    ['an unknown scheduler', { scheduler: 'lcm' }, '/scheduler', /euler, ddim/],
    ['an unknown style', { style: 'oil' }, '/style', /sketch/],
    ['LoRAs the model cannot use', { loras: [{ id: 'l', weight: 1 }] }, '/loras', /cannot use loras/],
    [
      'control images the model cannot use',
      { control: [{ image_id: 'c', type: 'canny', weight: 1, start: 0, end: 1 }] },
      '/control',
      /cannot use control/,
    ],
    [
      'reference images the model cannot use',
      { reference_images: [{ image_id: 'c', weight: 1 }] },
      '/reference_images',
      /cannot use reference_images/,
    ],
  ] as const)('%s', ([, body, pointer, words]) => {
    expect(errorsOf(body as Partial<GenerateInput>)).toEqual([[pointer, expect.stringMatching(words)]]);
  });

  test('every wrong place at once', () => {
    expect(errorsOf({ width: 100, steps: 99, style: 'oil' }).map(([pointer]) => pointer)).toEqual([
      '/width',
      '/steps',
      '/style',
    ]);
  });

  test('the sizes of a model that draws only some', () => {
    expect(errorsOf({ width: 320 }, { allowedSizes: [{ width: 256, height: 256 }] })).toEqual([
      ['/width', 'This model draws 256×256'],
    ]);
  });
});

describe('the body', () => {
  test('counts a prompt in characters as people see them, up to 4,000', () => {
    expect(GenerateBody.safeParse({ prompt: '😀'.repeat(4_000) }).success).toBe(true);
    expect(GenerateBody.safeParse({ prompt: '😀'.repeat(4_001) }).success).toBe(false);
    expect(GenerateBody.safeParse({ prompt: '고'.repeat(4_001) }).success).toBe(false);
    expect(GenerateBody.safeParse({ prompt: '' }).success).toBe(false);
  });

  test('takes at most 16 entries of metadata with 500 characters each', () => {
    const entries = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'v']));
    expect(GenerateBody.safeParse({ prompt: 'x', metadata: entries(16) }).success).toBe(true);
    expect(GenerateBody.safeParse({ prompt: 'x', metadata: entries(17) }).success).toBe(false);
    expect(GenerateBody.safeParse({ prompt: 'x', metadata: { k: 'v'.repeat(501) } }).success).toBe(false);
  });
});
