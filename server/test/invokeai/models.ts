import type { ModelRecord } from '#adapters/engine/invokeai/model-record.ts';

const record = (key: string, base: string, type: string, changes: Partial<ModelRecord> = {}): ModelRecord => ({
  key,
  hash: 'blake3:00',
  name: key,
  base,
  type,
  format: 'diffusers',
  ...changes,
});
const small = { width: 64, height: 64, steps: 4 };

/** What the fake server has: a model of each family that runs without more, and what can be added to them. */
export const fakeModels: ModelRecord[] = [
  record('tiny-sd1', 'sd-1', 'main', { default_settings: small }),
  record('tiny-sd1-inpaint', 'sd-1', 'main', { variant: 'inpaint' }),
  record('tiny-sdxl', 'sdxl', 'main', { default_settings: small }),
  record('tiny-sd3', 'sd-3', 'main', { default_settings: small }),
  record('tiny-flux2', 'flux2', 'main', { variant: 'klein_4b', default_settings: small }),
  record('tiny-z-image', 'z-image', 'main', { default_settings: small }),
  record('tiny-qwen', 'qwen-image', 'main', { default_settings: small }),
  record('tiny-cogview4', 'cogview4', 'main', { default_settings: small }),
  record('tiny-lora', 'sd-1', 'lora'),
  record('tiny-canny', 'sd-1', 'controlnet'),
  record('tiny-ip', 'sd-1', 'ip_adapter'),
  record('tiny-eye', 'any', 'clip_vision', { name: 'IP Adapter SD1.5 Image Encoder' }),
  record('tiny-up', 'any', 'spandrel_image_to_image'),
];
