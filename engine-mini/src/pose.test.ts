import { expect, test } from 'vitest';
import { GRID } from './latent.ts';
import { drawPose, moveCanvas, type Pose } from './pose.ts';
import { seededRandom } from './random.ts';

const still: Pose = { tilt: 0, scale: 1, shiftX: 0, shiftY: 0, mirror: 1 };
const canvas = Float32Array.from({ length: 2 * GRID * GRID }, (_, i) => Math.sin(i));

test('the neutral pose leaves a canvas as it is', () => {
  const moved = moveCanvas(canvas, still);
  for (const [i, value] of canvas.entries()) expect(moved[i]).toBeCloseTo(value, 5);
});

test('a mirrored canvas mirrored again is the canvas', () => {
  const once = moveCanvas(canvas, { ...still, mirror: -1 });
  expect(once[0]).toBeCloseTo(canvas[GRID - 1]!, 5);
  const twice = moveCanvas(once, { ...still, mirror: -1 });
  for (const [i, value] of canvas.entries()) expect(twice[i]).toBeCloseTo(value, 5);
});

test('a pose stays within what the training moved', () => {
  for (let seed = 0; seed < 500; seed++) {
    const { tilt, scale, shiftX, shiftY } = drawPose(seededRandom(seed), false);
    expect(Math.abs(tilt)).toBeLessThanOrEqual((12 * Math.PI) / 180);
    expect(scale).toBeGreaterThan(0.8);
    expect(scale).toBeLessThanOrEqual(1);
    expect(Math.max(Math.abs(shiftX), Math.abs(shiftY))).toBeLessThanOrEqual(0.08);
  }
});
