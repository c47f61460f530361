import type { Family } from '../graph/family.ts';

/** The schedulers of the classic denoiser that run with any number of steps (not `pndm`), the everyday ones first. */
const schedulers = [
  'dpmpp_2m_k',
  'euler',
  'euler_a',
  'ddim',
  'ddpm',
  'deis',
  'deis_k',
  'dpmpp_2m',
  'dpmpp_2m_sde',
  'dpmpp_2m_sde_k',
  'dpmpp_2s',
  'dpmpp_2s_k',
  'dpmpp_3m',
  'dpmpp_3m_k',
  'dpmpp_sde',
  'dpmpp_sde_k',
  'er_sde',
  'euler_k',
  'heun',
  'heun_k',
  'kdpm_2',
  'kdpm_2_a',
  'kdpm_2_a_k',
  'kdpm_2_k',
  'lcm',
  'lms',
  'lms_k',
  'tcd',
  'unipc',
  'unipc_k',
];

/** What SD 1.5 and SDXL share: one denoiser with a noise node of its own, ControlNets and reference adapters. */
export const stableDiffusion = {
  isUsable: () => true,
  parts: () => ({}),
  denoise: {
    type: 'denoise_latents',
    inputs: { unet: 'unet' },
    positive: 'positive_conditioning',
    negative: { input: 'negative_conditioning', always: true, emptyWords: '' },
    size: 'noise',
    fields: ({ steps, guidance, scheduler }) => ({ steps, cfg_scale: guidance, scheduler }),
    startOf: (strength) => 1 - strength,
  },
  controls: { type: 'controlnet', fields: { control_mode: 'balanced' }, vae: false },
  limits: { schedulers, languages: ['en'], steps: { min: 1, max: 100, default: 30 } },
} satisfies Partial<Family> | { limits: Partial<Family['limits']> };
