/**
 * What the judge looks at in a picture: histograms of oriented gradients (Dalal and Triggs 2005) at two scales and the colours of the cells, after
 * the thing was cut out of its ground and brought to one size.
 */
export const SIDE = 64;
const CELLS = 8;
const ORIENTATIONS = 9;
const COLOURS = 4;
const AREA = SIDE * SIDE;
/** Grid of cells × (fine + coarse gradients + colour), and one histogram of colours. */
export const FEATURES = CELLS * CELLS * (2 * ORIENTATIONS + 3) + COLOURS ** 3;
/** Distance from the ground's colour, in 0…255 a channel, from which a pixel is the thing's. */
const APART = 24;

type Box = { left: number; top: number; size: number };

/** Median colour of the border: the ground. */
function groundOf(pixels: Uint8Array): number[] {
  return [0, 1, 2].map((channel) => {
    const border: number[] = [];
    for (let i = 0; i < SIDE; i++)
      for (const at of [i, AREA - 1 - i, i * SIDE, i * SIDE + SIDE - 1]) border.push(pixels[at * 3 + channel] ?? 0);
    return border.sort((a, b) => a - b)[border.length >> 1] ?? 255;
  });
}

function boxOf(pixels: Uint8Array, ground: number[]): Box {
  let [left, top, right, bottom] = [SIDE, SIDE, -1, -1];
  for (let at = 0; at < AREA; at++) {
    if (!ground.some((value, channel) => Math.abs((pixels[at * 3 + channel] ?? 0) - value) > APART)) continue;
    const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }
  if (right < 0) return { left: 0, top: 0, size: SIDE };
  const size = Math.max(8, right - left + 1, bottom - top + 1) * 1.06;
  return { left: (left + right + 1 - size) / 2, top: (top + bottom + 1 - size) / 2, size };
}

/** The box at full size, bilinear, ground made white, as planes in 0…1. */
function cutOut(pixels: Uint8Array): Float32Array {
  const ground = groundOf(pixels);
  const { left, top, size } = boxOf(pixels, ground);
  const planes = new Float32Array(3 * AREA);
  const read = (x: number, y: number, channel: number): number =>
    x < 0 || y < 0 || x >= SIDE || y >= SIDE ? (ground[channel] ?? 255) : (pixels[(y * SIDE + x) * 3 + channel] ?? 0);
  for (let at = 0; at < AREA; at++) {
    const u = left + ((at % SIDE) + 0.5) * (size / SIDE) - 0.5;
    const v = top + (Math.floor(at / SIDE) + 0.5) * (size / SIDE) - 0.5;
    const [x, y] = [Math.floor(u), Math.floor(v)];
    const [a, b] = [u - x, v - y];
    for (let c = 0; c < 3; c++) {
      const value =
        (read(x, y, c) * (1 - a) + read(x + 1, y, c) * a) * (1 - b) +
        (read(x, y + 1, c) * (1 - a) + read(x + 1, y + 1, c) * a) * b;
      planes[c * AREA + at] = Math.max(0, Math.min(1, (value + 255 - (ground[c] ?? 255)) / 255));
    }
  }
  return planes;
}

/** Adds a value to the four cells around a pixel, by nearness. */
function pool(into: Float32Array, offset: number, stride: number, x: number, y: number, value: number): void {
  const [u, v] = [((x + 0.5) * CELLS) / SIDE - 0.5, ((y + 0.5) * CELLS) / SIDE - 0.5];
  const [i, j] = [Math.floor(u), Math.floor(v)];
  for (let dj = 0; dj < 2; dj++)
    for (let di = 0; di < 2; di++) {
      const [ci, cj] = [i + di, j + dj];
      if (ci < 0 || cj < 0 || ci >= CELLS || cj >= CELLS) continue;
      const share = (di ? u - i : 1 - u + i) * (dj ? v - j : 1 - v + j);
      into[offset + (cj * CELLS + ci) * stride] = (into[offset + (cj * CELLS + ci) * stride] ?? 0) + share * value;
    }
}

/** Square root of shares: large counts say little more than middling ones. */
function soften(values: Float32Array, from: number, to: number): void {
  let sum = 1e-3;
  for (let i = from; i < to; i++) sum += values[i] ?? 0;
  for (let i = from; i < to; i++) values[i] = Math.sqrt((values[i] ?? 0) / sum);
}

function gradients(planes: Float32Array, reach: number, into: Float32Array, offset: number): void {
  for (let y = reach; y < SIDE - reach; y++)
    for (let x = reach; x < SIDE - reach; x++) {
      let [gx, gy, most] = [0, 0, 0];
      for (let c = 0; c < 3; c++) {
        const at = c * AREA + y * SIDE + x;
        const dx = (planes[at + reach] ?? 0) - (planes[at - reach] ?? 0);
        const dy = (planes[at + reach * SIDE] ?? 0) - (planes[at - reach * SIDE] ?? 0);
        const strength = dx * dx + dy * dy;
        if (strength > most) [gx, gy, most] = [dx, dy, strength];
      }
      if (most < 1e-3) continue;
      const turn = ((Math.atan2(gy, gx) / Math.PI + 1) % 1) * ORIENTATIONS;
      const low = Math.floor(turn) % ORIENTATIONS;
      const share = turn - Math.floor(turn);
      const strength = Math.sqrt(most);
      pool(into, offset + low, ORIENTATIONS, x, y, strength * (1 - share));
      pool(into, offset + ((low + 1) % ORIENTATIONS), ORIENTATIONS, x, y, strength * share);
    }
  soften(into, offset, offset + CELLS * CELLS * ORIENTATIONS);
}

/** `FEATURES` numbers for a picture of 64 × 64 RGB bytes. */
export function featuresOf(pixels: Uint8Array): Float32Array {
  const planes = cutOut(pixels);
  const features = new Float32Array(FEATURES);
  const cells = CELLS * CELLS * ORIENTATIONS;
  gradients(planes, 1, features, 0);
  gradients(planes, 3, features, cells);
  const colours = 2 * cells;
  for (let c = 0; c < 3; c++)
    for (let at = 0; at < AREA; at++)
      pool(features, colours + c, 3, at % SIDE, Math.floor(at / SIDE), (1 - (planes[c * AREA + at] ?? 0)) / 640);
  const histogram = colours + CELLS * CELLS * 3;
  for (let at = 0; at < AREA; at++) {
    let bin = 0;
    for (let c = 0; c < 3; c++)
      bin = bin * COLOURS + Math.min(COLOURS - 1, Math.floor((planes[c * AREA + at] ?? 0) * COLOURS));
    if (bin < COLOURS ** 3 - 1) features[histogram + bin] = (features[histogram + bin] ?? 0) + 1;
  }
  soften(features, histogram, FEATURES);
  return features;
}
