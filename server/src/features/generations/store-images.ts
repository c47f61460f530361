import { createHash } from 'node:crypto';
import { type EngineCapabilities, EngineError, type EngineImage } from '#adapters/engine/port.ts';
import type { Pictures } from '#adapters/pictures/port.ts';
import { resultKey, thumbnailKey, thumbnailSizes, type Storage } from '#adapters/storage/index.ts';
import { canonicalRecipe } from '#features/library/index.ts';
import type { ClaimedGeneration, DeliveredImage } from './worker-queue.ts';

export type StoreDeps = { storage: Storage; pictures: Pictures; capabilities: EngineCapabilities };

/**
 * Verifies, marks and stores the pictures of an attempt with their thumbnails. Returns what the settlement records, the recipe's hash of
 * the first picture, and the time it took in microseconds (shown on the receipt, never billed).
 * Throws `EngineError('engine_bad_output')` for a picture that does not decode or has another size than asked for.
 */
export async function storeImages(
  deps: StoreDeps,
  claim: ClaimedGeneration,
  pictures: EngineImage[],
): Promise<{ images: DeliveredImage[]; recipeSha256?: string; uploadUs: number }> {
  const startedAt = performance.now();
  const images: DeliveredImage[] = [];
  let recipeSha256: string | undefined;
  for (const [position, picture] of pictures.entries()) {
    const stored = await storeImage(deps, claim, picture, position);
    images.push(stored.image);
    recipeSha256 ??= stored.recipeSha256;
  }
  const uploadUs = Math.round((performance.now() - startedAt) * 1_000);
  return { images, uploadUs, ...(recipeSha256 !== undefined && { recipeSha256 }) };
}

async function storeImage(
  { storage, pictures, capabilities }: StoreDeps,
  claim: ClaimedGeneration,
  picture: EngineImage,
  position: number,
): Promise<{ image: DeliveredImage; recipeSha256: string }> {
  const { width, height } = await verify(pictures, picture);
  const recipe = canonicalRecipe({
    request: claim.request,
    mode: claim.mode,
    model: {
      id: claim.model_id,
      base: capabilities.models.find((model) => model.id === claim.model_id)?.base ?? '',
      engine: capabilities.engine,
      engineVersion: capabilities.version,
    },
    seed: picture.seed,
    sourceSha256: Object.fromEntries(claim.inputs.map((input) => [input.image_id, input.sha256])),
  });
  const png = pictures.writePng(picture.png, {
    recipe: recipe.json,
    software: `PingvasAI (${capabilities.engine} ${capabilities.version})`,
  });
  const thumbnails = await pictures.thumbnails(png);
  const key = resultKey({
    workspaceId: claim.workspace_id,
    generationId: claim.generation_id,
    attempt: claim.attempt,
    index: position,
  });
  // Thumbnails first: whoever sees the picture's row finds them.
  await Promise.all(
    thumbnailSizes.map((size) => storage.put(thumbnailKey(key, size), thumbnails[size], { contentType: 'image/webp' })),
  );
  await storage.put(key, png, { contentType: 'image/png' });
  const image = {
    position,
    width,
    height,
    seed: picture.seed,
    sizeBytes: png.byteLength,
    sha256: createHash('sha256').update(png).digest('hex'),
    storageKey: key,
    engineInfo: picture.info,
    recipe: recipe.value,
  };
  return { image, recipeSha256: recipe.sha256 };
}

async function verify(pictures: Pictures, picture: EngineImage): Promise<{ width: number; height: number }> {
  let size;
  try {
    size = await pictures.inspectPng(picture.png);
  } catch (error) {
    throw new EngineError('engine_bad_output', 'a picture does not decode', { retry: true, cause: error });
  }
  if (size.width !== picture.width || size.height !== picture.height) {
    throw new EngineError(
      'engine_bad_output',
      `a picture is ${size.width}×${size.height} instead of ${picture.width}×${picture.height}`,
      { retry: true },
    );
  }
  return size;
}
