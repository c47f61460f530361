import { EngineError, type EngineModel, type GenerateSpec } from './port.ts';

const SEED_MAX = 4_294_967_295;

function fitsCanvas({ sizes, allowedSizes }: EngineModel, { width, height }: GenerateSpec): boolean {
  if (allowedSizes.length > 0) return allowedSizes.some((size) => size.width === width && size.height === height);
  const fits = (value: number, min: number, max: number): boolean =>
    value >= min && value <= max && value % sizes.multipleOf === 0;
  return fits(width, sizes.min.width, sizes.max.width) && fits(height, sizes.min.height, sizes.max.height);
}

const within = (value: number, { min, max }: { min: number; max: number }): boolean => value >= min && value <= max;

/** The first thing about a spec that the model cannot do, or null. */
function misfit(model: EngineModel, spec: GenerateSpec): string | null {
  if (!model.modes.includes(spec.mode)) return `mode ${spec.mode}`;
  if (!fitsCanvas(model, spec)) return `size ${spec.width}×${spec.height}`;
  if (!Number.isInteger(spec.steps) || !within(spec.steps, model.steps)) return `steps ${spec.steps}`;
  if (!within(spec.guidance, model.guidance)) return `guidance ${spec.guidance}`;
  if (!model.schedulers.includes(spec.scheduler)) return `scheduler ${spec.scheduler}`;
  if (spec.style !== null && !model.styles.includes(spec.style)) return `style ${spec.style}`;
  if (!Number.isInteger(spec.seed) || !within(spec.seed, { min: 0, max: SEED_MAX })) return `seed ${spec.seed}`;
  if (!Number.isInteger(spec.count) || spec.count < 1) return `count ${spec.count}`;
  return misfitOfAdapters(model, spec) ?? misfitOfMode(spec);
}

function misfitOfAdapters({ adapters }: EngineModel, { loras, controls, references }: GenerateSpec): string | null {
  if (loras.length > adapters.lorasMax) return `${loras.length} LoRAs`;
  const unknown = controls.find(({ type }) => !adapters.controls.includes(type));
  if (unknown) return `control ${unknown.type}`;
  return references.length > adapters.referencesMax ? `${references.length} reference images` : null;
}

function misfitOfMode(spec: GenerateSpec): string | null {
  if (spec.mode === 'txt2img') return null;
  if (!spec.initImage) return `${spec.mode} without an init image`;
  if (!within(spec.strength, { min: 0.01, max: 1 })) return `strength ${spec.strength}`;
  if (spec.mode === 'outpaint' && !spec.outpaint) return 'outpaint without sides';
  if (spec.mode === 'upscale' && spec.upscaleFactor === null) return 'upscale without a factor';
  return spec.mode === 'inpaint' && !spec.maskImage ? 'inpaint without a mask' : null;
}

/**
 * Checks a spec against what an engine says about its models and returns the model. The API has refused such requests long before; here
 * the check keeps a stale catalogue from reaching native code.
 *
 * Throws `EngineError`: `engine_model_missing`, `engine_invalid_request`; neither is worth a second attempt.
 */
export function assertSpecFits(models: EngineModel[], spec: GenerateSpec): EngineModel {
  const model = models.find(({ id }) => id === spec.model);
  if (!model) throw new EngineError('engine_model_missing', `The engine has no model ${spec.model}`, { retry: false });
  const wrong = misfit(model, spec);
  if (wrong !== null)
    throw new EngineError('engine_invalid_request', `Model ${model.id} cannot do ${wrong}`, { retry: false });
  return model;
}
