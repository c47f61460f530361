import { isUtf8 } from 'node:buffer';
import { AppError, type FieldError } from '#platform/errors.ts';
import type { HttpApp } from './route.ts';

/** JSON of a request: at most 256 kB (an upload route sets its own limit). */
export const jsonBytesMax = 256_000;

/**
 * Reads JSON strictly: valid UTF-8, no `__proto__` or `constructor.prototype`. An empty body is no body, so that a POST
 * without one may still say `application/json`. Everything else is 415.
 */
export function readJsonBodies(app: HttpApp): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, raw, done) => {
    const bytes = raw as Buffer;
    if (bytes.length === 0) {
      done(null, undefined);
      return;
    }
    if (!isUtf8(bytes)) {
      done(new AppError('malformed_request'));
      return;
    }
    void parse(request, bytes.toString('utf8'), done);
  });
}

/**
 * Finds strings PostgreSQL cannot store and UTF-8 cannot carry: NUL and lone surrogates, in values and in names. Walks without recursion, so that
 * deep nesting cannot exhaust the stack. Returns at most ten places.
 */
export function findUnstorableText(root: unknown): FieldError[] {
  const found: FieldError[] = [];
  const stack: { value: unknown; pointer: string }[] = [{ value: root, pointer: '' }];
  for (let item = stack.pop(); item && found.length < 10; item = stack.pop()) {
    const { value, pointer } = item;
    if (typeof value === 'string') {
      if (isUnstorable(value)) found.push({ pointer, detail: 'Contains a NUL or half of a surrogate pair' });
    } else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      for (const [name, child] of Object.entries(value)) {
        if (isUnstorable(name)) found.push({ pointer, detail: 'A name contains a NUL or half of a surrogate pair' });
        else if (typeof child === 'string' || (typeof child === 'object' && child !== null)) {
          stack.push({ value: child, pointer: pointer.length < 200 ? `${pointer}/${name}` : pointer });
        }
      }
    }
  }
  return found;
}

const isUnstorable = (text: string): boolean => text.includes('\0') || !text.isWellFormed();
