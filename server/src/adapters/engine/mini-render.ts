import type { FromEngine, MiniRequest } from '@pingvas/engine-mini';
import { aborted } from './aborted.ts';
import type { MiniProcess } from './mini-process.ts';
import { EngineError, type EngineImage, type GenerateOptions, type GenerateResult, type PhaseTimings } from './port.ts';

export type MiniJob = { job: number; request: MiniRequest; cancelGraceMs: number };

const noTime: PhaseTimings = { loadUs: 0, encodeUs: 0, denoiseUs: 0, decodeUs: 0 };

function failure({ failure: kind, message }: Extract<FromEngine, { type: 'failed' }>): EngineError {
  switch (kind) {
    case 'invalid_request':
      return new EngineError('engine_invalid_request', message, { retry: false });
    case 'out_of_memory':
      return new EngineError('engine_out_of_memory', message, { retry: true });
    case 'failed':
      return new EngineError('engine_failed', message, { retry: true });
  }
}

/**
 * Has the engine's process render one job.
 *
 * Finished images travel as they come, so a process that ignores a cancel, or dies during one, loses only the image under way:
 * the rest is delivered with the timings last heard of.
 */
export async function renderInMini(
  child: MiniProcess,
  { job, request, cancelGraceMs }: MiniJob,
  { signal, onProgress }: GenerateOptions,
): Promise<GenerateResult> {
  const isCancelled = (): boolean => signal.aborted;
  await Promise.race([aborted(signal), child.ready()]);
  if (isCancelled()) return { images: [], timings: noTime, cancelled: true };

  const ended = Promise.withResolvers<GenerateResult>();
  const images: EngineImage[] = [];
  let timings = noTime;
  let grace: NodeJS.Timeout | undefined;

  const stopListening = child.listen({
    onMessage: (message) => {
      if (message.type === 'ready' || message.job !== job) return;
      switch (message.type) {
        case 'progress':
          timings = message.progress.timings;
          onProgress(message.progress);
          return;
        case 'image':
          images.push(message.image);
          return;
        case 'done':
          ended.resolve({ images, timings: message.timings, cancelled: message.cancelled });
          return;
        case 'failed':
          ended.reject(failure(message));
      }
    },
    onDeath: (how) => {
      if (isCancelled()) ended.resolve({ images, timings, cancelled: true });
      else ended.reject(new EngineError('engine_crashed', `The engine's process died (${how})`, { retry: true }));
    },
  });
  const onAbort = (): void => {
    child.send({ type: 'cancel', job });
    grace = setTimeout(() => child.kill(), cancelGraceMs);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    child.send({ type: 'generate', job, request });
    return await ended.promise;
  } finally {
    clearTimeout(grace);
    signal.removeEventListener('abort', onAbort);
    stopListening();
  }
}
