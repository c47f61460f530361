import { sql } from 'kysely';
import type { Database } from '#platform/db/database.ts';

export type ModelRow = {
  id: string;
  engine: string;
  name: string;
  base: string;
  /** Null = every plan. */
  plans: string[] | null;
  loadMs: number;
  imageMs: number;
  available: boolean;
  /** Memory of the largest device that a living worker of it has, bytes; null: none, or not known of one of them. */
  memoryBytes: number | null;
  /** Sizes that devices were too small for: `pixels` of one picture with this many `extras` needs more than `bytes`. */
  tooSmall: { pixels: number; extras: number; bytes: number }[];
};

/** All enabled models in the operator's order. A worker that was silent for a lease (15 s) is gone. */
export async function selectModels(db: Database): Promise<(ModelRow & { capabilities: unknown })[]> {
  const rows = await db.kysely
    .selectFrom('model as m')
    .select([
      'm.model_id as id',
      'm.engine',
      'm.name',
      'm.base',
      'm.capabilities',
      'm.plans',
      'm.load_ms as loadMs',
      'm.image_ms as imageMs',
      sql<boolean>`exists (
        select from worker w where m.model_id = any(w.models) and not w.draining and w.seen_at > now() - interval '15 seconds')`.as(
        'available',
      ),
      sql<number | null>`(
        select case when bool_and(w.memory_bytes is not null) then max(w.memory_bytes) end
        from worker w where m.model_id = any(w.models) and not w.draining and w.seen_at > now() - interval '15 seconds')`.as(
        'memoryBytes',
      ),
      sql<ModelRow['tooSmall']>`(
        select coalesce(jsonb_agg(jsonb_build_object('pixels', l.pixels, 'extras', l.extras, 'bytes', l.short_bytes)), '[]')
        from memory_lesson l where l.model_id = m.model_id and l.learned_at > now() - interval '7 days')`.as(
        'tooSmall',
      ),
    ])
    .where('m.enabled', '=', true)
    .orderBy('m.position')
    .orderBy('m.created_at')
    .orderBy('m.model_id')
    .execute();
  return rows;
}

export type LoraRow = {
  id: string;
  engine: string;
  name: string;
  base: string;
  triggerWords: string[];
  /** Used when a request names none. */
  weight: number;
  licence: string;
  /** Null = every plan. */
  plans: string[] | null;
  available: boolean;
};

/** All enabled LoRAs. */
export const selectLoras = (db: Database): Promise<LoraRow[]> =>
  db.kysely
    .selectFrom('lora as l')
    .select([
      'l.lora_id as id',
      'l.engine',
      'l.name',
      'l.base',
      'l.trigger_words as triggerWords',
      'l.weight',
      'l.licence',
      'l.plans',
      sql<boolean>`exists (
        select from worker w where l.lora_id = any(w.loras) and not w.draining and w.seen_at > now() - interval '15 seconds')`.as(
        'available',
      ),
    ])
    .where('l.enabled', '=', true)
    .orderBy('l.name')
    .orderBy('l.lora_id')
    .execute();

export type TimingRow = {
  modelId: string;
  shape: string;
  samples: number;
  p50Ms: number;
  p99Ms: number;
  /** A living worker of this device class has the model. */
  alive: boolean;
};

/** How long images take, as measured, by model, shape and device class; at most a thousand rows a day of full traffic. */
export const selectTimings = (db: Database): Promise<TimingRow[]> =>
  db.kysely
    .selectFrom('timing_quantile as q')
    .select([
      'q.model_id as modelId',
      'q.timing_shape as shape',
      'q.samples',
      'q.p50_ms as p50Ms',
      'q.p99_ms as p99Ms',
      sql<boolean>`exists (
        select from worker w where w.device_class = q.device_class and q.model_id = any(w.models) and not w.draining
          and w.seen_at > now() - interval '15 seconds')`.as('alive'),
    ])
    .execute();
