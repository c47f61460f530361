import type { Plan } from '@pingvas/domain';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type EngineModel, noAdapters } from '#adapters/engine/port.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/db/database.ts';
import { type LoraRow, type ModelRow, selectLoras, selectModels } from './models.queries.ts';
import { remember } from './remember.ts';
import { createTimings, type Timings } from './timings.ts';

const size = z.object({ width: z.int(), height: z.int() });
const range = z.object({ min: z.number(), max: z.number(), default: z.number() });
const capabilitiesSchema = z.object({
  modes: z.array(z.enum(['txt2img', 'img2img', 'inpaint', 'outpaint', 'upscale'])),
  sizes: z.object({ min: size, max: size, default: size, multipleOf: z.int().min(1) }),
  allowedSizes: z.array(size).default([]),
  steps: range,
  guidance: range,
  schedulers: z.array(z.string()).min(1),
  styles: z.array(z.string()).default([]),
  languages: z.array(z.string()).default([]),
  licence: z.string().default(''),
  adapters: z.object({ lorasMax: z.int(), controls: z.array(z.string()), referencesMax: z.int() }).default(noAdapters),
});

/** What an engine reported about a model, as the catalogue keeps it. */
export type Capabilities = Omit<EngineModel, 'id' | 'name' | 'base' | 'loadMs' | 'imageMs'>;

/** `imageMs` is the start value of one default image; `available`: a worker that is alive has the model; `timings`: what replaces the start value. */
export type CatalogueModel = ModelRow & { capabilities: Capabilities; timings: Timings };

export type Catalogue = {
  /** The enabled models, the default one first. */
  list: () => Promise<CatalogueModel[]>;
  /** The enabled LoRAs, by name. */
  loras: () => Promise<LoraRow[]>;
};

export type CatalogueOptions = {
  db: Database;
  engines: readonly string[];
  clock: Clock;
  freshMs: number;
  /** How old the measured times may be, milliseconds; they are refreshed once a minute. */
  timingsFreshMs: number;
  log: Pick<Logger, 'warn'>;
};

/**
 * Reads the catalogue, at most once in `freshMs`: it is the same for every workspace and every submit needs it. Models of the engine named first
 * come first.
 */
export function createCatalogue({ db, engines, clock, freshMs, timingsFreshMs, log }: CatalogueOptions): Catalogue {
  const readTimings = createTimings(db, clock, timingsFreshMs);
  const rank = (model: CatalogueModel): number => {
    const at = engines.indexOf(model.engine);
    return at === -1 ? engines.length : at;
  };
  return {
    list: remember(clock, freshMs, async () => {
      const [rows, timings] = await Promise.all([selectModels(db), readTimings()]);
      return usable(rows, timings, log).sort((a, b) => rank(a) - rank(b));
    }),
    loras: remember(clock, freshMs, () => selectLoras(db)),
  };
}

/** True when a plan may use a model or a LoRA. */
export const isAllowed = ({ plans }: { plans: string[] | null }, plan: Plan): boolean =>
  plans === null || plans.includes(plan);

/** Rows whose capabilities are complete. A row that an operator spoiled must not take the others with it. */
function usable(
  rows: (ModelRow & { capabilities: unknown })[],
  timings: ReadonlyMap<string, Timings>,
  log: Pick<Logger, 'warn'>,
): CatalogueModel[] {
  return rows.flatMap((row) => {
    const capabilities = capabilitiesSchema.safeParse(row.capabilities);
    if (capabilities.success)
      return [{ ...row, capabilities: capabilities.data, timings: timings.get(row.id) ?? new Map() }];
    log.warn({ model: row.id }, 'a model of the catalogue is left out: its capabilities are not complete');
    return [];
  });
}
