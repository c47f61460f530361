import { type EngineCapabilities, EngineError, type GenerateSpec } from '#adapters/engine/port.ts';
import type { Pictures } from '#adapters/pictures/port.ts';
import type { Storage } from '#adapters/storage/index.ts';
import { requireReproducible } from './reproduction.ts';
import type { ClaimedGeneration } from './worker-queue.ts';

/** What an engine knows an attempt by: unique, and safe in addresses. */
export const attemptIdOf = (claim: Pick<ClaimedGeneration, 'generation_id' | 'attempt'>): string =>
  `${claim.generation_id}-${claim.attempt}`;

/** Turns a claimed job into what an engine renders: pictures fetched and fitted to the canvas. Throws `EngineError` when an input is gone. */
export async function toSpec(
  deps: { storage: Storage; pictures: Pictures; capabilities: EngineCapabilities },
  claim: ClaimedGeneration,
): Promise<GenerateSpec> {
  requireReproducible(claim, deps.capabilities);
  const { request } = claim;
  const stored = async (what: string, { storage_key: key }: { storage_key: string }): Promise<Uint8Array> => {
    const bytes = await deps.storage.get(key);
    if (!bytes) throw new EngineError('engine_invalid_request', `the ${what} has been deleted`, { retry: false });
    return bytes;
  };
  const input = async (
    role: 'init' | 'mask',
    fit: (...args: Parameters<Pictures['fitInit']>) => Promise<Uint8Array>,
  ): Promise<Uint8Array | null> => {
    const found = claim.inputs.find((candidate) => candidate.role === role);
    return found ? fit(await stored(`${role} image`, found), request.width, request.height) : null;
  };
  const named = async (imageId: string): Promise<Uint8Array> => {
    const found = claim.inputs.find((candidate) => candidate.image_id === imageId);
    if (!found) throw new EngineError('engine_invalid_request', `image ${imageId} is gone`, { retry: false });
    return stored(`image ${imageId}`, found);
  };
  return {
    attemptId: attemptIdOf(claim),
    model: claim.model_id,
    mode: claim.mode,
    prompt: request.prompt,
    negativePrompt: request.negative_prompt,
    style: request.style,
    width: request.width,
    height: request.height,
    steps: request.steps,
    guidance: request.guidance,
    scheduler: request.scheduler,
    seed: Number(request.seed),
    count: request.count,
    initImage: await input('init', (...args) => deps.pictures.fitInit(...args)),
    maskImage: await input('mask', (...args) => deps.pictures.fitMask(...args)),
    strength: request.strength,
    outpaint: request.outpaint ?? null,
    upscaleFactor: request.upscale?.factor ?? null,
    loras: request.loras ?? [],
    controls: await Promise.all(
      (request.control ?? []).map(async ({ image_id: id, ...control }) => ({
        ...control,
        image: await deps.pictures.fitInit(await named(id), request.width, request.height),
      })),
    ),
    references: await Promise.all(
      (request.reference_images ?? []).map(async ({ image_id: id, weight }) => ({ weight, image: await named(id) })),
    ),
  };
}
