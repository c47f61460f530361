import { sql } from 'kysely';
import type { Database } from '#platform/db/database.ts';
import type { CatalogueModel, Capabilities } from './catalogue.ts';

/** All enabled models and whether a worker that is alive has each. A worker that was silent for a lease is gone (15 s, `rules` of the queue). */
export async function selectModels(db: Database): Promise<CatalogueModel[]> {
  const rows = await db.kysely
    .selectFrom('model as m')
    .select([
      'm.model_id',
      'm.engine',
      'm.name',
      'm.base',
      'm.capabilities',
      'm.plans',
      'm.load_ms',
      'm.image_ms',
      'm.position',
      sql<boolean>`exists (
        select from worker w where m.model_id = any(w.models) and not w.draining and w.seen_at > now() - interval '15 seconds')`.as(
        'available',
      ),
    ])
    .where('m.enabled', '=', true)
    .orderBy('m.position')
    .orderBy('m.created_at')
    .orderBy('m.model_id')
    .execute();
  return rows.map(({ capabilities, ...row }) => ({
    id: row.model_id,
    engine: row.engine,
    name: row.name,
    base: row.base,
    plans: row.plans,
    loadMs: row.load_ms,
    imageMs: row.image_ms,
    available: row.available,
    capabilities: capabilities as unknown as Capabilities,
  }));
}
