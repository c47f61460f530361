/** Pixels of a side. The autoencoder knows this one size. */
export const SIDE = 256;
/** A latent is `CHANNELS × GRID × GRID`; one of its cells stands for `CELL × CELL` pixels. */
export const CHANNELS = 8;
export const GRID = 16;
export const CELL = SIDE / GRID;
export const LATENT = CHANNELS * GRID * GRID;
