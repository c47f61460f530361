import { setTimeout as delay } from 'node:timers/promises';
import {
  EngineError,
  type EngineImage,
  type GenerateOptions,
  type GenerateResult,
  type GenerateSpec,
  resultSize,
  type Size,
} from '../port.ts';
import type { Catalogue } from './catalogue.ts';
import { classifyError } from './classify-error.ts';
import { buildGraph, RESULT } from './graph/build-graph.ts';
import type { UploadedImages } from './graph/graph-request.ts';
import type { InvokeAiEvent } from './events.ts';
import { asRgb, canvasOf, checkResult, prepareInputs } from './pictures.ts';
import { createReporter, type Reporter } from './report-progress.ts';
import { type InvokeAiRest, type QueueItem, Unanswered } from './rest.ts';
import { runItem, type RunItemDeps } from './run-item.ts';
import { trackItem } from './track-item.ts';

export type InvokeAiJob = RunItemDeps & {
  catalogue: Catalogue;
  /** Ends every job of a closing engine. */
  closing: AbortSignal;
  /** Remembers that a picture of ours lies on the server, until it is forgotten. */
  onUpload: (name: string) => void;
};

/**
 * Renders a spec: its pictures are uploaded once, then one item per image runs in the server's queue, so that a cancel keeps what is finished and every
 * value travels in a graph that the server checks.
 */
export async function generateWithInvokeAi(
  job: InvokeAiJob,
  spec: GenerateSpec,
  options: GenerateOptions,
): Promise<GenerateResult> {
  const reporter = createReporter(spec, options.onProgress);
  const images: EngineImage[] = [];
  const stop = AbortSignal.any([options.signal, job.closing]);
  const isStopped = (): boolean => stop.aborted;
  const end = async (cancelled: boolean): Promise<GenerateResult> => {
    const timings = await reporter.end(cancelled);
    return { images, timings, cancelled };
  };
  if (isStopped()) return end(true);
  const canvas = canvasOf(spec, job.catalogue.main(spec.model).family.limits.sizes.multipleOf);
  const uploaded = await answered(() => upload(job, spec, canvas));
  for (let index = 0; index < spec.count; index++) {
    const finished = isStopped()
      ? null
      : await renderOne(job, { spec, canvas, uploaded, index, stop, reporter, options });
    if (job.closing.aborted)
      throw new EngineError('engine_crashed', 'The engine was closed while it rendered', { retry: true });
    if (finished === null) return end(true);
    images.push(finished);
    reporter.imageDone();
  }
  return end(false);
}

type One = {
  spec: GenerateSpec;
  canvas: Size;
  uploaded: UploadedImages;
  index: number;
  stop: AbortSignal;
  reporter: Reporter;
  options: GenerateOptions;
};

/** Image `index` of a spec, or null when the stop came first. */
async function renderOne(job: InvokeAiJob, one: One): Promise<EngineImage | null> {
  const { spec, canvas, uploaded, index, stop, reporter, options } = one;
  const seed = (spec.seed + index) >>> 0;
  const graph = buildGraph({ ...spec, ...canvas, seed, images: uploaded, memory: options.memory ?? {} }, job.catalogue);
  const tracker = trackItem(() => performance.now(), { upscale: spec.mode === 'upscale' });
  reporter.follow(tracker);
  const onEvent = (event: InvokeAiEvent): void => {
    if (!tracker.note(event)) return;
    reporter.tell(event.name === 'invocation_progress' ? event.image?.dataURL : undefined);
  };
  const request = { batchId: `${spec.attemptId}_${index}`, destination: spec.attemptId, graph };
  const item = await runItem(job, request, { signal: stop, onEvent });
  if (item.status === 'failed') throw classifyError({ type: item.error_type, message: item.error_message });
  if (item.status === 'canceled') {
    if (stop.aborted) return null;
    throw new EngineError('engine_interrupted', 'The server stopped the item', { retry: true });
  }
  const png = await answered(() => fetchResult(job.rest, item));
  const wanted = resultSize(spec);
  const drawn = spec.mode === 'upscale' ? wanted : canvas;
  return { png: await checkResult(png, drawn, wanted), ...wanted, seed, info: {} };
}

async function upload({ rest, onUpload }: InvokeAiJob, spec: GenerateSpec, canvas: Size): Promise<UploadedImages> {
  const put = async (png: Uint8Array): Promise<string> => {
    const name = await rest.upload(png);
    onUpload(name);
    return name;
  };
  const { init, mask } = await prepareInputs(spec, canvas);
  const controls: string[] = [];
  for (const { image } of spec.controls) controls.push(await put(await asRgb(image, 'control image')));
  const references: string[] = [];
  for (const { image } of spec.references) references.push(await put(await asRgb(image, 'reference image')));
  return { init: init && (await put(init)), mask: mask && (await put(mask)), controls, references };
}

/** The bytes of the one picture that an item was asked for. A picture made by another session is somebody else's. */
async function fetchResult(rest: InvokeAiRest, { session, session_id: sessionId }: QueueItem): Promise<Uint8Array> {
  const prepared = session?.source_prepared_mapping[RESULT] ?? [];
  const name = session?.results[prepared[0] ?? '']?.image?.image_name;
  if (prepared.length !== 1 || name === undefined)
    throw new EngineError('engine_bad_output', `The server made ${prepared.length} pictures of one`, { retry: true });
  const [owner, png] = await Promise.all([rest.imageOwner(name), rest.imageBytes(name)]);
  if (owner !== sessionId)
    throw new EngineError('engine_bad_output', 'The server named a picture of another item', { retry: true });
  return png;
}

/** Asks again while the server stands still for a moment. Throws `EngineError('engine_unreachable')`. */
async function answered<Result>(ask: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      if (attempt === 3)
        throw new EngineError('engine_unreachable', 'The server does not answer', {
          retry: true,
          countsAsAttempt: false,
          cause: error,
        });
      await delay(300 * attempt);
    }
  }
}
