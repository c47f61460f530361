import { quote, type Quote } from '@pingvas/domain';
import type { Mode } from '#adapters/engine/port.ts';
import { type CatalogueModel, timingKey } from '#features/models/index.ts';
import type { FullRequest } from './resolve-request.ts';

/** What a quote binds: a request with the same shape has the same price. Words, seed and pictures are not in it. */
export type PriceShape = {
  model: string;
  mode: Mode;
  width: number;
  height: number;
  steps: number;
  scheduler: string;
  guided: boolean;
  count: number;
  loras: number;
  controls: number;
  references: number;
  factor: number;
  apiCall: boolean;
};

/** The price-relevant shape of a request. Guidance of at most 1 means one pass per step. */
export function shapeOf(request: FullRequest, mode: Mode, apiCall: boolean): PriceShape {
  const { left = 0, top = 0, right = 0, bottom = 0 } = request.outpaint ?? {};
  return {
    model: request.model,
    mode,
    width: request.width + left + right,
    height: request.height + top + bottom,
    steps: request.steps,
    scheduler: request.scheduler,
    guided: request.guidance > 1,
    count: request.count,
    loras: request.loras.length,
    controls: request.control.length,
    references: request.reference_images.length,
    factor: request.upscale?.factor ?? 1,
    apiCall,
  };
}

/** The binding price of a shape on a model, in milli-credits: from measured times of its shape when there are enough, else from the start value. */
export function priceShape(shape: PriceShape, model: CatalogueModel): Quote {
  const { sizes, steps } = model.capabilities;
  return quote({
    imageMs: model.imageMs,
    width: shape.width * shape.factor,
    height: shape.height * shape.factor,
    steps: shape.steps,
    guidance: shape.guided,
    count: shape.count,
    loras: shape.loras,
    controls: shape.controls,
    references: shape.references,
    defaults: { ...sizes.default, steps: steps.default },
    apiCall: shape.apiCall,
    samples: model.timings.get(timingKey(shape)),
  });
}

/**
 * How long one attempt may take, in milliseconds: two minutes, or loading four times and computing ten times as long as expected. Generous on purpose:
 * a slow machine must not lose paid-for work to a timer, and a hung engine is noticed by its lease much earlier.
 */
export function attemptTimeoutMs(price: Quote, model: CatalogueModel): number {
  return Math.max(120_000, 4 * model.loadMs + 10 * (price.expected - price.surcharge));
}
