import type { Engine, EngineCapabilities } from '#adapters/engine/port.ts';
import type { Database } from '#platform/db/database.ts';
import { syncModels, type SyncAnswer } from './generations.queries.ts';

/** An engine under the catalogue's names, and what it offers under them. */
export type Offer = { engine: Engine; capabilities: EngineCapabilities; models: string[]; loras: string[] };

/** Holds the catalogue against what the engine has, and answers what this worker offers. `add`: what the catalogue lacks is added to it. */
export async function offerModels(db: Database, engine: Engine, add: boolean): Promise<Offer> {
  const capabilities = await engine.capabilities();
  const names = await syncModels(db, {
    engine: capabilities.engine,
    add,
    models: capabilities.models.map(({ id, name, base, loadMs, imageMs, ...rest }) => ({
      key: id,
      name,
      base,
      capabilities: rest,
      load_ms: loadMs,
      image_ms: imageMs,
    })),
    loras: capabilities.loras.map(({ id, triggerWords, ...lora }) => ({
      key: id,
      trigger_words: triggerWords,
      ...lora,
    })),
  });
  return {
    engine: underCatalogueNames(engine, names),
    capabilities: {
      ...capabilities,
      models: capabilities.models.flatMap((model) => {
        const id = names.models[model.id];
        return id === undefined ? [] : [{ ...model, id }];
      }),
    },
    models: [...new Set(Object.values(names.models))],
    loras: [...new Set(Object.values(names.loras))],
  };
}

/** The engine, asked by the catalogue's ids. */
function underCatalogueNames(engine: Engine, names: SyncAnswer): Engine {
  const keyOf = (known: Record<string, string>): Map<string, string> =>
    new Map(Object.entries(known).map(([key, id]) => [id, key]));
  const [models, loras] = [keyOf(names.models), keyOf(names.loras)];
  return {
    capabilities: () => engine.capabilities(),
    loadedModel: () => {
      const loaded = engine.loadedModel();
      return loaded === null ? null : (names.models[loaded] ?? null);
    },
    generate: (spec, options) =>
      engine.generate(
        {
          ...spec,
          model: models.get(spec.model) ?? spec.model,
          loras: spec.loras.map((lora) => ({ ...lora, id: loras.get(lora.id) ?? lora.id })),
        },
        options,
      ),
    health: () => engine.health(),
    ...(engine.forget && { forget: engine.forget.bind(engine) }),
    ...(engine.freeMemory && { freeMemory: engine.freeMemory.bind(engine) }),
    ...(engine.restartSparingly && { restartSparingly: engine.restartSparingly.bind(engine) }),
    close: () => engine.close(),
  };
}
