import type { Actor } from '#platform/actor.ts';
import type { Database } from '#platform/db/database.ts';
import { withTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import { getImage } from './get-image.ts';
import { imageView } from './image-view.ts';
import { updateTrashed } from './library.queries.ts';

/**
 * Moves a picture into the trash (`trashed`) or back out of it, and shows it. Objects stay until the trash is emptied after 30 days.
 * `actor` is the caller in the picture's own workspace. Throws `image_not_found`.
 */
export async function trashImage(
  deps: { db: Database; publicUrl: string },
  actor: Actor,
  imageId: string,
  trashed: boolean,
): Promise<ReturnType<typeof imageView>> {
  const { workspaceId } = await getImage(deps, actor, imageId);
  const [row] = await withTenant(deps.db, workspaceId, (tx) =>
    updateTrashed(tx, workspaceId, imageId, trashed).execute(),
  );
  if (!row) throw new AppError('image_not_found');
  return imageView(row, deps.publicUrl);
}
