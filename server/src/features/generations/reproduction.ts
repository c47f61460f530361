import { type EngineCapabilities, EngineError } from '#adapters/engine/port.ts';
import type { Pictures } from '#adapters/pictures/port.ts';
import type { Storage } from '#adapters/storage/index.ts';
import type { ReproductionVerdict } from './reproduction-verdict.ts';
import type { ClaimedGeneration } from './worker-queue.ts';

/**
 * Up to this distance two pictures count as similar: another GPU or driver moves single pixels (below 0.02), a changed pose or palette lies above 0.1,
 * another subject above 0.2.
 */
const similarMax = 0.1;

/**
 * Throws `EngineError` (final, free) when this worker cannot repeat the picture a job reproduces: the picture or an input is gone, or engine, version or
 * model are others than those of its recipe. A picture promised as the same must not be drawn by something else.
 */
export function requireReproducible(claim: ClaimedGeneration, capabilities: EngineCapabilities): void {
  const why = claim.reproduction_of === null ? undefined : whyImpossible(claim, capabilities);
  if (why !== undefined) throw new EngineError('engine_invalid_request', why, { retry: false });
}

function whyImpossible(
  { reproduces, ...claim }: ClaimedGeneration,
  capabilities: EngineCapabilities,
): string | undefined {
  if (reproduces === null) return 'The picture to reproduce has been deleted.';
  const { model, sources } = reproduces;
  if (model.engine !== capabilities.engine)
    return `It was made by the engine ${model.engine}; this model now runs on ${capabilities.engine}.`;
  if (model.engine_version !== capabilities.version)
    return `It was made by ${model.engine} ${model.engine_version}; this is ${capabilities.version}.`;
  if (model.base !== capabilities.models.find(({ id }) => id === claim.model_id)?.base)
    return `The model ${claim.model_id} is another one than it was.`;
  for (const [imageId, sha256] of Object.entries(sources)) {
    if (!claim.inputs.some((input) => input.image_id === imageId && input.sha256 === sha256))
      return `Its source picture ${imageId} has been deleted.`;
  }
  return undefined;
}

/** Compares what was rendered with the picture it reproduces. Never throws: the new picture is good whatever became of the old one. */
export async function judgeReproduction(
  { storage, pictures }: { storage: Storage; pictures: Pictures },
  { reproduces }: ClaimedGeneration,
  png: Uint8Array | undefined,
): Promise<ReproductionVerdict | undefined> {
  if (reproduces === null || png === undefined) return undefined;
  const original = await storage.get(reproduces.storage_key).catch(() => undefined);
  const compared = original && (await pictures.comparePixels(original, png).catch(() => undefined));
  if (!compared)
    return { verdict: 'impossible', distance: null, why: 'The original could not be read, so nothing was compared.' };
  const distance = Math.round(compared.distance * 10_000) / 10_000;
  if (compared.identical) return { verdict: 'identical', distance, why: 'Every pixel is the same.' };
  if (compared.distance <= similarMax)
    return { verdict: 'similar', distance, why: `The pictures differ by ${distance}; up to ${similarMax} is similar.` };
  return {
    verdict: 'impossible',
    distance,
    why: `The engine drew another picture from the same recipe: they differ by ${distance}, above ${similarMax}.`,
  };
}
