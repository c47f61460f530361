import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitted, pan, zoomAt } from './zoom.ts';

const frame = { width: 800, height: 600 };

test('what lies under the pointer stays under it', () => {
  const at = { x: 100, y: -50 };
  const zoomed = zoomAt(fitted, 2, at, frame);
  expect((at.x - zoomed.x) / zoomed.scale).toBeCloseTo(100);
  expect((at.y - zoomed.y) / zoomed.scale).toBeCloseTo(-50);
});

test('whatever is done to it, the picture covers its frame and is at most eight times as large', () => {
  const act = fc.oneof(
    fc.record({
      factor: fc.double({ min: 0.2, max: 5, noNaN: true }),
      x: fc.integer({ min: -400, max: 400 }),
      y: fc.integer({ min: -300, max: 300 }),
    }),
    fc.record({ dx: fc.integer({ min: -2_000, max: 2_000 }), dy: fc.integer({ min: -2_000, max: 2_000 }) }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
      const end = acts.reduce(
        (zoom, one) =>
          'factor' in one ? zoomAt(zoom, one.factor, one, frame) : pan(zoom, { x: one.dx, y: one.dy }, frame),
        fitted,
      );
      expect(end.scale).toBeGreaterThanOrEqual(1);
      expect(end.scale).toBeLessThanOrEqual(8);
      expect(Math.abs(end.x)).toBeLessThanOrEqual((frame.width * (end.scale - 1)) / 2);
      expect(Math.abs(end.y)).toBeLessThanOrEqual((frame.height * (end.scale - 1)) / 2);
    }),
  );
});

test('zooming out to the whole picture puts it back in the middle', () => {
  expect(zoomAt(zoomAt(fitted, 4, { x: 300, y: 200 }, frame), 0.1, { x: -300, y: 0 }, frame)).toEqual(fitted);
});
