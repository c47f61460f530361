import type { Mode } from '#adapters/engine/port.ts';
import type { CatalogueModel } from '#features/models/index.ts';
import { AppError, type FieldError } from '#platform/errors.ts';
import type { GenerateInput } from './generate-body.ts';

/** A request with every default resolved: what the job shows, the worker renders and the price is computed from. */
export type FullRequest = {
  model: string;
  prompt: string;
  negative_prompt: string;
  style: string | null;
  width: number;
  height: number;
  steps: number;
  guidance: number;
  scheduler: string;
  seed: string;
  count: number;
  init_image_id: string | null;
  mask_image_id: string | null;
  strength: number;
  outpaint: { left: number; top: number; right: number; bottom: number } | null;
  upscale: { factor: number } | null;
  loras: { id: string; weight: number }[];
  control: { image_id: string; type: string; weight: number; start: number; end: number }[];
  reference_images: { image_id: string; weight: number }[];
  start_by_s: number;
  metadata: Record<string, string>;
};

const defaultStrength = 0.6;
/** A job that names no `start_by_s` may wait a day. */
export const startByDefaultS = 86_400;

/**
 * Fills in the model's defaults and holds the request against what the model can do. `randomSeed` is used when none was given, and the weight of
 * `loraWeights` for a LoRA that names none.
 * Throws `invalid_request` with every wrong place at once.
 */
export function resolveRequest(
  body: GenerateInput,
  model: CatalogueModel,
  randomSeed: number,
  loraWeights: ReadonlyMap<string, number> = new Map(),
): { request: FullRequest; mode: Mode } {
  const { capabilities } = model;
  const errors: FieldError[] = [];
  const request: FullRequest = {
    model: model.id,
    prompt: body.prompt,
    negative_prompt: body.negative_prompt ?? '',
    style: body.style ?? null,
    width: body.width ?? capabilities.sizes.default.width,
    height: body.height ?? capabilities.sizes.default.height,
    steps: body.steps ?? capabilities.steps.default,
    guidance: body.guidance ?? capabilities.guidance.default,
    scheduler: body.scheduler ?? capabilities.schedulers[0] ?? '',
    // "007" and 7 are one seed.
    seed: String(Number(body.seed ?? randomSeed)),
    count: body.count ?? 1,
    init_image_id: body.init_image_id ?? null,
    mask_image_id: body.mask_image_id ?? null,
    strength: body.strength ?? defaultStrength,
    outpaint: body.outpaint ?? null,
    upscale: body.upscale ?? null,
    loras: (body.loras ?? []).map(({ id, weight }) => ({ id, weight: weight ?? loraWeights.get(id) ?? 1 })),
    control: body.control ?? [],
    reference_images: body.reference_images ?? [],
    start_by_s: body.start_by_s ?? startByDefaultS,
    metadata: body.metadata ?? {},
  };
  const mode = findMode(request, errors);
  if (mode !== 'txt2img' && errors.length === 0 && !capabilities.modes.includes(mode)) {
    errors.push({
      pointer: fieldOfMode[mode],
      detail: `The model ${model.id} cannot do ${mode}; it can do ${capabilities.modes.join(', ')}`,
    });
  } else if (mode === 'txt2img' && !capabilities.modes.includes(mode)) {
    errors.push({
      pointer: '/init_image_id',
      detail: `The model ${model.id} cannot do txt2img; it can do ${capabilities.modes.join(', ')}`,
    });
  }
  checkAgainstModel(request, model, errors);
  if (errors.length > 0) throw new AppError('invalid_request', { errors });
  return { request, mode };
}

const fieldOfMode: Record<Exclude<Mode, 'txt2img'>, string> = {
  img2img: '/init_image_id',
  inpaint: '/mask_image_id',
  outpaint: '/outpaint',
  upscale: '/upscale',
};

/** The mode follows from which fields are there. */
function findMode(request: FullRequest, errors: FieldError[]): Mode {
  const { init_image_id: init, mask_image_id: mask, outpaint, upscale } = request;
  const asked: [Mode, boolean][] = [
    ['upscale', upscale !== null],
    ['outpaint', outpaint !== null],
    ['inpaint', mask !== null],
  ];
  const named = asked.filter(([, present]) => present).map(([mode]) => mode);
  for (const mode of named) {
    if (init === null)
      errors.push({ pointer: fieldOfMode[mode as keyof typeof fieldOfMode], detail: `${mode} needs init_image_id` });
  }
  if (named.length > 1) errors.push({ pointer: '', detail: `Choose one of ${named.join(', ')}: a job has one mode` });
  if (outpaint && outpaint.left + outpaint.top + outpaint.right + outpaint.bottom === 0) {
    errors.push({ pointer: '/outpaint', detail: 'outpaint needs at least one side above 0' });
  }
  return named[0] ?? (init === null ? 'txt2img' : 'img2img');
}

function checkAgainstModel(request: FullRequest, model: CatalogueModel, errors: FieldError[]): void {
  const { sizes, allowedSizes, steps, guidance, schedulers, styles } = model.capabilities;
  for (const side of ['width', 'height'] as const) {
    const value = request[side];
    if (value < sizes.min[side] || value > sizes.max[side]) {
      errors.push({ pointer: `/${side}`, detail: `Use ${sizes.min[side]} to ${sizes.max[side]}` });
    } else if (value % sizes.multipleOf !== 0) {
      errors.push({ pointer: `/${side}`, detail: `Use a multiple of ${sizes.multipleOf}` });
    }
  }
  if (
    allowedSizes.length > 0 &&
    !allowedSizes.some((size) => size.width === request.width && size.height === request.height)
  ) {
    const names = allowedSizes.map((size) => `${size.width}×${size.height}`).join(', ');
    errors.push({ pointer: '/width', detail: `This model draws ${names}` });
  }
  for (const [name, value, range] of [
    ['steps', request.steps, steps],
    ['guidance', request.guidance, guidance],
  ] as const) {
    if (value < range.min || value > range.max)
      errors.push({ pointer: `/${name}`, detail: `Use ${range.min} to ${range.max}` });
  }
  if (!schedulers.includes(request.scheduler))
    errors.push({ pointer: '/scheduler', detail: `Use one of ${schedulers.join(', ')}` });
  if (request.style !== null && !styles.includes(request.style)) {
    errors.push({
      pointer: '/style',
      detail: styles.length > 0 ? `Use one of ${styles.join(', ')}` : `The model ${model.id} has no styles`,
    });
  }
  checkAdapters(request, model, errors);
}

function checkAdapters(request: FullRequest, { id, capabilities }: CatalogueModel, errors: FieldError[]): void {
  const { lorasMax, controls, referencesMax } = capabilities.adapters;
  for (const [field, max] of [
    ['loras', lorasMax],
    ['control', controls.length === 0 ? 0 : controlsMax],
    ['reference_images', referencesMax],
  ] as const) {
    if (request[field].length > max)
      errors.push({
        pointer: `/${field}`,
        detail: max === 0 ? `The model ${id} cannot use ${field}` : `The model ${id} takes at most ${max}`,
      });
  }
  for (const [index, { type, start, end }] of request.control.entries()) {
    if (controls.length > 0 && !controls.includes(type))
      errors.push({ pointer: `/control/${index}/type`, detail: `Use one of ${controls.join(', ')}` });
    if (start >= end) errors.push({ pointer: `/control/${index}/end`, detail: 'Use an end above the start' });
  }
}

const controlsMax = 4;
