import { type Family, sizesUpTo } from '../graph/family.ts';
import { stableDiffusion } from './stable-diffusion.ts';

export const sdxl: Family = {
  ...stableDiffusion,
  base: 'sdxl',
  loader: 'sdxl_model_loader',
  encoder: {
    type: 'sdxl_compel_prompt',
    inputs: { clip: 'clip', clip2: 'clip2' },
    words: ['prompt', 'style'],
    // The sizes the model was trained to be told, whatever the canvas is.
    fields: { original_width: 1_024, original_height: 1_024, target_width: 1_024, target_height: 1_024 },
  },
  // Its own decoder overflows in half precision: without this, black pictures.
  toLatents: { type: 'i2l', fields: { fp32: true } },
  toImage: { type: 'l2i', fields: { fp32: true }, canTile: true },
  mask: { fp32: true, unet: true },
  loras: { loader: 'sdxl_lora_collection_loader', outputs: ['unet', 'clip', 'clip2'] },
  references: { vision: 'ViT-H', encoderName: 'IP Adapter SD1.5 Image Encoder' },
  limits: {
    ...stableDiffusion.limits,
    sizes: sizesUpTo(1_536, { side: 1_024, multipleOf: 8 }),
    guidance: { min: 1, max: 20, default: 6 },
    loadMs: 10_000,
    imageMs: 8_000,
  },
};
