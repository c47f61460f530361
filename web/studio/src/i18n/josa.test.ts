import { expect, test } from 'vitest';
import { withJosa } from './josa.ts';

test.each([
  ['고양이', '을/를', '고양이를'],
  ['펭귄', '을/를', '펭귄을'],
  ['100', '을/를', '100을'],
  ['42', '이/가', '42가'],
  ['Google', '으로/로', 'Google로'],
  ['Pro', '은/는', 'Pro는'],
  ['pixel', '이/가', 'pixel이'],
  ['서울', '으로/로', '서울로'],
] as const)('the particle follows the sound: %s + %s is %s', (word, particles, whole) => {
  expect(withJosa(word, particles)).toBe(whole);
});
