import {
  type Engine,
  EngineError,
  type GenerateOptions,
  type GenerateResult,
  type GenerateSpec,
  type MemoryOptions,
} from '#adapters/engine/port.ts';

/** A way to need less memory of the device; the next one is tried with all before it. */
type Rung = { said: string; prepare?: () => Promise<void>; memory: MemoryOptions };

/** From what costs least to what costs most. What an engine cannot do is left out. */
function rungsOf(engine: Engine): Rung[] {
  const tiled = { tiledDecode: true };
  const single = { ...tiled, oneAtATime: true };
  const freeMemory = engine.freeMemory?.bind(engine);
  const restart = engine.restartSparingly?.bind(engine);
  return [
    ...(freeMemory ? [{ said: 'models unloaded', prepare: freeMemory, memory: {} }] : []),
    { said: 'decoded in tiles', memory: tiled },
    { said: 'one image at a time', memory: single },
    ...(restart ? [{ said: 'restarted with low-memory settings', prepare: restart, memory: single }] : []),
  ];
}

/**
 * Renders; when the device runs out of memory, again and again with less of it, until it fits or nothing is left to spare: then the last
 * `engine_out_of_memory` is thrown. Every rung is told before it is tried. Timings and progress are those of the last try: what did not fit is free.
 */
export async function generateSparingly(
  engine: Engine,
  spec: GenerateSpec,
  options: GenerateOptions & { onRung: (said: string) => void },
): Promise<GenerateResult> {
  const rungs = rungsOf(engine);
  for (let memory: MemoryOptions | undefined; ;) {
    try {
      return await engine.generate(spec, { ...options, ...(memory && { memory }) });
    } catch (error) {
      const rung = isOutOfMemory(error) && !options.signal.aborted ? rungs.shift() : undefined;
      if (!rung) throw error;
      options.onRung(rung.said);
      await rung.prepare?.();
      memory = rung.memory;
    }
  }
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof EngineError && error.code === 'engine_out_of_memory';
