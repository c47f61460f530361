import { apiCallMilli } from './plans.ts';

/** From so many measured images on, the measurements replace the catalogue's start value. */
export const samplesMin = 20;

/** What the price of a request depends on. Nothing of the prompt is in it: other words do not change the price. */
export type PriceInputs = {
  /** Catalogue's start value: milliseconds of one image at the default size and steps, guidance on. */
  imageMs: number;
  width: number;
  height: number;
  steps: number;
  /** Without guidance the model runs once per step, not twice. */
  guidance: boolean;
  count: number;
  loras: number;
  controls: number;
  references: number;
  defaults: { width: number; height: number; steps: number };
};

/** GPU time of one image of this kind, as measured on the slowest device class that may run it. */
export type PriceSamples = { count: number; p50Ms: number; p99Ms: number };

export type LineItem = 'gpu_seconds' | 'api_call';

/** One line of a quote or a receipt. `quantity`: GPU seconds, or API calls. */
export type PriceLine = { item: LineItem; quantity: number; milli: number };

/** Milli-credits. `expected` and `ceiling` include the surcharge; `breakdown` adds up to `expected`. */
export type Quote = { expected: number; ceiling: number; surcharge: number; breakdown: PriceLine[] };

/** Extra time a LoRA, a control image, a reference image adds to an image, as a share of it. Start values until samples of the kind exist. */
const loraShare = 0.05;
const controlShare = 0.4;
const referenceShare = 0.25;

/** Start value for one image of a request, in milliseconds: linear in pixels and steps. */
export function startImageMs(inputs: Omit<PriceInputs, 'count'>): number {
  const { defaults } = inputs;
  const pixels = (inputs.width * inputs.height) / (defaults.width * defaults.height);
  const steps = inputs.steps / defaults.steps;
  const passes = inputs.guidance ? 1 : 0.5;
  const extras = 1 + inputs.loras * loraShare + inputs.controls * controlShare + inputs.references * referenceShare;
  return inputs.imageMs * pixels * steps * passes * extras;
}

/**
 * The binding price of a request, in milli-credits: what is likely, and what it can cost at most (which is what a submit holds).
 * With 20 samples or more: expected = p50, ceiling = min(3 × expected, max(1.5 × expected, p99)). With fewer, the start value and twice the
 * start value. Both are for the whole request, rounded up once to a whole milli-credit, and include the API call's surcharge.
 */
export function quote(inputs: PriceInputs & { apiCall: boolean; samples?: PriceSamples | undefined }): Quote {
  const { count, samples } = inputs;
  const surcharge = inputs.apiCall ? apiCallMilli : 0;
  const measured = samples !== undefined && samples.count >= samplesMin;
  const likelyMs = count * (measured ? samples.p50Ms : startImageMs(inputs));
  const mostMs = measured ? Math.min(3 * likelyMs, Math.max(1.5 * likelyMs, count * samples.p99Ms)) : 2 * likelyMs;
  const gpu = Math.ceil(likelyMs);
  return {
    expected: gpu + surcharge,
    ceiling: Math.ceil(mostMs) + surcharge,
    surcharge,
    breakdown: priceLines(gpu, surcharge),
  };
}

/** Microseconds an engine spent in each phase of one attempt. */
export type PhasesUs = { encodeUs: number; denoiseUs: number; decodeUs: number };

/**
 * GPU time of an attempt in milli-credits: the billed phases summed in microseconds and rounded down once; 1 ms = 1 milli-credit.
 * Model load and upload are free.
 */
export function billedMilli(phases: PhasesUs): number {
  return Math.floor((phases.encodeUs + phases.denoiseUs + phases.decodeUs) / 1_000);
}

/** Lines of a receipt: they add up to `chargedMilli`. A charge cut at the ceiling shows the seconds that were paid. */
export function receiptLines(chargedMilli: number, surchargeMilli: number): PriceLine[] {
  if (chargedMilli === 0) return [];
  const surcharge = Math.min(surchargeMilli, chargedMilli);
  return priceLines(chargedMilli - surcharge, surcharge);
}

function priceLines(gpu: number, surcharge: number): PriceLine[] {
  const lines: PriceLine[] = [{ item: 'gpu_seconds', quantity: gpu / 1_000, milli: gpu }];
  if (surcharge > 0) lines.push({ item: 'api_call', quantity: surcharge / apiCallMilli, milli: surcharge });
  return lines;
}
