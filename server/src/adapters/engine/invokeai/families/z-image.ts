import { type Family, isWholeFolder, nameOf, plainStart, sizesUpTo } from '../graph/family.ts';
import { flow } from './flow.ts';

export const zImage: Family = {
  ...flow,
  base: 'z-image',
  isUsable: isWholeFolder,
  loader: 'z_image_model_loader',
  // A whole folder is its own source of encoder and decoder; left out, the node fails.
  parts: (model) => ({ qwen3_source_model: nameOf(model) }),
  encoder: { type: 'z_image_text_encoder', inputs: { qwen3_encoder: 'qwen3_encoder' }, words: ['prompt'] },
  denoise: {
    type: 'z_image_denoise',
    inputs: { transformer: 'transformer', vae: 'vae' },
    positive: 'positive_conditioning',
    negative: { input: 'negative_conditioning', always: false, emptyWords: '' },
    size: 'denoise',
    fields: ({ steps, guidance, scheduler, seed }) => ({ steps, guidance_scale: guidance, scheduler, seed }),
    startOf: plainStart,
  },
  toLatents: { type: 'z_image_i2l' },
  toImage: { type: 'z_image_l2i', canTile: false },
  loras: { loader: 'z_image_lora_collection_loader', outputs: ['transformer', 'qwen3_encoder'] },
  limits: {
    sizes: sizesUpTo(1_536, { side: 1_024, multipleOf: 16 }),
    steps: { min: 1, max: 60, default: 9 },
    guidance: { min: 1, max: 10, default: 1 },
    schedulers: ['euler', 'heun', 'lcm'],
    languages: ['en', 'zh'],
    loadMs: 15_000,
    imageMs: 5_000,
  },
};
