import { type Family, flowStart, isWholeFolder, sizesUpTo } from '../graph/family.ts';
import { flow } from './flow.ts';

export const sd3: Family = {
  ...flow,
  base: 'sd-3',
  isUsable: isWholeFolder,
  loader: 'sd3_model_loader',
  parts: () => ({}),
  encoder: {
    type: 'sd3_text_encoder',
    inputs: { clip_l: 'clip_l', clip_g: 'clip_g', t5_encoder: 't5_encoder' },
    words: ['prompt'],
  },
  denoise: {
    type: 'sd3_denoise',
    inputs: { transformer: 'transformer' },
    positive: 'positive_conditioning',
    negative: { input: 'negative_conditioning', always: true, emptyWords: '' },
    size: 'denoise',
    fields: ({ steps, guidance, seed }) => ({ steps, cfg_scale: guidance, seed }),
    startOf: flowStart,
  },
  toLatents: { type: 'sd3_i2l' },
  toImage: { type: 'sd3_l2i', canTile: false },
  loras: null,
  limits: {
    sizes: sizesUpTo(1_536, { side: 1_024, multipleOf: 16 }),
    steps: { min: 1, max: 100, default: 28 },
    guidance: { min: 1, max: 20, default: 4.5 },
    schedulers: ['euler'],
    languages: ['en'],
    loadMs: 20_000,
    imageMs: 12_000,
  },
};
