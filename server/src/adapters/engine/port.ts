/** The engine port: whatever renders pictures. Vendors implement it; features and the worker know only this file. */

/** How a request becomes a picture; follows from the fields of the request. */
export type Mode = 'txt2img' | 'img2img' | 'inpaint' | 'outpaint' | 'upscale';

/** The phases of an attempt that a receipt shows. */
export type Phase = 'load' | 'encode' | 'denoise' | 'decode';

/** One main model as an engine reports it. The catalogue adds who may use it and its start price. */
export type EngineModel = {
  /** Stable id within the engine, also the catalogue's id when added automatically. */
  id: string;
  name: string;
  base: string;
  modes: Mode[];
  sizes: { min: Size; max: Size; default: Size; multipleOf: number };
  /** Canvas sizes the model can really draw, when the grid alone does not say it; empty = every size on the grid. */
  allowedSizes: Size[];
  steps: { min: number; max: number; default: number };
  guidance: { min: number; max: number; default: number };
  schedulers: string[];
  styles: string[];
  languages: string[];
  licence: string;
  /** Time to bring the model into memory, for the scheduler's swap cost. */
  loadMs: number;
  /** What one default image is expected to take, before any sample exists. */
  imageMs: number;
};
export type Size = { width: number; height: number };

export type EngineCapabilities = {
  engine: string;
  version: string;
  deviceClass: string;
  device: string;
  models: EngineModel[];
};

/** What to render: every default resolved; pictures as encoded bytes (PNG), already fitted to the canvas. */
export type GenerateSpec = {
  /** Unique to the attempt; engines with queues of their own use it to find the work again. */
  attemptId: string;
  model: string;
  mode: Mode;
  prompt: string;
  negativePrompt: string;
  style: string | null;
  width: number;
  height: number;
  steps: number;
  guidance: number;
  scheduler: string;
  /** 0..2^32-1; image i uses (seed + i) mod 2^32. */
  seed: number;
  count: number;
  /** PNG of canvas size, or null. */
  initImage: Uint8Array | null;
  /** PNG of canvas size; luminance >= 50 % = repaint; alpha ignored. */
  maskImage: Uint8Array | null;
  /** 0.01..1; 1 ignores the init image. */
  strength: number;
};

/** Microseconds spent computing in each phase. `load` is never billed. */
export type PhaseTimings = { loadUs: number; encodeUs: number; denoiseUs: number; decodeUs: number };

export type EngineImage = {
  /** PNG bytes of exactly the size asked for; the engine's own text chunks may still be inside and are stripped by the caller. */
  png: Uint8Array;
  width: number;
  height: number;
  seed: number;
  /** Facts worth showing (for instance which words were understood); no paths, no secrets. */
  info: Record<string, unknown>;
};

export type GenerateProgress = {
  phase: Phase;
  /** Steps done of all steps of all images. */
  step: number;
  steps: number;
  /** 0..1 over the whole job. */
  progress: number;
  /** A small WEBP or PNG of the picture so far; engines send at most two per second. */
  preview?: Uint8Array;
  /** Computed so far, so that a cancel can be charged for what was done. */
  timings: PhaseTimings;
};

export type GenerateResult = {
  /** Fewer than `count` only when `cancelled`. */
  images: EngineImage[];
  timings: PhaseTimings;
  cancelled: boolean;
};

export type GenerateOptions = {
  /** Aborting asks for a cancel: the engine stops between steps and returns what is finished with `cancelled: true`. */
  signal: AbortSignal;
  onProgress: (progress: GenerateProgress) => void;
};

/** What kind of failure: decides retry, quarantine or final, and the user's code. A failure never costs anything. */
export type EngineErrorCode =
  | 'engine_out_of_memory'
  | 'engine_crashed'
  | 'engine_unreachable'
  | 'engine_timeout'
  | 'engine_bad_output'
  | 'engine_model_missing'
  | 'engine_invalid_request'
  | 'engine_failed';

/** Thrown by `generate`. `retry`: another attempt may succeed. `countsAsAttempt`: false when the engine itself was down. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;
  readonly retry: boolean;
  readonly countsAsAttempt: boolean;
  constructor(
    code: EngineErrorCode,
    message: string,
    options: { retry: boolean; countsAsAttempt?: boolean; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = 'EngineError';
    this.code = code;
    this.retry = options.retry;
    this.countsAsAttempt = options.countsAsAttempt ?? true;
  }
}

/** One engine on one device. It renders one job at a time. */
export interface Engine {
  /** What this engine can do. Waits until the engine answers. Throws `EngineError('engine_unreachable')`. */
  capabilities(): Promise<EngineCapabilities>;
  /** Id of the model now in memory, or null. Used for the scheduler's affinity. */
  loadedModel(): string | null;
  /** Renders. Throws `EngineError` for every failure; never throws for a cancel. */
  generate(spec: GenerateSpec, options: GenerateOptions): Promise<GenerateResult>;
  /** True when the engine could take a job now. */
  health(): Promise<boolean>;
  /** Frees everything (child processes, sockets). */
  close(): Promise<void>;
}
