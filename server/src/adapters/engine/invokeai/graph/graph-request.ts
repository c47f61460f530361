import type { GenerateSpec, MemoryOptions } from '../../port.ts';

/** Names under which the pictures of a request lie on the server. */
export type UploadedImages = { init: string | null; mask: string | null; controls: string[]; references: string[] };

export type GraphRequest = Pick<
  GenerateSpec,
  | 'model'
  | 'mode'
  | 'prompt'
  | 'negativePrompt'
  | 'steps'
  | 'guidance'
  | 'scheduler'
  | 'strength'
  | 'upscaleFactor'
  | 'loras'
> & {
  /** Of the picture to draw, with what an outpaint adds; on the model's grid. */
  width: number;
  height: number;
  seed: number;
  controls: Omit<GenerateSpec['controls'][number], 'image'>[];
  references: Omit<GenerateSpec['references'][number], 'image'>[];
  images: UploadedImages;
  memory: MemoryOptions;
};
