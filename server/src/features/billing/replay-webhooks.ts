import { z } from 'zod';
import { PaymentProviderError, providerNames } from '#adapters/payments/port.ts';
import type { Database } from '#platform/db/database.ts';
import { applyObject } from './apply-object.ts';
import { applyWebhook } from './apply-webhook.ts';
import type { BillingDeps } from './deps.ts';
import { readObject } from './read-object.ts';

/** How many deliveries ended how. */
type Outcomes = Record<string, number>;

const Line = z.object({
  provider: z.enum(providerNames),
  headers: z.record(
    z.string().transform((name) => name.toLowerCase()),
    z.string(),
  ),
  /** The text that was signed, to the byte. */
  body: z.string(),
  /** When it was received: signatures of some providers last for minutes only. Now when not given. */
  received_at: z.iso.datetime().optional(),
});

/**
 * Applies the deliveries of our inbox that were received since, oldest first; they were verified before they were kept. `admin` is role `pingvas_admin`.
 * Resolves to how many ended how: `failed` are those that could not be applied now.
 */
export async function replayInbox(deps: BillingDeps, admin: Database, since: Date): Promise<Outcomes> {
  const rows = await admin.kysely
    .selectFrom('webhook_event')
    .select('webhook_event_id as id')
    .where('received_at', '>=', since)
    .orderBy('received_at')
    .execute();
  const failed = new Set<string>();
  for (const { id } of rows) await applyWebhook(deps, id).catch(() => failed.add(id));
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return {};
  const ended = await admin.kysely
    .selectFrom('webhook_event')
    .select(['webhook_event_id as id', 'outcome'])
    .where('webhook_event_id', 'in', ids)
    .execute();
  return count(ended.map(({ id, outcome }) => (failed.has(id) ? 'failed' : outcome)));
}

/**
 * Applies deliveries that were kept elsewhere, one JSON line each: `{provider, headers, body}`. Each is verified over its body with the configured secrets
 * like one that arrives, and refused as `not_verified` otherwise; `unreadable` are those that are no deliveries.
 */
export async function replayDeliveries(deps: BillingDeps, lines: readonly string[]): Promise<Outcomes> {
  const outcomes: string[] = [];
  for (const line of lines) if (line.trim() !== '') outcomes.push(await replayLine(deps, line));
  return count(outcomes);
}

async function replayLine(deps: BillingDeps, line: string): Promise<string> {
  const delivery = readLine(line);
  if (!delivery) return 'unreadable';
  const provider = deps.payments.get(delivery.provider);
  if (!provider) return 'not_configured';
  const body = Buffer.from(delivery.body);
  const nowMs = delivery.received_at ? Date.parse(delivery.received_at) : deps.clock.nowMs();
  if (!provider.verifyWebhook({ headers: delivery.headers, body, nowMs })) return 'not_verified';
  try {
    const object = await readObject(provider, body);
    return object === null ? 'ignored' : await applyObject(deps, provider, object);
  } catch (error) {
    if (!(error instanceof PaymentProviderError)) throw error;
    return error.kind === 'unreadable' ? 'unreadable' : 'failed';
  }
}

function readLine(line: string): z.infer<typeof Line> | null {
  try {
    return Line.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

function count(outcomes: readonly string[]): Outcomes {
  const counts: Outcomes = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
