import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { InvokeAiRest, QueueItem } from './rest.ts';

/** How long a cancelled item may still draw before what it has made is deleted; a step is shorter, and the next job waits for this. */
const IDLE_WITHIN_MS = 10_000;

/**
 * Deletes what the server keeps of an attempt: first the pictures, found by the rows, then the rows. A cancelled item draws on for up to a step, so it is
 * waited for: what it makes after the deletion would stay.
 */
export async function forgetAttempt(rest: InvokeAiRest, attemptId: string, uploads: readonly string[]): Promise<void> {
  const rows = await rest.itemsOf(attemptId);
  if (rows.some(({ status }) => status !== 'completed')) {
    await rest.cancelDestination(attemptId);
    await untilIdle(rest, new Set(rows.map(({ item_id: id }) => id)));
  }
  const names = rows.length === 0 ? [] : (await rest.itemsOf(attemptId)).flatMap(picturesOf);
  await rest.deleteImages([...new Set([...names, ...uploads])]);
  if (rows.length > 0) await rest.deleteDestination(attemptId);
}

async function untilIdle(rest: InvokeAiRest, ids: ReadonlySet<number>): Promise<void> {
  const deadline = performance.now() + IDLE_WITHIN_MS;
  while (performance.now() < deadline) {
    const { queue, processor } = await rest.status();
    const isOurs = queue.item_id == null || ids.has(queue.item_id);
    if (!processor.is_processing || !isOurs) return;
    await delay(50);
  }
}

const named = z.object({ image_name: z.string() });

/** Every picture that the nodes of an item made, under whatever name their outputs have for it: masks show what a tenant drew, too. */
const picturesOf = ({ session }: QueueItem): string[] =>
  Object.values(session?.results ?? {})
    .flatMap((result) => Object.values(result))
    .flatMap((value) => named.safeParse(value).data?.image_name ?? []);
