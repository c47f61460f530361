import type { GenerateSpec } from '#adapters/engine/port.ts';

/** What an engine is asked for: one small picture made from words, and what a test or bench asks for besides. */
export const aGenerateSpec = (changes: Partial<GenerateSpec> = {}): GenerateSpec => ({
  attemptId: 'test',
  model: 'fake',
  mode: 'txt2img',
  prompt: '웃는 고양이',
  negativePrompt: '',
  style: null,
  width: 64,
  height: 64,
  steps: 4,
  guidance: 4,
  scheduler: 'euler',
  seed: 1,
  count: 1,
  initImage: null,
  maskImage: null,
  strength: 1,
  outpaint: null,
  upscaleFactor: null,
  loras: [],
  controls: [],
  references: [],
  ...changes,
});
