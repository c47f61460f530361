/** Pixels of a side. The autoencoder knows this one size. */
export const SIDE = 256;
/** A latent is `CHANNELS × GRID × GRID`. */
export const CHANNELS = 4;
export const GRID = 32;
export const LATENT = CHANNELS * GRID * GRID;
/** A plan says for each of `CELLS × CELLS` cells what is drawn there, in `PLAN_CHANNELS` numbers. */
export const CELLS = 16;
export const PLAN_CHANNELS = 68;
