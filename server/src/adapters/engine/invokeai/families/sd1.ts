import { type Family, sizesUpTo } from '../graph/family.ts';
import { stableDiffusion } from './stable-diffusion.ts';

export const sd1: Family = {
  ...stableDiffusion,
  base: 'sd-1',
  loader: 'main_model_loader',
  encoder: { type: 'compel', inputs: { clip: 'clip' }, words: ['prompt'] },
  toLatents: { type: 'i2l', fields: { fp32: false } },
  toImage: { type: 'l2i', fields: { fp32: false }, canTile: true },
  mask: { fp32: false, unet: true },
  loras: { loader: 'lora_collection_loader', outputs: ['unet', 'clip'] },
  references: { vision: 'ViT-H', encoderName: 'IP Adapter SD1.5 Image Encoder' },
  limits: {
    ...stableDiffusion.limits,
    sizes: sizesUpTo(1_024, { side: 512, multipleOf: 8 }),
    guidance: { min: 1, max: 30, default: 7 },
    loadMs: 4_000,
    imageMs: 2_500,
  },
};
