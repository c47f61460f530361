import { type Family, isWholeFolder, plainStart, sizesUpTo } from '../graph/family.ts';
import { flow } from './flow.ts';

export const qwenImage: Family = {
  ...flow,
  base: 'qwen-image',
  isUsable: isWholeFolder,
  loader: 'qwen_image_model_loader',
  parts: () => ({}),
  encoder: { type: 'qwen_image_text_encoder', inputs: { qwen_vl_encoder: 'qwen_vl_encoder' }, words: ['prompt'] },
  denoise: {
    type: 'qwen_image_denoise',
    inputs: { transformer: 'transformer' },
    positive: 'positive_conditioning',
    // Its encoder makes nothing of no words at all.
    negative: { input: 'negative_conditioning', always: false, emptyWords: ' ' },
    size: 'denoise',
    fields: ({ steps, guidance, seed }) => ({ steps, cfg_scale: guidance, seed }),
    startOf: plainStart,
  },
  toLatents: { type: 'qwen_image_i2l' },
  toImage: { type: 'qwen_image_l2i', canTile: false },
  loras: { loader: 'qwen_image_lora_collection_loader', outputs: ['transformer'] },
  limits: {
    sizes: sizesUpTo(1_664, { side: 1_024, multipleOf: 16 }),
    steps: { min: 1, max: 100, default: 40 },
    guidance: { min: 1, max: 20, default: 4 },
    schedulers: ['euler'],
    languages: ['en', 'zh', 'ko', 'ja'],
    loadMs: 40_000,
    imageMs: 40_000,
  },
};
