import { createHash } from 'node:crypto';
import { plans } from '@pingvas/domain';
import { PictureError, type Pictures } from '#adapters/pictures/port.ts';
import { type Storage, thumbnailKey, thumbnailSizes, uploadKey } from '#adapters/storage/index.ts';
import type { Actor } from '#platform/actor.ts';
import type { Database } from '#platform/db/database.ts';
import { newId } from '#platform/new-id.ts';
import { callTenant } from '#platform/db/tenant.ts';
import { AppError, type ProblemCode } from '#platform/errors.ts';
import type { Idempotency } from '#platform/http/idempotency.ts';
import { callRecordUpload } from './library.queries.ts';

export type UploadDeps = { db: Database; storage: Storage; pictures: Pictures };
export type UploadedImage = { image_id: string; width: number; height: number };

/**
 * Takes a stranger's picture: decodes it in a process that may die, stores the re-encoded PNG with thumbnails, then records it.
 * A crash in between leaves an object without a row, which the sweeper removes. The same `Idempotency-Key` with the same file
 * answers the first image again. Throws `unsupported_image`, `payload_too_large`, `storage_exhausted`, `idempotency_key_reused`, `service_unavailable`.
 */
export async function uploadImage(
  deps: UploadDeps,
  actor: Actor,
  bytes: Uint8Array,
  idempotency: Idempotency | undefined,
): Promise<{ image: UploadedImage; replayed: boolean }> {
  const { png, width, height } = await deps.pictures.decodeUpload(bytes).catch((error: unknown) => {
    throw refusal(error);
  });
  const { workspaceId } = actor;
  const image: UploadedImage = { image_id: newId(), width, height };
  const key = uploadKey({ workspaceId, imageId: image.image_id });
  const thumbnails = await deps.pictures.thumbnails(png);
  await Promise.all(
    thumbnailSizes.map((size) =>
      deps.storage.put(thumbnailKey(key, size), thumbnails[size], { contentType: 'image/webp' }),
    ),
  );
  await deps.storage.put(key, png, { contentType: 'image/png' });
  const sha256 = createHash('sha256').update(png).digest('hex');
  const [row] = await callTenant(deps.db, workspaceId, (query) =>
    callRecordUpload<UploadedImage>(query, {
      workspace_id: workspaceId,
      image_id: image.image_id,
      width,
      height,
      size_bytes: png.byteLength,
      sha256,
      storage_key: key,
      storage_max: plans[actor.plan].storageBytes,
      idempotency: idempotency ?? null,
      response: image,
    }),
  );
  const answer = row?.answer;
  if (answer?.outcome === 'recorded') return { image, replayed: false };
  await discard(deps.storage, key);
  if (answer?.outcome === 'replayed' && answer.response) return { image: answer.response, replayed: true };
  throw new AppError(
    answer?.outcome === 'idempotency_key_reused' || answer?.outcome === 'storage_exhausted'
      ? answer.outcome
      : 'not_found',
  );
}

/** Removes a picture's objects: thumbnails first, so that what is left over after a crash is still recognised as an orphan. */
export async function discard(storage: Storage, key: string): Promise<void> {
  for (const size of thumbnailSizes) await storage.delete(thumbnailKey(key, size));
  await storage.delete(key);
}

function refusal(error: unknown): unknown {
  if (!(error instanceof PictureError)) return error;
  const codes: Record<PictureError['code'], ProblemCode> = {
    unsupported_type: 'unsupported_image',
    animated: 'unsupported_image',
    corrupt: 'unsupported_image',
    timed_out: 'unsupported_image',
    too_many_pixels: 'unsupported_image',
    too_large: 'payload_too_large',
    busy: 'service_unavailable',
  };
  return new AppError(codes[error.code], { facts: { reason: error.code }, cause: error });
}
