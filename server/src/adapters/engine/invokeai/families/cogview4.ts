import { type Family, isWholeFolder, plainStart, sizesUpTo } from '../graph/family.ts';
import { flow } from './flow.ts';

export const cogview4: Family = {
  ...flow,
  base: 'cogview4',
  isUsable: isWholeFolder,
  loader: 'cogview4_model_loader',
  parts: () => ({}),
  encoder: { type: 'cogview4_text_encoder', inputs: { glm_encoder: 'glm_encoder' }, words: ['prompt'] },
  denoise: {
    type: 'cogview4_denoise',
    inputs: { transformer: 'transformer' },
    positive: 'positive_conditioning',
    negative: { input: 'negative_conditioning', always: true, emptyWords: '' },
    size: 'denoise',
    fields: ({ steps, guidance, seed }) => ({ steps, cfg_scale: guidance, seed }),
    startOf: plainStart,
  },
  toLatents: { type: 'cogview4_i2l' },
  toImage: { type: 'cogview4_l2i', canTile: false },
  loras: null,
  limits: {
    sizes: sizesUpTo(1_536, { side: 1_024, multipleOf: 32 }),
    steps: { min: 1, max: 100, default: 25 },
    guidance: { min: 1, max: 20, default: 3.5 },
    schedulers: ['euler'],
    languages: ['en', 'zh'],
    loadMs: 30_000,
    imageMs: 25_000,
  },
};
