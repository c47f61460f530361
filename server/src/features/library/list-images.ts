import type { Actor } from '#platform/actor.ts';
import type { Database } from '#platform/db/database.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import { isId } from '#platform/http/schemas.ts';
import { imageView } from './image-view.ts';
import { type ImagePage, selectImages } from './library.queries.ts';

/** A page of the workspace's pictures, newest or oldest first, of one kind or all. `cursor` is the id of the last one seen; throws `invalid_request` for another word. */
export async function listImages(
  deps: { db: Database; publicUrl: string },
  actor: Actor,
  page: Omit<ImagePage, 'after'> & { cursor?: string | undefined },
): Promise<{ data: ReturnType<typeof imageView>[]; next_cursor: string | null }> {
  if (page.cursor !== undefined && !isId(page.cursor)) {
    throw new AppError('invalid_request', { errors: [{ pointer: '/cursor', detail: 'Not a cursor of this list' }] });
  }
  const rows = await readTenant(deps.db, actor.workspaceId, (query) =>
    selectImages(query, actor.workspaceId, { ...page, after: page.cursor }),
  );
  const shown = rows.slice(0, page.limit);
  return {
    data: shown.map((row) => imageView(row, deps.publicUrl)),
    next_cursor: rows.length > page.limit ? (shown.at(-1)?.image_id ?? null) : null,
  };
}
