import { EngineError } from '../../port.ts';
import type { Catalogue } from '../catalogue.ts';
import type { ModelRecord } from '../model-record.ts';
import { addControls, addLoras, addReferences } from './add-adapters.ts';
import { type Family, nameOf } from './family.ts';
import { draftGraph, type Graph, type GraphDraft } from './graph.ts';
import type { GraphRequest } from './graph-request.ts';

/** The width of the soft seam that a mask gets on the server, pixels: so far outside it pixels may change. */
const EDGE = { edge_radius: 16, fade_size_px: 16 };

/** The node whose picture is the result. */
export const RESULT = 'output';

/**
 * The graph of one picture. The same request and catalogue give the same graph. Throws `EngineError('engine_model_missing')` for what the catalogue
 * lacks.
 */
export function buildGraph(request: GraphRequest, catalogue: Catalogue): Graph {
  const draft = draftGraph(request.model);
  if (request.mode === 'upscale') {
    addUpscale(draft, request, catalogue);
    return draft.graph;
  }
  const { record, family, parts } = catalogue.main(request.model);
  draft.add('model', family.loader, { model: nameOf(record), ...parts });
  addWords(draft, family, request);
  addDenoise(draft, family, request, record);
  if (request.mode === 'inpaint' || request.mode === 'outpaint') addSeam(draft, family, request);
  else addDecoder(draft, family, request, RESULT);
  // Last, because they take the place of the loader's outputs.
  addControls(draft, family, request, catalogue);
  addReferences(draft, family, request, catalogue);
  addLoras(draft, family, request, catalogue);
  return draft.graph;
}

function addUpscale(draft: GraphDraft, { images, upscaleFactor }: GraphRequest, catalogue: Catalogue): void {
  draft.add(RESULT, 'spandrel_image_to_image_autoscale', {
    image: { image_name: images.init },
    image_to_image_model: nameOf(catalogue.upscaler()),
    scale: upscaleFactor,
    tile_size: 512,
    fit_to_multiple_of_8: false,
  });
}

function addWords(draft: GraphDraft, { encoder, denoise }: Family, request: GraphRequest): void {
  const add = (id: string, words: string): void => {
    const fields = Object.fromEntries(encoder.words.map((field) => [field, words]));
    draft.add(id, encoder.type, { ...encoder.fields, ...fields });
    for (const [output, input] of Object.entries(encoder.inputs)) draft.join(`model.${output}`, `${id}.${input}`);
  };
  add('positive', request.prompt);
  if (denoise.negative && (denoise.negative.always || request.guidance > 1))
    add('negative', request.negativePrompt === '' ? denoise.negative.emptyWords : request.negativePrompt);
}

function addDenoise(draft: GraphDraft, family: Family, request: GraphRequest, record: ModelRecord): void {
  const { denoise, toLatents } = family;
  const { width, height, seed, images } = request;
  const start = images.init === null ? 0 : denoise.startOf(request.strength);
  draft.add('denoise', denoise.type, {
    ...denoise.fields(request),
    denoising_start: round(start),
    denoising_end: 1,
    ...(denoise.size === 'denoise' && { width, height }),
  });
  if (denoise.size === 'noise') {
    // On the processor the same seed is the same noise, whatever card the machine has.
    draft.add('noise', 'noise', { width, height, seed, use_cpu: true });
    draft.join('noise.noise', 'denoise.noise');
  }
  for (const [output, input] of Object.entries(denoise.inputs)) draft.join(`model.${output}`, `denoise.${input}`);
  draft.join('positive.conditioning', `denoise.${denoise.positive}`);
  if (draft.graph.nodes['negative'] && denoise.negative)
    draft.join('negative.conditioning', `denoise.${denoise.negative.input}`);
  if (images.init === null) return;
  if (!toLatents) throw new EngineError('engine_invalid_request', `${record.base} has no encoder`, { retry: false });
  draft.add('encode', toLatents.type, { image: { image_name: images.init }, ...toLatents.fields });
  draft.join('model.vae', 'encode.vae');
  draft.join('encode.latents', 'denoise.latents');
}

function addDecoder(draft: GraphDraft, { toImage }: Family, { memory }: GraphRequest, id: string): void {
  draft.add(id, toImage.type, { ...toImage.fields, ...(toImage.canTile && memory.tiledDecode && { tiled: true }) });
  draft.join('denoise.latents', `${id}.latents`);
  draft.join('model.vae', `${id}.vae`);
}

/** Draws inside the mask only and blends the result over the init picture. The server's masks are black where it shall draw. */
function addSeam(draft: GraphDraft, family: Family, request: GraphRequest): void {
  const { images, mode } = request;
  const init = { image_name: images.init };
  const mask = images.mask === null ? null : { image_name: images.mask };
  addDecoder(draft, family, request, 'decode');
  draft.add('gradient', 'create_gradient_mask', {
    image: init,
    coherence_mode: 'Gaussian Blur',
    edge_radius: EDGE.edge_radius,
    minimum_denoise: 0,
    fp32: family.mask?.fp32 ?? false,
    ...(mode === 'inpaint' && { mask }),
  });
  draft.add('fade', 'expand_mask_with_fade', { fade_size_px: EDGE.fade_size_px });
  draft.add(RESULT, 'invokeai_img_blend', { layer_base: init });
  draft.join('model.vae', 'gradient.vae');
  if (family.mask?.unet) draft.join('model.unet', 'gradient.unet');
  draft.join('gradient.denoise_mask', 'denoise.denoise_mask');
  draft.join('gradient.expanded_mask_area', 'fade.mask');
  draft.join('decode.image', `${RESULT}.layer_upper`);
  draft.join('fade.image', `${RESULT}.mask`);
  if (mode === 'outpaint') addMargin(draft, init, mask);
}

/** The new margin is transparent in the init picture: it becomes a mask, and is filled with colours from near by before it is drawn over. */
function addMargin(draft: GraphDraft, init: { image_name: string | null }, mask: { image_name: string } | null): void {
  draft.add('margin', 'tomask', { image: init });
  draft.add('infill', 'infill_cv2', { image: init });
  draft.join('infill.image', 'encode.image');
  delete draft.graph.nodes['encode']?.['image'];
  if (mask === null) {
    draft.join('margin.image', 'gradient.mask');
    return;
  }
  draft.add('masks', 'mask_combine', { mask1: mask });
  draft.join('margin.image', 'masks.mask2');
  draft.join('masks.image', 'gradient.mask');
}

/** Four digits: what a person can ask for, without the noise of floating point. */
const round = (value: number): number => Math.round(value * 10_000) / 10_000;
