import { GRID } from './latent.ts';
import { normal, type Random } from './random.ts';

/** How a seed turns the plan of a picture: a tilt in radians, a scale, a shift in half canvases, a mirror (1 or −1). */
export type Pose = { tilt: number; scale: number; shiftX: number; shiftY: number; mirror: 1 | -1 };

/**
 * Draws a pose; training moved its pictures in the same ways.
 *
 * With an init picture the pose is neutral, for the picture decides where things are; the same number of draws is taken but for the mirror's,
 * so that style and noise of a seed hardly depend on it.
 */
export function drawPose(random: Random, neutral: boolean): Pose {
  const amount = neutral ? 0 : 1;
  const degrees = Math.max(-12, Math.min(12, 5 * normal(random))) * amount;
  const scale = 1 - amount * 0.2 * random();
  const shiftX = amount * (random() - 0.5) * 0.16;
  const shiftY = amount * (random() - 0.5) * 0.16;
  return { tilt: (degrees * Math.PI) / 180, scale, shiftX, shiftY, mirror: !neutral && random() < 0.35 ? -1 : 1 };
}

const toGrid = (position: number): number => Math.max(0, Math.min(GRID - 1, ((position + 1) * GRID - 1) / 2));

/** Moves every `GRID × GRID` plane of a canvas by the pose, bilinear, edges repeated. Returns a new array. */
export function moveCanvas(canvas: Float32Array, { tilt, scale, shiftX, shiftY, mirror }: Pose): Float32Array {
  const area = GRID * GRID;
  const cos = Math.cos(tilt) / scale;
  const sin = Math.sin(tilt) / scale;
  const moved = new Float32Array(canvas.length);
  for (let y = 0; y < GRID; y++) {
    for (let x = 0; x < GRID; x++) {
      const u = (2 * x + 1) / GRID - 1 - shiftX;
      const v = (2 * y + 1) / GRID - 1 - shiftY;
      const fromX = toGrid(mirror * (cos * u + sin * v));
      const fromY = toGrid(-sin * u + cos * v);
      const [x0, y0] = [Math.floor(fromX), Math.floor(fromY)];
      const [x1, y1] = [Math.min(GRID - 1, x0 + 1), Math.min(GRID - 1, y0 + 1)];
      const [a, b] = [fromX - x0, fromY - y0];
      for (let plane = 0; plane < canvas.length; plane += area) {
        const at = (row: number, column: number): number => canvas[plane + row * GRID + column] ?? 0;
        const top = at(y0, x0) * (1 - a) + at(y0, x1) * a;
        const bottom = at(y1, x0) * (1 - a) + at(y1, x1) * a;
        moved[plane + y * GRID + x] = top * (1 - b) + bottom * b;
      }
    }
  }
  return moved;
}
