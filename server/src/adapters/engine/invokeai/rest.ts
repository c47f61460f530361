import { z } from 'zod';
import { EngineError } from '../port.ts';
import type { Graph } from './graph/graph.ts';
import { modelRecord, type ModelRecord } from './model-record.ts';

/** `image` is what a node drew; a mask has its picture under a name of its own. */
const output = z.looseObject({ image: z.object({ image_name: z.string() }).optional() });
const item = z.object({
  item_id: z.int(),
  batch_id: z.string(),
  status: z.enum(['pending', 'in_progress', 'waiting', 'completed', 'failed', 'canceled']),
  session_id: z.string(),
  error_type: z.string().nullish(),
  error_message: z.string().nullish(),
  session: z
    .object({
      results: z.record(z.string(), output).default({}),
      source_prepared_mapping: z.record(z.string(), z.array(z.string())).default({}),
    })
    .nullish(),
});
const enqueued = z.object({ requested: z.int(), enqueued: z.int(), item_ids: z.array(z.int()) });
const batchStatus = z.object({ total: z.int() });
const queueStatus = z.object({
  queue: z.object({ item_id: z.int().nullish(), pending: z.int(), in_progress: z.int() }),
  processor: z.object({ is_started: z.boolean(), is_processing: z.boolean() }),
});
const image = z.object({ image_name: z.string(), session_id: z.string().nullish() });
const summary = z.object({
  item_id: z.int(),
  status: z.string(),
  batch_id: z.string(),
  destination: z.string().nullish(),
});

export type QueueItem = z.output<typeof item>;
type QueueStatus = z.output<typeof queueStatus>;

export type EnqueueRequest = { batchId: string; destination: string; graph: Graph };

