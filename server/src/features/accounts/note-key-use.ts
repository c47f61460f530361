import { sql } from 'kysely';
import { withTenant } from '#platform/db/tenant.ts';
import type { AccountsDeps } from './deps.ts';

const everyMs = 60_000;
const rememberedMax = 10_000;
const notedAtMs = new Map<string, number>();

/**
 * Writes when a key was last used, at most once a minute per process and outside the request's transaction: a busy key must not become a row that every
 * request waits for. The request does not wait for it either; a failure is logged and forgotten.
 */
export function noteKeyUse(
  { db, clock, log }: Pick<AccountsDeps, 'db' | 'clock' | 'log'>,
  { keyId, workspaceId }: { keyId: string; workspaceId: string },
): void {
  const nowMs = clock.nowMs();
  if (nowMs - (notedAtMs.get(keyId) ?? -Infinity) < everyMs) return;
  if (notedAtMs.size >= rememberedMax) notedAtMs.clear();
  notedAtMs.set(keyId, nowMs);
  void withTenant(db, workspaceId, (tx) =>
    tx
      .updateTable('api_key')
      .set({ last_used_at: sql<Date>`now()` })
      .where('key_id', '=', keyId)
      .where((row) =>
        row.or([row('last_used_at', 'is', null), row('last_used_at', '<', sql<Date>`now() - interval '1 minute'`)]),
      )
      .execute(),
  ).catch((error: unknown) => log.warn({ err: error, key_id: keyId }, 'last use of a key not written'));
}
