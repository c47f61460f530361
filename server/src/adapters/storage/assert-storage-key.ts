import { StorageKeyError } from './port.ts';

/** The longest key any of our stores takes. */
const KEY_LENGTH_MAX = 512;

/** Longest segment: file systems take names of 255 bytes. */
const SEGMENT_LENGTH_MAX = 240;

// Words of lower-case ASCII joined by single dots. It leaves no room for `.`, `..`, hidden names, a trailing dot, escapes, a second Unicode
// spelling or a second letter case, so two different keys can never be one file, whatever the file system folds.
const WORD = '[a-z0-9_-]+';
const SEGMENT = `${WORD}(?:[.]${WORD})*`;
const KEY = new RegExp(`^ws/${SEGMENT}/${SEGMENT}/${SEGMENT}$`);
const PREFIX = new RegExp(`^ws/(?:${SEGMENT}/){0,2}$`);

/**
 * Refuses everything that is not exactly `ws/<workspace>/<kind>/<name>`. Nothing is decoded or repaired: a key that needs it is not one of ours.
 * @throws StorageKeyError
 */
export function assertStorageKey(key: string): void {
  if (!isStorageKey(key)) throw new StorageKeyError();
}

/**
 * Refuses every prefix but `ws/`, `ws/<workspace>/` and `ws/<workspace>/<kind>/`.
 * @throws StorageKeyError
 */
export function assertStoragePrefix(prefix: string): void {
  if (!isStoragePrefix(prefix)) throw new StorageKeyError();
}

/** Whether this is a key of ours, see `assertStorageKey`. */
export function isStorageKey(text: unknown): boolean {
  return hasForm(KEY, text);
}

/** Whether this is a prefix of ours, see `assertStoragePrefix`. */
export function isStoragePrefix(text: unknown): boolean {
  return hasForm(PREFIX, text);
}

function hasForm(form: RegExp, text: unknown): boolean {
  return (
    typeof text === 'string' &&
    text.length <= KEY_LENGTH_MAX &&
    // Without the `m` flag `$` is the very end: a trailing line feed does not pass.
    form.test(text) &&
    text.split('/').every((segment) => segment.length <= SEGMENT_LENGTH_MAX)
  );
}
