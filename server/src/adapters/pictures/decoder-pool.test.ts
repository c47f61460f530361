import { afterEach, expect, test } from 'vitest';
import { createDecoderPool, type DecoderPool, type DecoderPoolOptions } from './decoder-pool.ts';
import { faults } from './faulty-decoder.ts';
import type { PictureErrorCode } from './port.ts';

const pools: DecoderPool[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

function aPool(options: Partial<DecoderPoolOptions> = {}): DecoderPool {
  const pool = createDecoderPool({
    entry: new URL('./faulty-decoder.ts', import.meta.url),
    limits: { pixelsMax: 1, sideMax: 1, rssBytesMax: 400_000_000, picturesMax: 1 },
    size: 1,
    timeoutMs: 30_000,
    startTimeoutMs: 30_000,
    waitingMax: 100,
    waitingBytesMax: 1_000,
    idleMs: 30_000,
    ...options,
  });
  pools.push(pool);
  return pool;
}
const picture = (fault: keyof typeof faults) => Buffer.of(faults[fault], 0, 0, 0);
const refusal = (code: PictureErrorCode) => ({ name: 'PictureError', code });
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('the death of a decoder refuses the picture it had and no other', async () => {
  const pool = aPool();
  const order = ['none', 'exit', 'none', 'kill', 'none', 'grow', 'none', 'refuse', 'none'] as const;
  const answers = await Promise.allSettled(order.map((fault) => pool.decode(picture(fault))));
  const codes = answers.map((answer) => (answer.status === 'fulfilled' ? 'picture' : (answer.reason.code as string)));
  expect(codes).toEqual([
    'picture',
    'corrupt',
    'picture',
    'corrupt',
    'picture',
    'corrupt',
    'picture',
    'animated',
    'picture',
  ]);
});

test('a decoder that takes too long is killed, and the next picture gets a new one', async () => {
  const pool = aPool({ timeoutMs: 1_500 });
  const { width: pid } = await pool.decode(picture('none'));
  await expect(pool.decode(picture('hang'))).rejects.toMatchObject(refusal('timed_out'));
  expect((await pool.decode(picture('none'))).width).not.toBe(pid);
  expect(isAlive(pid)).toBe(false);
});

test('one process does one picture after the other until it wants to go', async () => {
  const pool = aPool();
  const first = (await pool.decode(picture('none'))).width;
  expect((await pool.decode(picture('refuse')).catch(() => ({ width: first }))).width).toBe(first);
  expect((await pool.decode(picture('retire'))).width).toBe(first);
  expect((await pool.decode(picture('none'))).width).not.toBe(first);
});

test('a thousand pictures never have more processes than allowed', async () => {
  const pool = aPool({ size: 2, waitingMax: 1_000, waitingBytesMax: 10_000 });
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => pool.decode(picture('none'))));
  expect(new Set(answers.map(({ width }) => width)).size).toBeLessThanOrEqual(2);
});

test('what would wait beyond the limits is refused at once', async () => {
  const byCount = aPool({ waitingMax: 3 });
  const accepted = [1, 2, 3].map(() => byCount.decode(picture('none')));
  await expect(byCount.decode(picture('none'))).rejects.toMatchObject(refusal('busy'));
  await Promise.all(accepted);
  const byBytes = aPool({ waitingBytesMax: 7 });
  const alone = byBytes.decode(picture('none'));
  await expect(byBytes.decode(picture('none'))).rejects.toMatchObject(refusal('busy'));
  await alone;
  // Room is given back once the picture was taken.
  await byBytes.decode(picture('none'));
});

test('where no decoder can start, every picture is refused instead of waiting for ever', async () => {
  const pool = aPool({ entry: new URL('./no-such-decoder.ts', import.meta.url), size: 2 });
  const answers = await Promise.allSettled([1, 2, 3, 4, 5].map(() => pool.decode(picture('none'))));
  for (const answer of answers) expect(answer).toMatchObject({ status: 'rejected', reason: refusal('busy') });
});

test('a decoder without work ends by itself', async () => {
  const pool = aPool({ idleMs: 1 });
  const { width: pid } = await pool.decode(picture('none'));
  await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false);
  expect((await pool.decode(picture('none'))).width).not.toBe(pid);
});

test('closing ends every process and refuses what is under way, waits or comes later', async () => {
  const pool = aPool({ size: 2 });
  const { width: pid } = await pool.decode(picture('none'));
  const open = ['hang', 'hang', 'none', 'none'].map((fault) => pool.decode(picture(fault as keyof typeof faults)));
  const answers = Promise.allSettled(open);
  await pool.close();
  expect(isAlive(pid)).toBe(false);
  for (const answer of await answers) expect(answer).toMatchObject({ status: 'rejected', reason: refusal('busy') });
  await expect(pool.decode(picture('none'))).rejects.toMatchObject(refusal('busy'));
});
