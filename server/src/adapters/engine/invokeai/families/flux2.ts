import { type Family, flowStart, isWholeFolder, sizesUpTo } from '../graph/family.ts';
import { flow } from './flow.ts';

/** FLUX.2 Klein; the dev variant has nodes of its own. */
export const flux2: Family = {
  ...flow,
  base: 'flux2',
  isUsable: (record) => isWholeFolder(record) && (record.variant ?? '').startsWith('klein'),
  loader: 'flux2_klein_model_loader',
  parts: () => ({}),
  encoder: {
    type: 'flux2_klein_text_encoder',
    inputs: { qwen3_encoder: 'qwen3_encoder', max_seq_len: 'max_seq_len' },
    words: ['prompt'],
  },
  denoise: {
    type: 'flux2_denoise',
    inputs: { transformer: 'transformer', vae: 'vae' },
    positive: 'positive_text_conditioning',
    // Distilled: guidance is in the weights.
    negative: null,
    size: 'denoise',
    fields: ({ steps, scheduler, seed }) => ({ num_steps: steps, scheduler, seed }),
    startOf: flowStart,
  },
  toLatents: { type: 'flux2_vae_encode' },
  toImage: { type: 'flux2_vae_decode', canTile: false },
  loras: { loader: 'flux2_klein_lora_collection_loader', outputs: ['transformer', 'qwen3_encoder'] },
  limits: {
    sizes: sizesUpTo(1_536, { side: 1_024, multipleOf: 16 }),
    steps: { min: 1, max: 50, default: 4 },
    guidance: { min: 1, max: 1, default: 1 },
    schedulers: ['euler', 'heun', 'lcm'],
    languages: ['en', 'zh'],
    loadMs: 20_000,
    imageMs: 4_000,
  },
};
