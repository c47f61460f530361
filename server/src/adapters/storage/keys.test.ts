import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assertStorageKey } from './assert-storage-key.ts';
import {
  contentTypeOf,
  parseAttemptKey,
  previewKey,
  resultKey,
  thumbnailKey,
  uploadKey,
  workspacePrefix,
} from './keys.ts';
import { StorageKeyError } from './port.ts';

const id = fc.oneof(fc.uuid(), fc.stringMatching(/^[a-z0-9_-]{1,40}$/));
const ref = fc.record({
  workspaceId: id,
  generationId: id,
  attempt: fc.integer({ min: 1, max: 1_000 }),
  index: fc.integer({ min: 0, max: 7 }),
});

test('the keys have their documented form', () => {
  const attempt = { workspaceId: 'w1', generationId: '018f-ab', attempt: 2 };
  expect(resultKey({ ...attempt, index: 3 })).toBe('ws/w1/gen/018f-ab-2-3.png');
  expect(thumbnailKey('ws/w1/gen/018f-ab-2-3.png', 512)).toBe('ws/w1/gen/018f-ab-2-3.512.webp');
  expect(previewKey(attempt, 'webp')).toBe('ws/w1/preview/018f-ab-2.webp');
  expect(uploadKey({ workspaceId: 'w1', imageId: 'i1' })).toBe('ws/w1/upload/i1.png');
  expect(thumbnailKey('ws/w1/upload/i1.png', 256)).toBe('ws/w1/upload/i1.256.webp');
  expect(workspacePrefix('w1')).toBe('ws/w1/');
  expect(workspacePrefix('w1', 'gen')).toBe('ws/w1/gen/');
});

test('an object tells the attempt that wrote it, whatever its id ends with', () => {
  fc.assert(
    fc.property(ref, (attempt) => {
      const key = resultKey(attempt);
      expect(parseAttemptKey(key)).toEqual(attempt);
      expect(parseAttemptKey(thumbnailKey(key, 512))).toEqual(attempt);
      expect(parseAttemptKey(thumbnailKey(key, 256))).toEqual(attempt);
      expect(parseAttemptKey(previewKey(attempt, 'png'))).toEqual({ ...attempt, index: null });
    }),
  );
});

test('two attempts never share an object', () => {
  fc.assert(
    fc.property(ref, ref, (a, b) => {
      fc.pre(JSON.stringify(a) !== JSON.stringify(b));
      expect(resultKey(a)).not.toBe(resultKey(b));
    }),
  );
});

test('an upload and a foreign object belong to no attempt', () => {
  for (const key of [
    uploadKey({ workspaceId: 'w', imageId: 'g-1-0' }),
    'ws/w/gen/g.png',
    'ws/w/gen/g-1-0.exe',
    'x/w/gen/g-1-0.png',
    '',
  ]) {
    expect(parseAttemptKey(key)).toBeUndefined();
  }
});

test('an id that is not one plain word makes no key', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.constantFrom('', '.', '..', 'a/b', 'a.b', 'A', 'a b', '../w2', 'é', '\0', 'a\n'), fc.string()),
      (bad) => {
        fc.pre(!/^[a-z0-9_-]+$/.test(bad));
        const attempt = { workspaceId: 'w', generationId: 'g', attempt: 1, index: 0 };
        expect(() => resultKey({ ...attempt, workspaceId: bad })).toThrow(StorageKeyError);
        expect(() => resultKey({ ...attempt, generationId: bad })).toThrow(StorageKeyError);
        expect(() => previewKey({ ...attempt, generationId: bad }, 'png')).toThrow(StorageKeyError);
        expect(() => uploadKey({ workspaceId: 'w', imageId: bad })).toThrow(StorageKeyError);
        expect(() => workspacePrefix(bad)).toThrow(StorageKeyError);
      },
    ),
  );
});

test('a number that is no count makes no key', () => {
  for (const attempt of [-1.5, NaN, 1e21, Infinity]) {
    expect(() => resultKey({ workspaceId: 'w', generationId: 'g', attempt, index: 0 })).toThrow(StorageKeyError);
  }
});

test('only an original has thumbnails', () => {
  expect(() => thumbnailKey('ws/w/gen/g-1-0.512.webp', 256)).toThrow(StorageKeyError);
});

test('the content type follows from the key alone', () => {
  assertStorageKey('ws/w/gen/g-1-0.png');
  expect(contentTypeOf('ws/w/gen/g-1-0.png')).toBe('image/png');
  expect(contentTypeOf('ws/w/gen/g-1-0.512.webp')).toBe('image/webp');
  expect(contentTypeOf('ws/w/upload/page.html')).toBe('application/octet-stream');
});
