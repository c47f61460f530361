import { type EngineCapabilities, EngineError, type GenerateSpec } from '#adapters/engine/port.ts';
import type { Pictures } from '#adapters/pictures/port.ts';
import type { Storage } from '#adapters/storage/index.ts';
import { requireReproducible } from './reproduction.ts';
import type { ClaimedGeneration } from './worker-queue.ts';

/** Turns a claimed job into what an engine renders: pictures fetched and fitted to the canvas. Throws `EngineError` when an input is gone. */
export async function toSpec(
  deps: { storage: Storage; pictures: Pictures; capabilities: EngineCapabilities },
  claim: ClaimedGeneration,
): Promise<GenerateSpec> {
  requireReproducible(claim, deps.capabilities);
  const { request } = claim;
  const input = async (
    role: 'init' | 'mask',
    fit: (...args: Parameters<Pictures['fitInit']>) => Promise<Uint8Array>,
  ): Promise<Uint8Array | null> => {
    const found = claim.inputs.find((candidate) => candidate.role === role);
    if (!found) return null;
    const bytes = await deps.storage.get(found.storage_key);
    if (!bytes) throw new EngineError('engine_invalid_request', `the ${role} image has been deleted`, { retry: false });
    return fit(bytes, request.width, request.height);
  };
  return {
    attemptId: `${claim.generation_id}-${claim.attempt}`,
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
  };
}
