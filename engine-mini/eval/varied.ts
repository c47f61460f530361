import { normal, type Random } from '../src/random.ts';
import { SIDE } from './features.ts';

/** A drawing on white as it might also have been drawn: tilted, scaled, stretched, mirrored, in other shades, softer. */
export function varied(pixels: Uint8Array, random: Random): Uint8Array {
  const tilt = (normal(random) * 9 * Math.PI) / 180;
  const [wide, high] = [0.85 + random() * 0.25, 0.85 + random() * 0.25];
  const flip = random() < 0.5 ? -1 : 1;
  const soft = Math.floor(random() * 2.2);
  const shades = [0, 1, 2].map(() => 0.75 + random() * 0.5);
  const middle = (SIDE - 1) / 2;
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)];
  const read = (x: number, y: number, c: number): number =>
    x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 255 : (pixels[(y * SIDE + x) * 3 + c] ?? 0);
  const out = new Uint8Array(SIDE * SIDE * 3);
  for (let at = 0; at < SIDE * SIDE; at++) {
    const [dx, dy] = [(at % SIDE) - middle, Math.floor(at / SIDE) - middle];
    const u = (flip * (cos * dx + sin * dy)) / wide + middle;
    const v = (cos * dy - sin * dx) / high + middle;
    const [x, y] = [Math.floor(u), Math.floor(v)];
    for (let c = 0; c < 3; c++) {
      let sum = 0;
      for (let j = -soft; j <= soft; j++) sum += mix(read, u + j, v, x + j, y, c) + mix(read, u, v + j, x, y + j, c);
      const value = sum / (4 * soft + 2);
      out[at * 3 + c] = Math.round(255 - Math.min(255, (255 - value) * (shades[c] ?? 1)));
    }
  }
  return out;
}

function mix(
  read: (x: number, y: number, c: number) => number,
  u: number,
  v: number,
  x: number,
  y: number,
  c: number,
): number {
  const [a, b] = [u - x, v - y];
  return (
    (read(x, y, c) * (1 - a) + read(x + 1, y, c) * a) * (1 - b) +
    (read(x, y + 1, c) * (1 - a) + read(x + 1, y + 1, c) * a) * b
  );
}
