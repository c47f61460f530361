/** What the engine's process and its host say to each other, over Node's IPC with `serialization: 'advanced'`. */
import type { MiniMode } from './model.ts';

export type MiniRequest = {
  mode: MiniMode;
  prompt: string;
  negativePrompt: string;
  /** null: the seed chooses. */
  style: string | null;
  /** Of the square canvas: 256, or 512, which is drawn at 256 and enlarged by the model's own upscaler. */
  width: number;
  steps: number;
  guidance: number;
  scheduler: string;
  /** 0..2³²−1. */
  seed: number;
  count: number;
  /** Any picture file of canvas size; needed by every mode but txt2img. */
  initImage: Uint8Array | null;
  /** Any picture file of canvas size, light = paint anew; needed for inpaint. */
  maskImage: Uint8Array | null;
  /** 0.01..1. */
  strength: number;
  /** Pixels added to each side of the canvas; mode `outpaint` only. */
  outpaint: { left: number; top: number; right: number; bottom: number } | null;
  /** The result is 2 or 4 times as wide and high as the init picture; mode `upscale` only. */
  upscaleFactor: number | null;
};

/** Microseconds since the job began, without the time spent on previews. */
export type MiniTimings = { loadUs: number; encodeUs: number; denoiseUs: number; decodeUs: number };

export type MiniProgress = {
  phase: 'load' | 'encode' | 'denoise' | 'decode';
  step: number;
  steps: number;
  /** 0..1 over all images. */
  progress: number;
  /** WEBP. */
  preview?: Uint8Array;
  timings: MiniTimings;
};

export type MiniImage = {
  png: Uint8Array;
  width: number;
  height: number;
  seed: number;
  /** `understood` and `ignored`: the words of the prompt, as they were read. */
  info: { style: string; understood: string[]; ignored: string[] };
};

export type MiniFailure = 'invalid_request' | 'out_of_memory' | 'failed';

/** `job` is the host's number for a request; answers carry it, so that a late word about an old job is not mistaken for a new one's. */
export type ToEngine = { type: 'generate'; job: number; request: MiniRequest } | { type: 'cancel'; job: number };

export type FromEngine =
  | { type: 'ready' }
  | { type: 'progress'; job: number; progress: MiniProgress }
  | { type: 'image'; job: number; image: MiniImage }
  | { type: 'done'; job: number; timings: MiniTimings; cancelled: boolean }
  | { type: 'failed'; job: number; failure: MiniFailure; message: string };
