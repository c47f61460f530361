import { cpus } from 'node:os';
import { type MiniRequest, miniEngineFile, miniModel, miniVersion } from '@pingvas/engine-mini';
import type { Logger } from 'pino';
import { assertSpecFits } from './check-spec.ts';
import { startMiniProcess } from './mini-process.ts';
import { renderInMini } from './mini-render.ts';
import { type Engine, type EngineCapabilities, type GenerateSpec, noAdapters } from './port.ts';

export type MiniEngineOptions = {
  log?: Logger;
  /** How long the process may take to answer after its start. */
  startTimeoutMs?: number;
  /** How long it may take to react to a cancel before it is killed; below the two seconds in which a cancel must take effect. */
  cancelGraceMs?: number;
};

/** The embedded engine; `pid` is that of its present process, for supervision and tests. */
export type MiniEngine = Engine & { pid: () => number | undefined };

function toRequest(spec: GenerateSpec): MiniRequest {
  const { mode, prompt, negativePrompt, style, width, steps, guidance, scheduler, seed, count } = spec;
  const { initImage, maskImage, strength, outpaint, upscaleFactor } = spec;
  return {
    mode,
    prompt,
    negativePrompt,
    style,
    width,
    steps,
    guidance,
    scheduler,
    seed,
    count,
    initImage,
    maskImage,
    strength,
    outpaint,
    upscaleFactor,
  };
}

/**
 * Starts the embedded model in a process of its own, which is started again whenever it dies, until `close`.
 *
 * A request that meets a death fails with `engine_crashed`: it counts as an attempt, for the request itself may be the poison.
 * Calls that come while one renders wait for their turn.
 */
export function createMiniEngine({
  log,
  startTimeoutMs = 30_000,
  cancelGraceMs = 1_500,
}: MiniEngineOptions = {}): MiniEngine {
  const child = startMiniProcess({ file: miniEngineFile, startTimeoutMs, log });
  const device = cpus()[0]?.model.trim();
  const capabilities: EngineCapabilities = {
    engine: 'mini',
    version: miniVersion,
    deviceClass: 'cpu',
    device: device === undefined || device === '' ? 'CPU' : device,
    deviceMemoryBytes: null,
    models: [{ ...miniModel, adapters: noAdapters }],
    loras: [],
  };
  let loaded = false;
  child.listen({
    onMessage: (message) => {
      if (message.type === 'progress' && message.progress.phase !== 'load') loaded = true;
    },
    onDeath: () => (loaded = false),
  });
  let turn: Promise<unknown> = Promise.resolve();
  let jobs = 0;

  return {
    async capabilities() {
      await child.ready();
      return capabilities;
    },
    loadedModel: () => (loaded ? miniModel.id : null),
    async generate(spec, options) {
      assertSpecFits(capabilities.models, spec);
      const request = toRequest(spec);
      const result = turn.then(() => renderInMini(child, { job: ++jobs, request, cancelGraceMs }, options));
      turn = result.catch(() => undefined);
      return result;
    },
    health: async () => child.isReady(),
    close: () => child.close(),
    pid: () => child.pid(),
  };
}
