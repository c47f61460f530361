import { SIDE } from './latent.ts';
import { SCHEDULERS, type Scheduler } from './sampler.ts';

/** The rows of the text model's style table; 0 is "no style" and used for an empty negative prompt only. */
const STYLE_ROWS: Record<string, number> = { flat: 1, '3d': 3, noto: 4, twemoji: 5, blob: 6 };
const styles = Object.keys(STYLE_ROWS);

export type MiniMode = 'txt2img' | 'img2img' | 'inpaint';
const modes: MiniMode[] = ['txt2img', 'img2img', 'inpaint'];
const side = { width: SIDE, height: SIDE };

/** Raised with every change of weights or drawing: the same request to the same version gives the same picture. */
export const miniVersion = '0.1.0';

/** What the model can do, in full: no other size, style or scheduler exists. */
export const miniModel = {
  id: 'mini',
  name: 'Mini',
  base: 'mini',
  modes,
  sizes: { min: side, max: side, default: side, multipleOf: 16 },
  allowedSizes: [side],
  steps: { min: 4, max: 30, default: 12 },
  guidance: { min: 0, max: 8, default: 2 },
  schedulers: Object.keys(SCHEDULERS),
  styles,
  languages: ['ko', 'en', 'ja', 'zh'],
  licence: 'MIT, trained on drawings under MIT, Apache-2.0 and CC BY 4.0 (see NOTICE)',
  // Measured on two shared CPU cores: a quarter of a second alone; twice that while the neighbours work.
  loadMs: 500,
  imageMs: 300,
};

export const isScheduler = (name: string): name is Scheduler => Object.hasOwn(SCHEDULERS, name);

/** The style row of a name; without a name `pick` (0..1, from the seed) chooses one. Undefined for an unknown name. */
export function styleOf(name: string | null, pick: () => number): { name: string; row: number } | undefined {
  const chosen = name ?? styles[Math.floor(pick() * styles.length)] ?? '';
  const row = STYLE_ROWS[chosen];
  return row === undefined ? undefined : { name: chosen, row };
}
