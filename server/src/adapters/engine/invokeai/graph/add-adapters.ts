import type { Catalogue } from '../catalogue.ts';
import { type Family, nameOf } from './family.ts';
import type { GraphDraft } from './graph.ts';
import type { GraphRequest } from './graph-request.ts';

/** Lets what the loader gives pass through the LoRAs first. */
export function addLoras(draft: GraphDraft, family: Family, { loras }: GraphRequest, catalogue: Catalogue): void {
  if (loras.length === 0 || !family.loras) return;
  const { loader, outputs } = family.loras;
  for (const output of outputs) draft.reroute(`model.${output}`, `loras.${output}`);
  draft.add('loras', loader);
  for (const output of outputs) draft.join(`model.${output}`, `loras.${output}`);
  draft.add('lora_list', 'collect');
  draft.join('lora_list.collection', 'loras.loras');
  for (const [index, { id, weight }] of loras.entries()) {
    draft.add(`lora_${index}`, 'lora_selector', { lora: nameOf(catalogue.lora(id, family.base)), weight });
    collect(draft, `lora_${index}.lora`, 'lora_list');
  }
}

/** Pictures that steer the drawing, each used as the map that it is. */
export function addControls(
  draft: GraphDraft,
  family: Family,
  { controls, images }: GraphRequest,
  catalogue: Catalogue,
): void {
  if (controls.length === 0 || !family.controls) return;
  draft.add('controls', 'collect');
  draft.join('controls.collection', 'denoise.control');
  if (family.controls.vae) draft.join('model.vae', 'denoise.controlnet_vae');
  for (const [index, { type, weight, start, end }] of controls.entries()) {
    draft.add(`control_${index}`, family.controls.type, {
      image: { image_name: images.controls[index] },
      control_model: nameOf(catalogue.control(type, family.base)),
      control_weight: weight,
      begin_step_percent: start,
      end_step_percent: end,
      resize_mode: 'just_resize',
      ...family.controls.fields,
    });
    collect(draft, `control_${index}.control`, 'controls');
  }
}

/** Pictures whose content or manner the result takes. */
export function addReferences(
  draft: GraphDraft,
  family: Family,
  { references, images }: GraphRequest,
  catalogue: Catalogue,
): void {
  if (references.length === 0 || !family.references) return;
  draft.add('references', 'collect');
  draft.join('references.collection', 'denoise.ip_adapter');
  for (const [index, { weight }] of references.entries()) {
    draft.add(`reference_${index}`, 'ip_adapter', {
      image: { image_name: images.references[index] },
      ip_adapter_model: nameOf(catalogue.referenceAdapter(family.base)),
      clip_vision_model: family.references.vision,
      weight,
      method: 'full',
      begin_step_percent: 0,
      end_step_percent: 1,
    });
    collect(draft, `reference_${index}.ip_adapter`, 'references');
  }
}

/** The one input that takes many edges. */
function collect({ graph }: GraphDraft, from: string, list: string): void {
  const [nodeId = '', field = ''] = from.split('.');
  graph.edges.push({
    source: { node_id: nodeId, field },
    destination: { node_id: list, field: 'item' },
  });
}
