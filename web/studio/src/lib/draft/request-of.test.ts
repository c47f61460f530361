import { expect, test } from 'vitest';
import type { JobRequest, Model } from '../../api/api.gen.ts';
import { changed, draftSlice, type Draft, emptyDraft } from './draft.ts';
import { canvasOf, draftOf, priceRequestOf, requestOf } from './request-of.ts';

const model = {
  id: 'sdxl',
  modes: ['txt2img', 'img2img', 'inpaint', 'outpaint', 'upscale'],
  sizes: {
    min: { width: 64, height: 64 },
    max: { width: 2_048, height: 2_048 },
    default: { width: 1_024, height: 1_024 },
    multiple_of: 8,
    only: [],
  },
  steps: { min: 1, max: 50, default: 30 },
  guidance: { min: 1, max: 20, default: 7 },
  schedulers: ['euler', 'heun'],
  styles: ['flat'],
} as unknown as Model;
const source = { image_id: 'image-1', width: 512, height: 512 };
const draft = (changes: Partial<Draft>): Draft => ({ ...emptyDraft, prompt: ' 고양이 ', ...changes });

test('words alone make a text-to-image request with the defaults of the model', () => {
  expect(requestOf(draft({}), model, null)).toEqual({
    model: 'sdxl',
    prompt: '고양이',
    negative_prompt: '',
    style: null,
    width: 1_024,
    height: 1_024,
    steps: 30,
    guidance: 7,
    count: 1,
  });
});

test('a draft made for another model stays possible', () => {
  const request = requestOf(
    draft({ steps: 80, guidance: 0, style: 'oil', scheduler: 'lcm', size: { width: 100, height: 64 } }),
    model,
    null,
  );
  expect(request).toMatchObject({ steps: 50, guidance: 1, style: null, width: 1_024, height: 1_024 });
  expect(request).not.toHaveProperty('scheduler');
});

test('a model that draws only some sizes gets one of them', () => {
  const sizes = { ...model.sizes, default: { width: 256, height: 256 }, only: [{ width: 256, height: 256 }] };
  expect(canvasOf({ size: { width: 512, height: 512 } }, { sizes })).toEqual({ width: 256, height: 256 });
});

test('each edit of a source sends its own fields and no other', () => {
  const stroke = { points: [[0.5, 0.5]] as [number, number][], radius: 0.1, erase: false };
  const fields = (changes: Partial<Draft>) => {
    const { init_image_id, mask_image_id, outpaint, upscale } = requestOf(
      draft({ source, ...changes }),
      model,
      'mask-1',
    );
    return { init_image_id, mask_image_id, outpaint, upscale };
  };
  const init = { init_image_id: 'image-1', mask_image_id: undefined, outpaint: undefined, upscale: undefined };
  const sides = { left: 64, top: 0, right: 0, bottom: 0 };
  expect(fields({})).toEqual(init);
  expect(fields({ edit: 'mask', strokes: [stroke] })).toEqual({ ...init, mask_image_id: 'mask-1' });
  expect(fields({ edit: 'mask', strokes: [] })).toEqual(init);
  expect(fields({ edit: 'extend', sides })).toEqual({ ...init, outpaint: sides });
  expect(fields({ edit: 'upscale' })).toEqual({ ...init, upscale: { factor: 2 } });
});

test('a model without the mode is never asked for it', () => {
  const plain = { ...model, modes: ['txt2img'] } as Model;
  expect(requestOf(draft({ source, edit: 'upscale' }), plain, null)).not.toHaveProperty('init_image_id');
});

test('typing changes no price request; another count does', () => {
  const price = (changes: Partial<Draft>) => JSON.stringify(priceRequestOf(draft(changes), model));
  expect(price({ prompt: 'something else', seed: '7', negativePrompt: 'red', style: 'flat' })).toBe(price({}));
  expect(price({ count: 4 })).not.toBe(price({}));
});

test('a request becomes the draft that makes it again, with its seed or with new ones', () => {
  const request = requestOf(draft({ seed: '42', count: 4, steps: 20 }), model, null) as JobRequest;
  expect(requestOf({ ...emptyDraft, ...draftOf(request, null, false) }, model, null)).toEqual({
    ...request,
    scheduler: undefined,
  });
  expect(draftOf(request, null, true).seed).toBe('');
});

test('another source or canvas forgets what was painted on the old one', () => {
  const painted = draft({ source, strokes: [{ points: [[0, 0]], radius: 0.1, erase: false }] });
  const after = (changes: Partial<Draft>) => draftSlice.reducer(painted, changed(changes)).strokes.length;
  expect(after({ prompt: 'x' })).toBe(1);
  expect(after({ source: { ...source, image_id: 'image-2' } })).toBe(0);
  expect(after({ size: { width: 512, height: 768 } })).toBe(0);
});
