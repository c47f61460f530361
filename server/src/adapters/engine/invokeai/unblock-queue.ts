import type { InvokeAiRest, QueueItem } from './rest.ts';

/**
 * Watches a waiting row for a queue that stands still: a row that the server took and cannot read again is at its front, and everything behind it waits
 * for ever. Such a row is taken out by what it belongs to, without being read. Call it with the row at every look.
 */
export function createQueueGuard(rest: InvokeAiRest, blockedMs: number): (item: QueueItem) => Promise<void> {
  let stillSince: number | null = null;
  return async (item) => {
    if (item.status !== 'pending' || (await isBusy(rest))) {
      stillSince = null;
      return;
    }
    stillSince ??= performance.now();
    if (performance.now() - stillSince < blockedMs || (await rest.isFrontReadable())) return;
    await removeUnreadable(rest);
    stillSince = null;
  };
}

async function isBusy(rest: InvokeAiRest): Promise<boolean> {
  const { queue, processor } = await rest.status();
  return queue.in_progress > 0 || processor.is_processing || !processor.is_started;
}

/** Only rows that cannot be read are removed: another tenant's picture may wait beside them. */
async function removeUnreadable(rest: InvokeAiRest): Promise<void> {
  for (const { item_id: id, status, batch_id: batchId, destination } of await rest.summaries()) {
    if (status !== 'pending' || (await isReadable(rest, id))) continue;
    await rest.cancelBatch(batchId);
    if (destination != null) await rest.deleteDestination(destination);
  }
}

const isReadable = (rest: InvokeAiRest, id: number): Promise<boolean> =>
  rest.item(id).then(
    () => true,
    () => false,
  );
