import { expect, test } from 'vitest';
import { normaliseAddress } from './grant-free.ts';

test('spellings of one mailbox are one address for the Free credits', () => {
  for (const spelling of [
    'User.Name+one@gmail.com',
    'username@googlemail.com',
    ' u.s.e.r.name@GMAIL.com ',
    'ｕｓｅｒｎａｍｅ@gmail.com',
  ]) {
    expect(normaliseAddress(spelling)).toBe('username@gmail.com');
  }
  expect(normaliseAddress('a+b@outlook.com')).toBe('a@outlook.com');
  expect(normaliseAddress('kim@한국.kr')).toBe('kim@xn--3e0b707e.kr');
});

test('elsewhere dots and plus signs may be other people', () => {
  expect(normaliseAddress('a.b+c@example.com')).toBe('a.b+c@example.com');
  expect(normaliseAddress('a.b@outlook.com')).toBe('a.b@outlook.com');
});
