import { expect, test } from 'vitest';
import { isTotpNow, stepOf, totpAt } from './totp.ts';

const secret = '12345678901234567890';

test('codes are those of RFC 6238, appendix B (the last six of its eight digits)', () => {
  const vectors: [seconds: number, code: string][] = [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ];
  for (const [seconds, code] of vectors) expect(totpAt(secret, stepOf(seconds * 1_000))).toBe(code);
});

test('a code is right in its step and the two beside it, and in no other', () => {
  const nowMs = 1_111_111_109_000;
  const right = [-2, -1, 0, 1, 2].map((away) => isTotpNow(secret, totpAt(secret, stepOf(nowMs) + away), nowMs));
  expect(right).toEqual([false, true, true, true, false]);
});
