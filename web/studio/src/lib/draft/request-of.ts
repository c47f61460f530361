import type { GenerateBody, JobRequest, Model } from '../../api/api.gen.ts';
import { type Draft, emptyDraft, type SourceImage } from './draft.ts';
import { isEmptyMask } from './mask.ts';
import type { Size, Sizes } from './size-presets.ts';

type Range = { min: number; max: number; default: number };
const within = (value: number | null, { min, max, default: usual }: Range): number =>
  value === null ? usual : Math.min(Math.max(value, min), max);
const among = (value: string | null, choices: string[]): string | null =>
  value !== null && choices.includes(value) ? value : null;

/** The canvas of a draft on a model: the chosen size where the model can draw it, else its default. */
export function canvasOf({ size }: Pick<Draft, 'size'>, { sizes }: { sizes: Sizes }): Size {
  const fits = ({ width, height }: Size): boolean =>
    sizes.only.length > 0
      ? sizes.only.some((only) => only.width === width && only.height === height)
      : [width, height].every((length) => length % sizes.multiple_of === 0) &&
        width >= sizes.min.width &&
        width <= sizes.max.width &&
        height >= sizes.min.height &&
        height <= sizes.max.height;
  return size && fits(size) ? size : sizes.default;
}

/** What is done to the source on this model; a mode that the model lacks, and a mask or sides that are empty, draw it anew. */
export function editOf({ source, edit, strokes, sides }: Draft, { modes }: Pick<Model, 'modes'>): Draft['edit'] | null {
  if (!source) return null;
  if (edit === 'mask' && modes.includes('inpaint') && !isEmptyMask(strokes)) return 'mask';
  if (edit === 'extend' && modes.includes('outpaint') && Object.values(sides).some((length) => length > 0))
    return 'extend';
  if (edit === 'upscale' && modes.includes('upscale')) return 'upscale';
  return modes.includes('img2img') ? 'vary' : null;
}

const upscaleFactor = 2;

/**
 * The request a draft makes to a model, every value within what the model can do: choosing another model never makes an impossible request. `maskId` is the
 * uploaded mask, when one was painted.
 */
export function requestOf(draft: Draft, model: Model, maskId: string | null): GenerateBody {
  const edit = editOf(draft, model);
  const isScaled = edit === 'upscale';
  return {
    model: model.id,
    // To upscale needs no words, but a request does.
    prompt: draft.prompt.trim() || (isScaled ? 'upscale' : ''),
    negative_prompt: draft.negativePrompt.trim(),
    style: among(draft.style, model.styles),
    ...canvasOf(draft, model),
    steps: within(draft.steps, model.steps),
    guidance: within(draft.guidance, model.guidance),
    ...(draft.scheduler !== null && model.schedulers.includes(draft.scheduler) && { scheduler: draft.scheduler }),
    ...(draft.seed !== '' && { seed: draft.seed }),
    count: isScaled ? 1 : draft.count,
    ...(edit !== null && draft.source && { init_image_id: draft.source.image_id, strength: draft.strength }),
    ...(edit === 'mask' && { mask_image_id: maskId }),
    ...(edit === 'extend' && { outpaint: draft.sides }),
    ...(isScaled && { upscale: { factor: upscaleFactor } }),
  };
}

/** The request to quote for: what changes no price (words, seed) is left out, so that typing asks for no new quote. */
export function priceRequestOf(draft: Draft, model: Model): GenerateBody {
  const {
    seed: _seed,
    negative_prompt: _words,
    style: _style,
    strength: _strength,
    ...request
  } = requestOf(
    draft,
    model,
    // The price depends on there being a mask, not on which.
    draft.source?.image_id ?? null,
  );
  return { ...request, prompt: 'x' };
}

/** The draft that makes the same request again. `newSeeds`: other pictures of the same words. */
export function draftOf(request: JobRequest, source: SourceImage | null, newSeeds: boolean): Partial<Draft> {
  return {
    prompt: request.prompt ?? '',
    negativePrompt: request.negative_prompt ?? '',
    model: request.model ?? null,
    style: request.style ?? null,
    size: request.width && request.height ? { width: request.width, height: request.height } : null,
    count: request.count ?? 1,
    seed: newSeeds ? '' : (request.seed ?? ''),
    steps: request.steps ?? null,
    guidance: request.guidance ?? null,
    scheduler: request.scheduler ?? null,
    source,
    edit: request.upscale ? 'upscale' : request.outpaint ? 'extend' : 'vary',
    strength: request.strength ?? emptyDraft.strength,
    ...(request.outpaint && { sides: request.outpaint }),
  };
}
