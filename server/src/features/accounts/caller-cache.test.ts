import { expect, test } from 'vitest';
import { createCallerCache } from './caller-cache.ts';

function aCache() {
  let nowMs = 0;
  let asked = 0;
  const cache = createCallerCache({ nowMs: () => nowMs });
  return {
    cache,
    wait: (ms: number) => {
      nowMs += ms;
    },
    asked: () => asked,
    load: () => Promise.resolve((asked += 1)),
  };
}

test('an answer is remembered for less than a second, counted from the question', async () => {
  const { cache, wait, load, asked } = aCache();
  expect([await cache.find('a', load), await cache.find('a', load), await cache.find('b', load)]).toEqual([1, 1, 2]);
  wait(999);
  expect(await cache.find('a', load)).toBe(1);
  wait(1);
  expect(await cache.find('a', load)).toBe(3);
  expect(asked()).toBe(3);
});

test('who asks while an answer is on its way shares it', async () => {
  const { cache, load, asked } = aCache();
  expect(await Promise.all(Array.from({ length: 50 }, () => cache.find('a', load)))).toEqual(Array(50).fill(1));
  expect(asked()).toBe(1);
});

test('an answer that was on its way when rights changed is not remembered', async () => {
  const { cache, load } = aCache();
  const before = cache.find('a', load);
  cache.forget();
  expect(await cache.find('a', load)).toBe(2);
  expect(await before).toBe(1);
  expect(await cache.find('a', load)).toBe(2);
});

test('a miss and a failure are never remembered', async () => {
  const { cache } = aCache();
  expect(await cache.find<string>('a', () => Promise.resolve(undefined))).toBe(undefined);
  await expect(cache.find('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await cache.find('a', () => Promise.resolve('here'))).toBe('here');
});

test('memory stays bounded however many credentials are tried', async () => {
  const { cache, load, asked } = aCache();
  for (let at = 0; at < 10_001; at += 1) await cache.find(`key ${at}`, load);
  await cache.find('key 10000', load);
  expect(asked()).toBe(10_001);
  await cache.find('key 0', load);
  expect(asked()).toBe(10_002);
});
