import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { isApiKey, makeApiKey } from './api-key-secret.ts';

test('a key has the published form, whatever the random bytes', () => {
  for (const random of [Buffer.alloc(32), Buffer.alloc(32, 0xff), undefined]) {
    const { secret, prefix, hash } = makeApiKey(random);
    expect(secret).toMatch(/^pv_live_[0-9A-Za-z]{49}$/);
    expect(isApiKey(secret)).toBe(true);
    expect(secret.startsWith(prefix)).toBe(true);
    expect(prefix).toHaveLength('pv_live_'.length + 6);
    expect(hash).toEqual(createHash('sha256').update(secret).digest());
  }
});

test('two keys never share a secret', () => {
  expect(new Set(Array.from({ length: 1_000 }, () => makeApiKey().secret)).size).toBe(1_000);
});

test('a typo anywhere is noticed without asking the database', () => {
  const { secret } = makeApiKey();
  for (let at = 0; at < secret.length; at += 1) {
    const typo = secret.slice(0, at) + (secret[at] === 'x' ? 'y' : 'x') + secret.slice(at + 1);
    expect(isApiKey(typo)).toBe(false);
  }
  for (const text of [
    '',
    'pv_live_',
    secret.slice(0, -1),
    `${secret}0`,
    secret.toLowerCase(),
    secret.replace('live', 'test'),
  ]) {
    expect(isApiKey(text)).toBe(false);
  }
});
