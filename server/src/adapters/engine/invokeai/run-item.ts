import { EngineError } from '../port.ts';
import type { InvokeAiEvent, InvokeAiEvents } from './events.ts';
import { type EnqueueRequest, type InvokeAiRest, type QueueItem, Unanswered } from './rest.ts';
import { createQueueGuard } from './unblock-queue.ts';

export type RunItemDeps = { rest: InvokeAiRest; events: InvokeAiEvents; timing: ItemTiming };

export type ItemTiming = {
  /** How often the row is read without a hint. */
  pollMs: number;
  /** How long nobody may listen at the server's address before it counts as dead. */
  refusedMs: number;
  /** How long a server may listen and not answer; it stands still for seconds between jobs. */
  silentMs: number;
  /** How long a row may wait while nothing runs before the front of the queue is looked at. */
  blockedMs: number;
};

export const decidedTiming: ItemTiming = { pollMs: 2_000, refusedMs: 3_000, silentMs: 60_000, blockedMs: 10_000 };

/**
 * Puts one graph into the server's queue and waits until it has ended. Events only say when to look; what the row says counts. An abort cancels the row
 * and returns what it then is. Throws `EngineError`: unreachable before it was taken, crashed or interrupted after.
 */
export async function runItem(
  deps: RunItemDeps,
  request: EnqueueRequest,
  { signal, onEvent }: { signal: AbortSignal; onEvent: (event: InvokeAiEvent) => void },
): Promise<QueueItem> {
  const { rest, timing } = deps;
  const wake = createWake();
  let itemId: number | null = null;
  const stopListening = deps.events.listen((event) => {
    if ('batch_id' in event && event.batch_id !== request.batchId) return;
    onEvent(event);
    const hints =
      event.name === 'connected' ||
      event.name === 'queue_cleared' ||
      (event.name === 'queue_item_status_changed' && event.status !== 'in_progress') ||
      (event.name === 'queue_items_canceled' && itemId !== null && event.canceled_item_ids.includes(itemId));
    if (hints) wake.call();
  });
  signal.addEventListener('abort', wake.call, { once: true });
  try {
    itemId = await enqueueOnce(rest, request);
    const guard = createQueueGuard(rest, timing.blockedMs);
    let failingSince: number | null = null;
    for (;;) {
      try {
        const item = signal.aborted ? await rest.cancel(itemId) : await rest.item(itemId);
        failingSince = null;
        // A server that starts again forgets the rows that it was at.
        if (item === null)
          throw new EngineError('engine_interrupted', 'The server no longer knows the item', { retry: true });
        if (!['pending', 'in_progress', 'waiting'].includes(item.status)) return item;
        await guard(item);
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        failingSince ??= performance.now();
        const patienceMs = error.refused ? timing.refusedMs : timing.silentMs;
        if (performance.now() - failingSince > patienceMs)
          throw new EngineError('engine_crashed', 'The server died while it rendered', { retry: true, cause: error });
      }
      await wake.next(failingSince === null ? timing.pollMs : Math.min(timing.pollMs, 500));
    }
  } finally {
    stopListening();
    signal.removeEventListener('abort', wake.call);
  }
}

/** Puts a batch of one into the queue, exactly once: after an unclear answer it is looked up before it is sent again, for the server would run both. */
async function enqueueOnce(rest: InvokeAiRest, request: EnqueueRequest): Promise<number> {
  const unreachable = (cause?: unknown): EngineError =>
    new EngineError('engine_unreachable', 'The server takes no job', { retry: true, countsAsAttempt: false, cause });
  for (let attempt = 1; ; attempt++) {
    try {
      if (attempt > 1) {
        const taken = await findTaken(rest, request);
        if (taken !== undefined) return taken;
      }
      const { enqueued, itemIds } = await rest.enqueue(request);
      // A full queue drops rows and says so only by this number.
      if (enqueued !== 1 || itemIds[0] === undefined) throw unreachable();
      return itemIds[0];
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      if (error.refused || attempt === 3) throw unreachable(error);
    }
  }
}

async function findTaken(rest: InvokeAiRest, { batchId, destination }: EnqueueRequest): Promise<number | undefined> {
  if ((await rest.batchTotal(batchId)) === 0) return undefined;
  return (await rest.itemsOf(destination)).find((item) => item.batch_id === batchId)?.item_id;
}

/** Waits that end early when called; a call that nobody waits for ends the next wait. */
function createWake(): { call: () => void; next: (ms: number) => Promise<void> } {
  let pending = false;
  let waiting: (() => void) | undefined;
  return {
    call: () => {
      pending = true;
      waiting?.();
    },
    next: (ms) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          pending = false;
          waiting = undefined;
          resolve();
        };
        const timer = setTimeout(done, pending ? 0 : ms);
        waiting = done;
      }),
  };
}
