import { enlargePicture } from './enlarge-picture.ts';
import { fromPlanes, toPreview } from './pixels.ts';
import type { MiniImage, MiniProgress, MiniRequest, MiniTimings } from './protocol.ts';
import { seedOfImage } from './random.ts';
import { renderImage } from './render-image.ts';
import { readInputs } from './request-inputs.ts';
import type { Step } from './sampler.ts';
import type { Sessions } from './sessions.ts';
import { startStopwatch } from './stopwatch.ts';

const PREVIEW_EVERY_MS = 500;

export type JobOptions = {
  /** The open model, or null when this job has to open it. */
  loaded: Sessions | null;
  load: () => Promise<Sessions>;
  isCancelled: () => boolean;
  onProgress: (progress: MiniProgress) => void;
  onImage: (image: MiniImage) => void;
};

/**
 * Renders the images of a request one after the other; each is handed over when it is done.
 *
 * A cancel is looked at between steps; the image under way is dropped. Throws `InvalidRequestError`, or what ONNX Runtime throws.
 */
export async function renderJob(
  request: MiniRequest,
  { loaded, load, isCancelled, onProgress, onImage }: JobOptions,
): Promise<{ timings: MiniTimings; cancelled: boolean }> {
  const stopwatch = startStopwatch();
  const steps = request.steps * request.count;
  let finished = 0;
  let previewedAt = -Infinity;
  const tell = (phase: MiniProgress['phase'], stepsOfImage: number, preview?: Uint8Array): void =>
    onProgress({
      phase,
      step: finished * request.steps + stepsOfImage,
      steps,
      // Decoding counts as one step more, so that 1 means finished.
      progress: (finished + stepsOfImage / (request.steps + 1)) / request.count,
      timings: stopwatch.read(),
      ...(preview && { preview }),
    });

  if (!loaded) tell('load', 0);
  const sessions = loaded ?? (await stopwatch.measure('loadUs', load));

  /** Early steps show little and the last one is followed by the picture itself, so neither is worth its time. */
  const preview = async ({ done, x0 }: Step): Promise<Uint8Array | undefined> => {
    const now = performance.now();
    if (done < request.steps / 4 || done === request.steps || now - previewedAt < PREVIEW_EVERY_MS) return undefined;
    previewedAt = now;
    return toPreview(fromPlanes(await sessions.decode(x0)));
  };

  const inputs = await stopwatch.measure('encodeUs', () => readInputs(sessions, request));
  for (let index = 0; index < request.count; index++) {
    if (isCancelled()) return { timings: stopwatch.read(), cancelled: true };
    tell('encode', 0);
    const seed = seedOfImage(request.seed, index);
    if (request.mode === 'upscale') {
      const { init } = inputs;
      onImage(await stopwatch.measure('decodeUs', () => enlargePicture(sessions, request, { seed, init })));
      finished++;
      tell('decode', 0);
      continue;
    }
    const image = await renderImage(sessions, request, seed, {
      inputs,
      stopwatch,
      onStep: async (step) => {
        tell('denoise', step.done, await preview(step));
        return !isCancelled();
      },
    });
    if (!image) return { timings: stopwatch.read(), cancelled: true };
    onImage(image);
    finished++;
    tell('decode', 0);
  }
  return { timings: stopwatch.read(), cancelled: false };
}
