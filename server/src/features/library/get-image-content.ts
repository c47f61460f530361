import type { Readable } from 'node:stream';
import { contentTypeOf, type Storage, thumbnailKey } from '#adapters/storage/index.ts';
import type { Actor } from '#platform/actor.ts';
import type { Database } from '#platform/db/database.ts';
import { AppError } from '#platform/errors.ts';
import { getImage } from './get-image.ts';

export type ContentSize = 'original' | '512' | '256';

export type ImageContent = { etag: string; contentType: string } & (
  { redirect: string } | { sizeBytes: number; body: Readable }
);

/** Seconds a signed address is valid: long enough to start a download, too short to pass around. */
const signedForS = 900;

/** The bytes of a picture, or a short-lived address of them where the storage has such. Throws `image_not_found`. */
export async function getImageContent(
  deps: { db: Database; storage: Storage },
  actor: Actor,
  imageId: string,
  size: ContentSize,
): Promise<ImageContent> {
  const image = await getImage(deps, actor, imageId);
  const key = size === 'original' ? image.storage_key : thumbnailKey(image.storage_key, size === '512' ? 512 : 256);
  const described = { etag: `"${image.sha256.slice(0, 32)}-${size}"`, contentType: contentTypeOf(key) };
  const redirect = await deps.storage.signedUrl(key, { expiresInS: signedForS, contentType: described.contentType });
  if (redirect !== undefined) return { ...described, redirect };
  const object = await deps.storage.open(key);
  if (!object) throw new AppError('image_not_found');
  return { ...described, ...object };
}
