/**
 * The engine's own process: native code that crashes or eats memory takes nobody along. It is forked by its host, speaks `protocol.ts`,
 * renders one job at a time and ends when the host is gone.
 */
import type { FromEngine, MiniFailure, ToEngine } from './protocol.ts';
import { renderJob } from './render-job.ts';
import { InvalidRequestError } from './request-inputs.ts';
import { openSessions, type Sessions } from './sessions.ts';

let sessions: Sessions | null = null;
let current: { job: number; cancelled: boolean } | null = null;

function tell(message: FromEngine): void {
  if (process.connected) process.send?.(message);
}

function failureOf(error: unknown): MiniFailure {
  if (error instanceof InvalidRequestError) return 'invalid_request';
  // ONNX Runtime names a failed allocation only in words.
  return error instanceof Error && /bad_alloc|fail\w* to allocate|out of memory/i.test(error.message)
    ? 'out_of_memory'
    : 'failed';
}

async function run({ job, request }: Extract<ToEngine, { type: 'generate' }>): Promise<void> {
  const mine = { job, cancelled: false };
  current = mine;
  try {
    const { timings, cancelled } = await renderJob(request, {
      loaded: sessions,
      load: async () => (sessions = await openSessions()),
      isCancelled: () => mine.cancelled,
      onProgress: (progress) => tell({ type: 'progress', job, progress }),
      onImage: (image) => tell({ type: 'image', job, image }),
    });
    tell({ type: 'done', job, timings, cancelled });
  } catch (error) {
    const message = error instanceof Error ? error.message : 'The engine failed';
    tell({ type: 'failed', job, failure: failureOf(error), message });
  }
}

let queue = Promise.resolve();
process.on('message', (message: ToEngine) => {
  if (message.type === 'generate') queue = queue.then(() => run(message));
  else if (current?.job === message.job) current.cancelled = true;
});
// Ctrl-C and an orchestrator's stop reach every process of the group; when this one ends is for the host to say, which may still finish a job.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => process.exit(0));
tell({ type: 'ready' });