/** The server could not be asked. `refused`: nobody listens; otherwise it was too slow, broke off, or is not what it should be. */
export class Unanswered extends Error {
  readonly refused: boolean;
  constructor(message: string, options: { refused: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'Unanswered';
    this.refused = options.refused;
  }
}

export type InvokeAiRest = {
  version: () => Promise<string>;
  openapi: () => Promise<unknown>;
  /** The name of the accelerator, or null when the version does not tell. */
  device: () => Promise<{ id: string; name: string } | null>;
  models: () => Promise<ModelRecord[]>;
  emptyModelCache: () => Promise<void>;
  enqueue: (request: EnqueueRequest) => Promise<{ enqueued: number; itemIds: number[] }>;
  /** How many rows a batch has; 0 for one that the server does not know. */
  batchTotal: (batchId: string) => Promise<number>;
  /** Null when there is no such row (any more). */
  item: (id: number) => Promise<QueueItem | null>;
  itemsOf: (destination: string) => Promise<QueueItem[]>;
  status: () => Promise<QueueStatus>;
  /** False when the row at the front cannot be read: nothing behind it will ever run. */
  isFrontReadable: () => Promise<boolean>;
  summaries: () => Promise<z.output<typeof summary>[]>;
  /** What became of the row; null when it is unknown. */
  cancel: (id: number) => Promise<QueueItem | null>;
  cancelDestination: (destination: string) => Promise<void>;
  cancelBatch: (batchId: string) => Promise<void>;
  deleteDestination: (destination: string) => Promise<void>;
  upload: (png: Uint8Array) => Promise<string>;
  imageOwner: (name: string) => Promise<string | null>;
  imageBytes: (name: string) => Promise<Uint8Array>;
  deleteImages: (names: string[]) => Promise<void>;
};

type Call = { method?: string; json?: unknown; form?: FormData; timeoutMs?: number };

const QUEUE = '/api/v1/queue/default';
const codeOf = (error: unknown): unknown => (error as { cause?: { code?: unknown } }).cause?.code;

/**
 * The calls of InvokeAI's REST interface that we use. Every answer is checked for its kind: an unknown path is answered with the web page.
 * Throws `Unanswered` when the server could not be asked, `EngineError('engine_invalid_request')` for a refusal (422), without its text: that repeats
 * the request, words included.
 */
export function createInvokeAiRest(url: string, { timeoutMs = 20_000 }: { timeoutMs?: number } = {}): InvokeAiRest {
  const send = async (path: string, call: Call = {}): Promise<Response> => {
    const { method = 'GET', json, form } = call;
    let response: Response;
    try {
      response = await fetch(new URL(path, url), {
        method,
        // Some versions fail on empty answers to those who accept compression, and compress pictures on their event loop.
        headers: { 'accept-encoding': 'identity', ...(json !== undefined && { 'content-type': 'application/json' }) },
        ...(form ? { body: form } : json !== undefined && { body: JSON.stringify(json) }),
        signal: AbortSignal.timeout(call.timeoutMs ?? timeoutMs),
      });
    } catch (error) {
      throw new Unanswered(`${method} ${path} was not answered`, {
        refused: codeOf(error) === 'ECONNREFUSED',
        cause: error,
      });
    }
    if (response.status === 422)
      throw new EngineError('engine_invalid_request', 'The server refuses the graph', { retry: false });
    return response;
  };
  const answer = async <Shape extends z.ZodType>(path: string, shape: Shape, call?: Call): Promise<z.output<Shape>> => {
    const response = await send(path, call);
    const body = await bodyOf(response, path);
    const parsed = shape.safeParse(body);
    if (!response.ok || !parsed.success)
      throw new Unanswered(`${path} was answered ${response.status} with something else`, { refused: false });
    return parsed.data;
  };
  const orNull = async <Shape extends z.ZodType>(
    path: string,
    shape: Shape,
    call?: Call,
  ): Promise<z.output<Shape> | null> => {
    const response = await send(path, call);
    const body = await bodyOf(response, path);
    if (response.status === 404) return null;
    const parsed = shape.safeParse(body);
    if (!response.ok || !parsed.success)
      throw new Unanswered(`${path} was answered ${response.status} with something else`, { refused: false });
    return parsed.data;
  };
  const anything = z.unknown();
  const part = encodeURIComponent;

  return {
    version: async () => (await answer('/api/v1/app/version', z.object({ version: z.string() }))).version,
    openapi: () => answer('/openapi.json', anything),
    device: async () => {
      const devices = z.array(z.object({ device: z.string(), name: z.string() }));
      const known = await answer('/api/v1/app/generation_device_options', devices).catch(() => []);
      const [first] = known.filter(({ device }) => device !== 'auto');
      return first ? { id: first.device, name: first.name } : null;
    },
    models: async () => (await answer('/api/v2/models/', z.object({ models: z.array(modelRecord) }))).models,
    emptyModelCache: async () => {
      await answer('/api/v2/models/empty_model_cache', anything, { method: 'POST' });
    },
    enqueue: async ({ batchId, destination, graph }) => {
      const batch = { batch_id: batchId, origin: 'pingvas', destination, runs: 1, graph };
      const reply = await answer(`${QUEUE}/enqueue_batch`, enqueued, {
        method: 'POST',
        json: { prepend: false, batch },
      });
      return { enqueued: reply.enqueued, itemIds: reply.item_ids };
    },
    batchTotal: async (batchId) => (await answer(`${QUEUE}/b/${part(batchId)}/status`, batchStatus)).total,
    item: (id) => orNull(`${QUEUE}/i/${id}`, item),
    itemsOf: (destination) => answer(`${QUEUE}/list_all?destination=${part(destination)}`, z.array(item)),
    status: () => answer(`${QUEUE}/status`, queueStatus),
    isFrontReadable: async () => (await send(`${QUEUE}/next`)).status !== 500,
    summaries: async () => {
      const { item_ids: ids } = await answer(`${QUEUE}/item_ids`, z.object({ item_ids: z.array(z.int()) }));
      const call = { method: 'POST', json: { item_ids: ids.slice(0, 1_000) } };
      return answer(`${QUEUE}/item_summaries_by_ids`, z.array(summary), call);
    },
    cancel: (id) => orNull(`${QUEUE}/i/${id}/cancel`, item, { method: 'PUT' }),
    cancelDestination: async (destination) => {
      await answer(`${QUEUE}/cancel_by_destination?destination=${part(destination)}`, anything, { method: 'PUT' });
    },
    cancelBatch: async (batchId) => {
      await answer(`${QUEUE}/cancel_by_batch_ids`, anything, { method: 'PUT', json: { batch_ids: [batchId] } });
    },
    deleteDestination: async (destination) => {
      await answer(`${QUEUE}/d/${part(destination)}`, anything, { method: 'DELETE' });
    },
    upload: async (png) => {
      const form = new FormData();
      form.set('file', new Blob([Buffer.from(png)], { type: 'image/png' }), 'input.png');
      const path = '/api/v1/images/upload?image_category=user&is_intermediate=true';
      return (await answer(path, image, { method: 'POST', form })).image_name;
    },
    imageOwner: async (name) => (await orNull(`/api/v1/images/i/${part(name)}`, image))?.session_id ?? null,
    imageBytes: async (name) => {
      const response = await send(`/api/v1/images/i/${part(name)}/full`, { timeoutMs: 60_000 });
      if (!response.ok || !isKind(response, 'image/'))
        throw new EngineError('engine_bad_output', 'The server does not have the picture it made', { retry: true });
      return new Uint8Array(await response.arrayBuffer().catch(brokenOff));
    },
    deleteImages: async (names) => {
      if (names.length > 0)
        await answer('/api/v1/images/delete', anything, { method: 'POST', json: { image_names: names } });
    },
  };
}

const isKind = (response: Response, kind: string): boolean =>
  (response.headers.get('content-type') ?? '').startsWith(kind);

async function bodyOf(response: Response, path: string): Promise<unknown> {
  if (isKind(response, 'application/json')) return response.json().catch(brokenOff);
  await response.body?.cancel().catch(() => undefined);
  throw new Unanswered(`${path} was answered ${response.status} without JSON`, { refused: false });
}

function brokenOff(error: unknown): never {
  throw new Unanswered('the answer broke off', { refused: false, cause: error });
}
