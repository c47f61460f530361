import { quote, toCredits } from '@pingvas/domain';
import type { Actor } from '#platform/actor.ts';
import { type Catalogue, type CatalogueModel, isAllowed } from './catalogue.ts';
import type { LoraRow } from './models.queries.ts';
import type { ModelView } from './models.schemas.ts';
import { timingKey } from './timing-shape.ts';

/** The models this workspace may use, the default one first. */
export async function listModels(
  { catalogue, engines }: { catalogue: Catalogue; engines: readonly string[] },
  actor: Actor,
): Promise<ModelView[]> {
  const [models, loras] = await Promise.all([catalogue.list(), catalogue.loras()]);
  // A model of an engine that this installation does not run is no offer.
  const offered = models.filter((model) => model.available || engines.includes(model.engine));
  const usable = loras.filter((lora) => isAllowed(lora, actor.plan));
  return offered.filter((model) => isAllowed(model, actor.plan)).map((model) => show(model, usable));
}

function show(model: CatalogueModel, loras: LoraRow[]): ModelView {
  const { sizes, allowedSizes, adapters, ...rest } = model.capabilities;
  return {
    id: model.id,
    name: model.name,
    base: model.base,
    engine: model.engine,
    available: model.available,
    modes: rest.modes,
    sizes: {
      min: sizes.min,
      max: sizes.max,
      default: sizes.default,
      multiple_of: sizes.multipleOf,
      only: allowedSizes,
    },
    steps: rest.steps,
    guidance: rest.guidance,
    schedulers: rest.schedulers,
    styles: rest.styles,
    languages: rest.languages,
    licence: rest.licence,
    control_types: adapters.controls,
    reference_images_max: adapters.referencesMax,
    loras_max: adapters.lorasMax,
    loras:
      adapters.lorasMax === 0
        ? []
        : loras.filter((lora) => lora.base === model.base && lora.engine === model.engine).map(showLora),
    credits_per_image: creditsPerImage(model),
  };
}

const showLora = ({ id, name, triggerWords, weight, licence, available }: LoraRow): ModelView['loras'][number] => ({
  id,
  name,
  trigger_words: triggerWords,
  default_weight: weight,
  licence,
  available,
});

/** What one image with all defaults is expected to cost, without the surcharge of an API call. */
function creditsPerImage({ imageMs, capabilities, timings }: CatalogueModel): number {
  const defaults = { ...capabilities.sizes.default, steps: capabilities.steps.default };
  const extras = { loras: 0, controls: 0, references: 0 };
  const guided = capabilities.guidance.default > 1;
  const inputs = { imageMs, ...defaults, defaults, guidance: guided, count: 1, ...extras };
  const samples = timings.get(
    timingKey({
      mode: 'txt2img',
      ...defaults,
      scheduler: capabilities.schedulers[0] ?? '',
      guided,
      ...extras,
      factor: 1,
    }),
  );
  return toCredits(quote({ ...inputs, apiCall: false, samples }).expected);
}
