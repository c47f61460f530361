import type { Plan } from '@pingvas/domain';
import type { EngineModel } from '#adapters/engine/port.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/db/database.ts';
import { selectModels } from './models.queries.ts';

/** What an engine reported about a model, as the catalogue keeps it. */
export type Capabilities = Omit<EngineModel, 'id' | 'name' | 'base' | 'loadMs' | 'imageMs'>;

export type CatalogueModel = {
  id: string;
  engine: string;
  name: string;
  base: string;
  /** Null = every plan. */
  plans: string[] | null;
  loadMs: number;
  /** Start value of one default image, milliseconds. */
  imageMs: number;
  /** A worker that is alive has it. */
  available: boolean;
  capabilities: Capabilities;
};

/** The enabled models, the default one first. */
export type Catalogue = { list: () => Promise<CatalogueModel[]> };

/**
 * Reads the catalogue, at most once in `freshMs`: it is the same for every workspace and every submit needs it. Models of the engine named first
 * come first.
 */
export function createCatalogue(options: {
  db: Database;
  engines: readonly string[];
  clock: Clock;
  freshMs: number;
}): Catalogue {
  let known: { at: number; models: Promise<CatalogueModel[]> } | undefined;
  const rank = (model: CatalogueModel): number => {
    const at = options.engines.indexOf(model.engine);
    return at === -1 ? options.engines.length : at;
  };
  return {
    list: () => {
      const now = options.clock.nowMs();
      if (known && now - known.at < options.freshMs) return known.models;
      const models = selectModels(options.db).then((found) => found.sort((a, b) => rank(a) - rank(b)));
      const entry = { at: now, models };
      known = entry;
      models.catch(() => {
        if (known === entry) known = undefined;
      });
      return models;
    },
  };
}

/** True when a plan may use a model. */
export const isAllowed = (model: CatalogueModel, plan: Plan): boolean =>
  model.plans === null || model.plans.includes(plan);
