import { describe, expect, test } from 'vitest';
import { addressBlock, createMemoryLimiter, limitDefaults } from './limits.ts';

describe('limits', () => {
  test('the defaults are the published ones', () => {
    expect(limitDefaults).toEqual({
      failed_sign_ins: { calls: 10, windowS: 900 },
      read: { calls: 600, windowS: 60 },
      submit: { calls: 3000, windowS: 60 },
      sign_in: { calls: 10, windowS: 60 },
      free_generations: { calls: 10, windowS: 3600 },
      jwt_free: { calls: 10, windowS: 3600 },
      jwt_paid: { calls: 60, windowS: 3600 },
    });
  });

  test('a limit admits exactly its calls, to each caller apart', async () => {
    const limiter = createMemoryLimiter();
    const answers = await Promise.all(Array.from({ length: 12 }, () => limiter.take('sign_in', 'address:1.2.3.4')));
    expect(answers.filter((answer) => answer.allowed)).toHaveLength(10);
    expect(answers.at(-1)).toMatchObject({ allowed: false, remaining: 0, resetS: 60 });
    expect(await limiter.take('sign_in', 'address:1.2.3.5')).toMatchObject({ allowed: true, remaining: 9 });
  });

  test('a call that is given back does not count', async () => {
    const limiter = createMemoryLimiter({ read: { calls: 1, windowS: 60 } });
    await limiter.take('read', 'key:a');
    await limiter.giveBack('read', 'key:a');
    expect((await limiter.take('read', 'key:a')).allowed).toBe(true);
    expect((await limiter.take('read', 'key:a')).allowed).toBe(false);
  });

  test('one IPv6 subscriber is one /64, however the address is written', () => {
    expect(addressBlock('203.0.113.9')).toBe('203.0.113.9');
    expect(addressBlock('::ffff:203.0.113.9')).toBe('203.0.113.9');
    const block = addressBlock('2001:db8:0:1:aaaa::1');
    expect(addressBlock('2001:0DB8::1:0:0:0:2')).toBe(block);
    expect(addressBlock('2001:db8:0:2::1')).not.toBe(block);
    expect(addressBlock('::1')).toBe(addressBlock('::2'));
  });
});
