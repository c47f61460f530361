import { AppError } from '#platform/errors.ts';
import { isId } from '#platform/http/schemas.ts';

export type Page = { limit: number; cursor?: string | undefined };

/** The cursor, which is the id of the last thing seen. Throws `invalid_request` for any other word. */
export function checkCursor({ cursor }: Page): string | undefined {
  if (cursor !== undefined && !isId(cursor)) {
    throw new AppError('invalid_request', { errors: [{ pointer: '/cursor', detail: 'Not a cursor of this list' }] });
  }
  return cursor;
}

/** A page of rows of which one more than `limit` was asked for. */
export function pageUntil<Item>(
  limit: number,
  rows: Item[],
  idOf: (item: Item) => string,
): { data: Item[]; next_cursor: string | null } {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, next_cursor: rows.length > limit && last ? idOf(last) : null };
}
