/**
 * How well a job repeated a picture. `identical`: the same pixels. `similar`: at most `similarMax` apart. `impossible`: it cannot be repeated here (then
 * nothing is rendered or charged, and `distance` is null), or the engine drew another picture from the same recipe (then `distance` is set).
 */
export type ReproductionVerdict = {
  verdict: 'identical' | 'similar' | 'impossible';
  /** 0 to 1, see `Pictures.comparePixels`; null when there was nothing to compare. */
  distance: number | null;
  why: string;
};

/** What a worker is told of the picture to repeat: what of its recipe must still be the same. */
export type Reproduces = {
  storage_key: string;
  model: { engine: string; engine_version: string; base: string };
  /** SHA-256 of each source picture by its id. */
  sources: Record<string, string>;
};

type EndedAttempt = { outcome: string; errorCode?: string; errorDetail?: string; reproduction?: ReproductionVerdict };

/** The verdict of a settlement: what was compared, or that a job could not be run because of what it asks for. */
export function verdictOf(reproductionOf: string | null, attempt: EndedAttempt): ReproductionVerdict | null {
  if (attempt.reproduction) return attempt.reproduction;
  const { outcome, errorCode, errorDetail } = attempt;
  const impossible =
    reproductionOf !== null &&
    outcome === 'failed' &&
    (errorCode === 'engine_invalid_request' || errorCode === 'engine_model_missing');
  return impossible
    ? { verdict: 'impossible', distance: null, why: errorDetail ?? 'The engine refused the recipe.' }
    : null;
}
