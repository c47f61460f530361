import { type Actor, workspacesOf } from '#platform/actor.ts';
import type { Database } from '#platform/db/database.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import { isId } from '#platform/http/schemas.ts';
import type { ImageRow } from './image-view.ts';
import { selectImage } from './library.queries.ts';

export type FoundImage = ImageRow & { storage_key: string; workspaceId: string };

/** The picture with this id in any workspace of the caller. Throws `image_not_found`, the same for a stranger's picture as for none. */
export async function getImage(deps: { db: Database }, actor: Actor, imageId: string): Promise<FoundImage> {
  if (isId(imageId)) {
    for (const workspaceId of workspacesOf(actor)) {
      const [row] = await readTenant(deps.db, workspaceId, (query) => selectImage(query, workspaceId, imageId));
      if (row) return { ...row, workspaceId };
    }
  }
  throw new AppError('image_not_found');
}
