import { type Family, flowStart, nameOf, sizesUpTo } from '../graph/family.ts';
import { flow } from './flow.ts';

export const flux: Family = {
  ...flow,
  base: 'flux',
  // The fill variant wants another graph.
  isUsable: ({ variant }) => variant !== 'dev_fill',
  loader: 'flux_model_loader',
  parts: (_, records) => {
    const t5 = records.find(({ type }) => type === 't5_encoder');
    const clip = records.find(({ type }) => type === 'clip_embed');
    const vae = records.find(({ type, base }) => type === 'vae' && base === 'flux');
    return t5 && clip && vae
      ? { t5_encoder_model: nameOf(t5), clip_embed_model: nameOf(clip), vae_model: nameOf(vae) }
      : null;
  },
  encoder: {
    type: 'flux_text_encoder',
    inputs: { clip: 'clip', t5_encoder: 't5_encoder', max_seq_len: 't5_max_seq_len' },
    words: ['prompt'],
  },
  denoise: {
    type: 'flux_denoise',
    inputs: { transformer: 'transformer' },
    positive: 'positive_text_conditioning',
    negative: null,
    size: 'denoise',
    fields: ({ steps, guidance, scheduler, seed }) => ({ num_steps: steps, guidance, scheduler, seed }),
    startOf: flowStart,
  },
  toLatents: { type: 'flux_vae_encode' },
  toImage: { type: 'flux_vae_decode', canTile: false },
  loras: { loader: 'flux_lora_collection_loader', outputs: ['transformer', 'clip', 't5_encoder'] },
  controls: { type: 'flux_controlnet', fields: {}, vae: true },
  limits: {
    sizes: sizesUpTo(1_536, { side: 1_024, multipleOf: 16 }),
    steps: { min: 1, max: 60, default: 4 },
    guidance: { min: 1, max: 30, default: 3.5 },
    schedulers: ['euler', 'heun', 'lcm'],
    languages: ['en'],
    loadMs: 25_000,
    imageMs: 5_000,
  },
};
