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
  /** What may be added to a request for it, and how much of it at most. */
  adapters: Adapters;
  /** Time to bring the model into memory, for the scheduler's swap cost. */
  loadMs: number;
  /** What one default image is expected to take, before any sample exists. */
  imageMs: number;
};
export type Size = { width: number; height: number };

/** `controls` names the control types there is a model for; 0 or empty = the model cannot use that kind. */
export type Adapters = { lorasMax: number; controls: string[]; referencesMax: number };
export const noAdapters: Adapters = { lorasMax: 0, controls: [], referencesMax: 0 };

/** A LoRA as an engine reports it. It fits the main models of its base and no others. */
export type EngineLora = { id: string; name: string; base: string; triggerWords: string[]; weight: number };

export type EngineCapabilities = {
  engine: string;
  version: string;
  deviceClass: string;
  device: string;
  /** Memory of the accelerator, bytes; null where it is not known or there is none. */
  deviceMemoryBytes: number | null;
  models: EngineModel[];
  loras: EngineLora[];
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
  /** PNG of canvas size (`width` × `height`), or null. */
  initImage: Uint8Array | null;
  /** PNG of canvas size; luminance >= 50 % = repaint; alpha ignored. */
  maskImage: Uint8Array | null;
  /** 0.01..1; 1 ignores the init image. */
  strength: number;
  /** Pixels added to each side of the canvas; mode `outpaint` only. */
  outpaint: { left: number; top: number; right: number; bottom: number } | null;
  /** The result is this many times as wide and as high as the canvas; mode `upscale` only. */
  upscaleFactor: number | null;
  loras: { id: string; weight: number }[];
  /** Pictures (PNG of canvas size) that steer the drawing from `start` to `end`, fractions of the steps. */
  controls: { type: string; image: Uint8Array; weight: number; start: number; end: number }[];
  /** Pictures (PNG of any size) whose content or manner the result should take. */
  references: { image: Uint8Array; weight: number }[];
};

/** The size of every picture that a spec asks for. */
export function resultSize({
  width,
  height,
  outpaint,
  upscaleFactor,
}: Pick<GenerateSpec, 'width' | 'height' | 'outpaint' | 'upscaleFactor'>): Size {
  const { left, right, top, bottom } = outpaint ?? { left: 0, right: 0, top: 0, bottom: 0 };
  const factor = upscaleFactor ?? 1;
  return { width: (width + left + right) * factor, height: (height + top + bottom) * factor };
}

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
  /** How to spare the device's memory, for a caller that met `engine_out_of_memory`. An engine ignores what it does not know. */
  memory?: MemoryOptions;
};

/** `tiledDecode`: decode in tiles. `oneAtATime`: never hold more than one image, and run guided passes one after the other. */
export type MemoryOptions = { tiledDecode?: boolean; oneAtATime?: boolean };

/** What kind of failure: decides retry, quarantine or final, and the user's code. A failure never costs anything. */
export type EngineErrorCode =
  | 'engine_out_of_memory'
  | 'engine_crashed'
  | 'engine_unreachable'
  | 'engine_timeout'
  | 'engine_bad_output'
  | 'engine_model_missing'
  | 'engine_invalid_request'
  | 'engine_interrupted'
  | 'engine_disk_full'
  | 'engine_device_fault'
  | 'engine_failed';

/**
 * Thrown by `generate`. `retry`: another attempt may succeed. `countsAsAttempt`: false when the engine itself was down. `quarantine`: whatever
 * runs next on this device fails too, until its process is restarted or somebody looks at it.
 */
export class EngineError extends Error {
  readonly code: EngineErrorCode;
  readonly retry: boolean;
  readonly countsAsAttempt: boolean;
  readonly quarantine: boolean;
  constructor(
    code: EngineErrorCode,
    message: string,
    options: { retry: boolean; countsAsAttempt?: boolean; quarantine?: boolean; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = 'EngineError';
    this.code = code;
    this.retry = options.retry;
    this.countsAsAttempt = options.countsAsAttempt ?? true;
    this.quarantine = options.quarantine ?? false;
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
  /**
   * Deletes whatever the engine still keeps of an attempt: pictures, rows, uploads. Called once the attempt is settled, however it ended; safe to
   * repeat, and without effect for an attempt it does not know. Absent where nothing is kept.
   */
  forget?(attemptId: string): Promise<void>;
  /** Unloads every model that is not in use. Absent where memory cannot be freed without a restart. */
  freeMemory?(): Promise<void>;
  /** Starts the engine again with settings that need less of the device's memory; they stay until it is started the next time. Absent where it is not ours. */
  restartSparingly?(): Promise<void>;
  /** Frees everything (child processes, sockets). */
  close(): Promise<void>;
}
