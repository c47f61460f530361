import fc from 'fast-check';
import path from 'node:path';
import { expect, test } from 'vitest';
import { assertStorageKey, assertStoragePrefix, isStorageKey, isStoragePrefix } from './assert-storage-key.ts';
import { StorageKeyError } from './port.ts';

const word = fc.stringMatching(/^[a-z0-9_-]{1,20}$/);
const segment = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join('.'));
const key = fc.tuple(segment, segment, segment).map((segments) => `ws/${segments.join('/')}`);
/** Texts near the border: pieces that matter, in any order. */
const nearKey = fc
  .array(
    fc.constantFrom(
      'ws',
      '/',
      '.',
      '..',
      'a',
      'B',
      '-',
      '_',
      '%2e',
      '%2f',
      '\\',
      '\0',
      '\n',
      ' ',
      ':',
      'é',
      '\u0301',
      '~',
    ),
    {
      maxLength: 14,
    },
  )
  .map((pieces) => pieces.join(''));

test('every key of the documented form is accepted', () => {
  fc.assert(fc.property(key, (text) => isStorageKey(text)));
});

test('an accepted key stays below its workspace on every path syntax', () => {
  fc.assert(
    fc.property(fc.oneof(key, nearKey, fc.string({ unit: 'binary' })), (text) => {
      fc.pre(isStorageKey(text));
      const workspace = text.split('/')[1]!;
      expect(path.posix.join('/root', text)).toBe(`/root/${text}`);
      expect(path.win32.resolve('c:\\root', text)).toBe(`c:\\root\\${text.replaceAll('/', '\\')}`);
      expect(text.startsWith(`ws/${workspace}/`)).toBe(true);
      expect(new URL(`http://host/${text}`).pathname).toBe(`/${text}`);
      expect(encodeURI(text)).toBe(text);
      expect(text.normalize('NFKC').toLowerCase()).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});

test('anything else is refused with an error that does not repeat it', () => {
  fc.assert(
    fc.property(fc.oneof(nearKey, fc.string({ unit: 'binary', maxLength: 40 })), (text) => {
      fc.pre(!isStorageKey(text));
      expect(() => assertStorageKey(text)).toThrow(StorageKeyError);
      expect(new StorageKeyError().message).not.toContain(text.length > 8 ? text : '\0');
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  [512, true],
  [513, false],
])('a key of %i characters: accepted %s', (length, accepted) => {
  const start = `ws/${'w'.repeat(200)}/${'k'.repeat(150)}/`;
  expect(isStorageKey(start + 'n'.repeat(length - start.length))).toBe(accepted);
});

test('a name longer than file systems take is refused', () => {
  expect(isStorageKey(`ws/w/gen/${'n'.repeat(240)}`)).toBe(true);
  expect(isStorageKey(`ws/w/gen/${'n'.repeat(241)}`)).toBe(false);
});

test('a prefix ends with a slash after at most workspace and kind', () => {
  for (const prefix of ['ws/', 'ws/w/', 'ws/w/gen/']) expect(isStoragePrefix(prefix)).toBe(true);
  for (const prefix of ['', '/', 'ws', 'ws/w', 'ws/w/gen/x/', 'ws/../', 'ws//', 'WS/', 'ws/w/gen/\n']) {
    expect(() => assertStoragePrefix(prefix)).toThrow(StorageKeyError);
  }
});
