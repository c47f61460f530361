import { SIDE } from './latent.ts';
import { SCHEDULERS, type Scheduler } from './sampler.ts';

/** The rows of the model's style table; 0 is "no style", which a negative prompt has. */
const STYLE_ROWS: Record<string, number> = { flat: 1, '3d': 2, noto: 3, twemoji: 4, blob: 5 };
const styles = Object.keys(STYLE_ROWS);

export type MiniMode = 'txt2img' | 'img2img' | 'inpaint' | 'outpaint' | 'upscale';
const modes: MiniMode[] = ['txt2img', 'img2img', 'inpaint', 'outpaint', 'upscale'];
const small = { width: SIDE, height: SIDE };
const large = { width: 2 * SIDE, height: 2 * SIDE };

/** Raised with every change of weights or drawing: the same request to the same version gives the same picture. */
export const miniVersion = '0.3.0';

/** What the model can do, in full: no other size, style or scheduler exists. 256² is native, 512² goes through the upscaler. */
export const miniModel = {
  id: 'mini',
  name: 'Mini',
  base: 'mini',
  modes,
  sizes: { min: small, max: large, default: small, multipleOf: SIDE },
  allowedSizes: [small, large],
  steps: { min: 4, max: 30, default: 12 },
  guidance: { min: 0, max: 8, default: 2 },
  schedulers: Object.keys(SCHEDULERS),
  styles,
  languages: ['ko', 'en', 'ja', 'zh'],
  licence: 'MIT, trained on drawings under MIT, Apache-2.0 and CC BY 4.0 (see NOTICE)',
  // Measured on two shared CPU cores.
  loadMs: 1_000,
  imageMs: 1_000,
};

export const isScheduler = (name: string): name is Scheduler => Object.hasOwn(SCHEDULERS, name);

/**
 * The style of a picture: the one asked for by name, else by a word of the prompt (`asked`, a row), else one that the seed picks (`pick`, 0..1)
 * among those that the thing was drawn in (`known`; empty = all). Undefined for an unknown name.
 */
export function styleOf(
  name: string | null,
  pick: () => number,
  { asked, known }: { asked: number; known: number[] },
): { name: string; row: number } | undefined {
  const rows = known.length > 0 ? known : Object.values(STYLE_ROWS);
  const picked = rows[Math.floor(pick() * rows.length)];
  const row = name !== null ? STYLE_ROWS[name] : asked > 0 ? asked : picked;
  const found = styles.find((style) => STYLE_ROWS[style] === row);
  return found === undefined || row === undefined ? undefined : { name: found, row };
}
