import { setImmediate, setTimeout } from 'node:timers/promises';
import { aborted } from './aborted.ts';
import { assertSpecFits } from './check-spec.ts';
import { type FakeFault, type FaultScript, faultsInOrder } from './fake-faults.ts';
import { createGate } from './fake-gate.ts';
import { drawFakePicture, drawFakePreview } from './fake-picture.ts';
import {
  type Engine,
  EngineError,
  type EngineImage,
  type EngineLora,
  type EngineModel,
  type GenerateOptions,
  type GenerateResult,
  type GenerateSpec,
  type PhaseTimings,
  resultSize,
} from './port.ts';

/** A model that can do everything, small and quick; `changes` make it another one. */
export function aFakeModel(changes: Partial<EngineModel> = {}): EngineModel {
  const square = (side: number): { width: number; height: number } => ({ width: side, height: side });
  return {
    id: 'fake',
    name: 'Fake',
    base: 'fake',
    modes: ['txt2img', 'img2img', 'inpaint', 'outpaint', 'upscale'],
    sizes: { min: square(64), max: square(2_048), default: square(256), multipleOf: 8 },
    allowedSizes: [],
    steps: { min: 1, max: 100, default: 4 },
    guidance: { min: 0, max: 20, default: 4 },
    schedulers: ['euler', 'heun'],
    styles: ['flat', '3d'],
    languages: ['ko', 'en', 'ja', 'zh'],
    licence: 'MIT',
    adapters: { lorasMax: 8, controls: ['canny', 'depth'], referencesMax: 4 },
    loadMs: 50,
    imageMs: 53,
    ...changes,
  };
}

export type FakeEngineOptions = {
  models?: EngineModel[];
  loras?: EngineLora[];
  /** Memory of the device it claims to run on, bytes. Default: not known. */
  memoryBytes?: number;
  /** Faults in the order of the calls, or a function (see `faultsBySeed`). */
  faults?: readonly (FakeFault | null)[] | FaultScript;
  /** Real time of a step. Default 0: the event loop turns once. */
  stepMs?: number;
  /** The time each phase claims to have taken, in µs: load per model, encode and decode per image, denoise per step. */
  costUs?: Partial<Record<'load' | 'encode' | 'step' | 'decode', number>>;
};

export type FakeEngine = Engine & {
  /** Every spec that was asked for, in order. */
  calls: readonly GenerateSpec[];
  /** From now on jobs wait before their first step and after each image, until `release`. A cancel passes. */
  hold: () => void;
  release: () => void;
  /** Resolves once `generate` has been called this often in all. */
  untilCalled: (times: number) => Promise<void>;
};

const SLOWER = 10;

function failWith(fault: FakeFault | null): void {
  switch (fault) {
    case 'crash':
      throw new EngineError('engine_crashed', 'The fake crashed as it was told', { retry: true });
    case 'out_of_memory':
      throw new EngineError('engine_out_of_memory', 'The fake ran out of memory as it was told', { retry: true });
    case 'unreachable':
      throw new EngineError('engine_unreachable', 'The fake is down', { retry: true, countsAsAttempt: false });
    case 'hang':
    case 'deaf':
    case 'slow':
    case 'corrupt_png':
    case 'wrong_count':
    case null:
  }
}

/**
 * An engine without a model, for tests of everything around engines: real PNGs that depend on every setting, timings that are made up
 * but always the same, and faults on demand. It may serve several workers at once.
 */
export function createFakeEngine({
  models = [aFakeModel()],
  loras = [],
  memoryBytes,
  faults = [],
  stepMs = 0,
  costUs,
}: FakeEngineOptions = {}): FakeEngine {
  const cost = { load: 50_000, encode: 1_000, step: 10_000, decode: 2_000, ...costUs };
  const faultOf = typeof faults === 'function' ? faults : faultsInOrder(faults);
  const calls: GenerateSpec[] = [];
  const waiters: { times: number; resolve: () => void }[] = [];
  const gate = createGate();
  const closing = new AbortController();
  let loaded: string | null = null;

  function noteCall(spec: GenerateSpec): number {
    calls.push(spec);
    for (const waiter of waiters) if (calls.length >= waiter.times) waiter.resolve();
    return calls.length - 1;
  }

  async function render(
    spec: GenerateSpec,
    fault: FakeFault | null,
    { signal, onProgress }: GenerateOptions,
  ): Promise<GenerateResult> {
    const stop = AbortSignal.any([signal, closing.signal]);
    const stopped = (): boolean => stop.aborted;
    const slower = fault === 'slow' ? SLOWER : 1;
    const timings: PhaseTimings = { loadUs: 0, encodeUs: 0, denoiseUs: 0, decodeUs: 0 };
    const images: EngineImage[] = [];
    const steps = spec.steps * spec.count;
    const tell = (phase: 'load' | 'encode' | 'denoise' | 'decode', step: number, preview?: Uint8Array): void =>
      onProgress({
        phase,
        step: images.length * spec.steps + step,
        steps,
        progress: (images.length + step / (spec.steps + 1)) / spec.count,
        timings: { ...timings },
        ...(preview && { preview }),
      });
    const cancelled = (): GenerateResult => ({ images, timings, cancelled: true });

    if (stopped()) return cancelled();
    if (loaded !== spec.model) {
      tell('load', 0);
      timings.loadUs = cost.load;
      loaded = spec.model;
    }
    await gate.pass(stop);
    for (let index = 0; index < spec.count; index++) {
      if (stopped()) return cancelled();
      const seed = (spec.seed + index) >>> 0;
      timings.encodeUs += cost.encode;
      tell('encode', 0);
      for (let step = 1; step <= spec.steps; step++) {
        await (stepMs > 0 ? setTimeout(stepMs * slower) : setImmediate());
        timings.denoiseUs += cost.step * slower;
        tell('denoise', step, index === 0 && step === 1 ? await drawFakePreview(spec, seed) : undefined);
        if (fault === 'hang') await aborted(stop);
        if (fault === 'deaf') await aborted(closing.signal);
        if (stopped()) return cancelled();
        failWith(fault);
      }
      const png = await drawFakePicture(spec, seed);
      timings.decodeUs += cost.decode;
      images.push({
        png: fault === 'corrupt_png' ? png.subarray(0, png.byteLength / 2) : png,
        ...resultSize(spec),
        seed,
        info: { style: spec.style ?? 'none' },
      });
      tell('decode', 0);
      await gate.pass(stop);
    }
    if (fault === 'wrong_count') images.pop();
    return { images, timings, cancelled: false };
  }

  return {
    calls,
    hold: () => gate.shut(),
    release: () => gate.open(),
    async untilCalled(times) {
      if (calls.length >= times) return;
      await new Promise<void>((resolve) => waiters.push({ times, resolve }));
    },
    capabilities: async () => ({
      engine: 'fake',
      version: '1',
      deviceClass: 'cpu',
      device: 'Fake device',
      deviceMemoryBytes: memoryBytes ?? null,
      models,
      loras,
    }),
    loadedModel: () => loaded,
    async generate(spec, options) {
      assertSpecFits(models, spec);
      const fault = faultOf(spec, noteCall(spec), options.memory);
      if (closing.signal.aborted || fault === 'unreachable') failWith('unreachable');
      const result = await render(spec, fault, options);
      if (closing.signal.aborted && !options.signal.aborted) failWith('crash');
      return result;
    },
    freeMemory: async () => {
      loaded = null;
    },
    health: async () => !closing.signal.aborted,
    async close() {
      closing.abort();
    },
  };
}
