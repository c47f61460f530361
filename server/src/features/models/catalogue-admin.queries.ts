import { sql } from 'kysely';
import type { Database } from '#platform/db/database.ts';

export type CatalogueRow = {
  id: string;
  type: 'main' | 'lora';
  engine: string;
  name: string;
  base: string;
  enabled: boolean;
  plans: string[] | null;
  source: string | null;
  /** Names of living workers that have it. */
  workers: string[];
};

/** The whole catalogue as the operator sees it, switched off rows too. */
export async function listCatalogue(admin: Database): Promise<CatalogueRow[]> {
  const { rows } = await sql<CatalogueRow>`
    select c.*, array(
      select w.name from worker w
      where (c.id = any(w.models) or c.id = any(w.loras)) and w.seen_at > now() - interval '15 seconds' order by w.name) as workers
    from (
      select model_id as id, 'main' as type, engine, name, base, enabled, plans, source, position from model
      union all
      select lora_id, 'lora', engine, name, base, enabled, plans, source, 0 from lora
    ) c order by c.type desc, c.position, c.id`.execute(admin.kysely);
  return rows;
}

/** Switches a model or LoRA on or off; `plans` (all of them = everybody) only when given. False: nothing has that id. */
export async function setEnabled(admin: Database, id: string, enabled: boolean, plans?: string[]): Promise<boolean> {
  const changes = { enabled, ...(plans && { plans: plans.length === 5 ? null : plans }) };
  const models = await admin.kysely.updateTable('model').set(changes).where('model_id', '=', id).executeTakeFirst();
  const loras = await admin.kysely.updateTable('lora').set(changes).where('lora_id', '=', id).executeTakeFirst();
  return models.numUpdatedRows + loras.numUpdatedRows > 0n;
}

type NewRow = { id: string; engine: string; name: string; base: string; source: string; plans: string[] | null };
export type NewCatalogueRow = NewRow & ({ type: 'main' } | { type: 'lora'; triggerWords: string[]; weight: number });

/** Puts what was installed into the catalogue. A model's capabilities come with the first report of a worker that has it; a row that is there is kept. */
export async function addCatalogueRow(admin: Database, row: NewCatalogueRow): Promise<void> {
  const { id, engine, name, base, source, plans } = row;
  if (row.type === 'lora') {
    const values = {
      lora_id: id,
      engine,
      name,
      base,
      source,
      plans,
      trigger_words: row.triggerWords,
      weight: row.weight,
    };
    await admin.kysely
      .insertInto('lora')
      .values(values)
      .onConflict((conflict) => conflict.column('lora_id').doUpdateSet(values))
      .execute();
    return;
  }
  await admin.kysely
    .insertInto('model')
    .values({ model_id: id, engine, name, base, source, plans, capabilities: '{}', load_ms: 20_000, image_ms: 10_000 })
    .onConflict((conflict) => conflict.column('model_id').doUpdateSet({ source }))
    .execute();
}

/** Living workers that have not reported since an instant of the database's clock. */
export async function countSilent(admin: Database, since: Date): Promise<number> {
  const { rows } = await sql<{ silent: number }>`
    select count(*)::int as silent from worker
    where reported_at < ${since} and seen_at > now() - interval '15 seconds' and not draining`.execute(admin.kysely);
  return rows[0]?.silent ?? 0;
}

/** The database's clock. */
export async function databaseNow(admin: Database): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(admin.kysely);
  if (!rows[0]) throw new Error('The database told no time.');
  return rows[0].now;
}
