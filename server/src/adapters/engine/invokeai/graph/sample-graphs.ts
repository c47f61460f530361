import { toCatalogue } from '../catalogue.ts';
import type { ModelRecord } from '../model-record.ts';
import { buildGraph } from './build-graph.ts';
import type { Family } from './family.ts';
import type { Graph } from './graph.ts';
import type { GraphRequest } from './graph-request.ts';

/** A server with one model of a family and everything that can be added to it. */
export function sampleRecords({ base, references }: Family): ModelRecord[] {
  const record = (type: string, changes: Partial<ModelRecord> = {}): ModelRecord => ({
    key: `key-${type}`,
    hash: 'blake3:00',
    name: type,
    base,
    type,
    ...changes,
  });
  return [
    record('main', { format: 'diffusers', variant: base === 'flux2' ? 'klein_4b' : 'normal' }),
    record('t5_encoder', { base: 'any' }),
    record('clip_embed', { base: 'any' }),
    record('vae'),
    record('lora'),
    record('controlnet', { name: 'canny' }),
    record('ip_adapter'),
    record('clip_vision', { base: 'any', name: references?.encoderName ?? 'none' }),
    record('spandrel_image_to_image', { base: 'any' }),
  ];
}

/** A request that a model of the family can fulfil, with what is given changed. */
export const sampleRequest = ({ limits }: Family, changes: Partial<GraphRequest> = {}): GraphRequest => ({
  model: 'key-main',
  mode: 'txt2img',
  prompt: 'a cat',
  negativePrompt: 'blurry',
  ...limits.sizes.default,
  steps: limits.steps.default,
  guidance: limits.guidance.max,
  scheduler: limits.schedulers[0] ?? 'euler',
  strength: 0.6,
  upscaleFactor: null,
  seed: 42,
  loras: [],
  controls: [],
  references: [],
  images: { init: null, mask: null, controls: [], references: [] },
  memory: {},
  ...changes,
});

/** One graph of each kind that the family has: together they use every node and field that we may ever send. */
export function sampleGraphs(family: Family): Graph[] {
  const catalogue = toCatalogue(sampleRecords(family));
  const [model] = catalogue.models;
  if (!model) throw new Error(`No sample of ${family.base} is usable`);
  const { modes, adapters } = model;
  const images = { init: 'init.png', mask: 'mask.png', controls: ['c.png'], references: ['r.png'] };
  const requests = [
    ...modes.map((mode): Partial<GraphRequest> => ({
      mode,
      ...(mode !== 'txt2img' && { images }),
      ...(mode === 'upscale' && { upscaleFactor: 2 }),
    })),
    { memory: { tiledDecode: true } },
    ...(adapters.lorasMax > 0 ? [{ loras: [{ id: 'key-lora', weight: 0.8 }] }] : []),
    ...adapters.controls.map((type) => ({
      images: { ...images, init: null },
      controls: [{ type, weight: 1, start: 0, end: 1 }],
    })),
    ...(adapters.referencesMax > 0 ? [{ images: { ...images, init: null }, references: [{ weight: 1 }] }] : []),
  ];
  return requests.map((changes) => buildGraph(sampleRequest(family, changes), catalogue));
}
