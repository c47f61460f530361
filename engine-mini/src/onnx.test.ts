import { expect, test, vi } from 'vitest';
import { seededRandom, normal } from './random.ts';
import { LATENT } from './latent.ts';

vi.mock('onnxruntime-node', () => {
  throw new Error('no native code here');
});

test('where the native package does not load, WebAssembly reads the same weights and plans and draws with them', async () => {
  await expect(import('onnxruntime-node')).rejects.toThrow();
  const { openSessions } = await import('./sessions.ts');
  const sessions = await openSessions();
  const place = { x: 0, y: 0, size: 1, tilt: 0, mirror: false };
  const conditions = await sessions.plan({ objects: [{ thing: 1, hue: 0, place }], style: 1, ground: 0 });
  const random = seededRandom(1);
  const noise = Float32Array.from({ length: LATENT }, () => normal(random));
  const latent = await sessions.denoise(noise, 1, [conditions]);
  const planes = await sessions.decode(latent);
  expect(planes).toHaveLength(3 * 256 * 256);
  expect(Math.max(...planes.slice(0, 65_536)) - Math.min(...planes.slice(0, 65_536))).toBeGreaterThan(0.5);
});
