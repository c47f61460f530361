import type { Family } from '../graph/family.ts';

/** What the newer bases share: one node takes size, seed and steps, and nothing steers it but words, an init picture, a mask and LoRAs. */
export const flow = {
  controls: null,
  references: null,
  mask: { fp32: false, unet: false },
} satisfies Partial<Family>;
