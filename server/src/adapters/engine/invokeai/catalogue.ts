import { EngineError, type EngineLora, type EngineModel, type Mode } from '../port.ts';
import { families } from './families/index.ts';
import type { Family, ModelName } from './graph/family.ts';
import type { ModelRecord } from './model-record.ts';

export type MainModel = { record: ModelRecord; family: Family; parts: Record<string, ModelName> };

/** What a server has, as graphs need it. Every lookup throws `EngineError('engine_model_missing')`. */
export type Catalogue = {
  mains: readonly MainModel[];
  main: (key: string) => MainModel;
  lora: (key: string, base: string) => ModelRecord;
  control: (type: string, base: string) => ModelRecord;
  referenceAdapter: (base: string) => ModelRecord;
  upscaler: () => ModelRecord;
  models: EngineModel[];
  loras: EngineLora[];
};

/** Words in the names of ControlNets that say what kind of map they take. */
const controlWords: [string, RegExp][] = [
  ['canny', /canny/i],
  ['depth', /depth/i],
  ['pose', /pose/i],
  ['lineart', /line ?-?_?art/i],
  ['softedge', /soft ?-?_?edge|hed|pidi/i],
  ['scribble', /scribble|sketch/i],
  ['normal', /normal/i],
  ['segmentation', /seg/i],
  ['tile', /tile/i],
];

const missing = (what: string): EngineError =>
  new EngineError('engine_model_missing', `The server has no ${what}`, { retry: false });

/** Sorts the records of a server into what we can use. Models of unknown families, or with parts missing, are left out. */
export function toCatalogue(records: readonly ModelRecord[]): Catalogue {
  const mains = families.flatMap((family) =>
    records
      .filter((record) => record.type === 'main' && record.base === family.base && family.isUsable(record))
      .flatMap((record) => {
        const parts = family.parts(record, records);
        return parts ? [{ record, family, parts }] : [];
      }),
  );
  const ofType = (type: string, base: string): ModelRecord[] =>
    records.filter((record) => record.type === type && record.base === base);
  const found = (record: ModelRecord | undefined, what: string): ModelRecord => {
    if (!record) throw missing(what);
    return record;
  };
  const controlsOf = (base: string): Map<string, ModelRecord> =>
    new Map(ofType('controlnet', base).flatMap((record) => controlTypes(record).map((type) => [type, record])));
  const hasReferences = ({ base, references }: Family): boolean =>
    references !== null &&
    ofType('ip_adapter', base).length > 0 &&
    records.some(({ name, type }) => type === 'clip_vision' && name === references.encoderName);
  const upscaler = records.find(({ type }) => type === 'spandrel_image_to_image');

  const toModel = ({ record, family }: MainModel): EngineModel => ({
    id: record.key,
    name: record.name,
    base: record.base,
    modes: modesOf(record, family, upscaler !== undefined),
    allowedSizes: [],
    styles: [],
    licence: '',
    ...withDefaults(record, family),
    adapters: {
      lorasMax: family.loras ? 8 : 0,
      controls: family.controls ? [...controlsOf(record.base).keys()] : [],
      referencesMax: hasReferences(family) ? 4 : 0,
    },
  });
  return {
    mains,
    main: (key) => {
      const main = mains.find(({ record }) => record.key === key);
      if (!main) throw missing(`model ${key}`);
      return main;
    },
    lora: (key, base) =>
      found(
        ofType('lora', base).find((record) => record.key === key),
        `LoRA ${key} for ${base}`,
      ),
    control: (type, base) => found(controlsOf(base).get(type), `${type} control for ${base}`),
    referenceAdapter: (base) => found(ofType('ip_adapter', base)[0], `reference adapter for ${base}`),
    upscaler: () => found(upscaler, 'upscaler'),
    models: mains.map(toModel),
    loras: records
      .filter(({ type }) => type === 'lora')
      .map(({ key, name, base, trigger_phrases: triggerWords, default_settings: defaults }) => ({
        id: key,
        name,
        base,
        triggerWords: triggerWords ?? [],
        weight: defaults?.weight ?? 0.75,
      })),
  };
}

const controlTypes = ({ name }: ModelRecord): string[] =>
  controlWords.filter(([, pattern]) => pattern.test(name)).map(([type]) => type);

function modesOf({ variant }: ModelRecord, { toLatents, mask, base }: Family, canUpscale: boolean): Mode[] {
  const upscale: Mode[] = canUpscale ? ['upscale'] : [];
  // A model made for inpainting takes a mask in every request.
  if (variant === 'inpaint') return ['inpaint', 'outpaint', ...upscale];
  if (!toLatents) return ['txt2img', ...upscale];
  return ['txt2img', 'img2img', ...(mask && base !== '' ? (['inpaint', 'outpaint'] as const) : []), ...upscale];
}

/** The family's limits with the defaults that the operator set on the server, where they are within them. */
function withDefaults({ default_settings: own, variant }: ModelRecord, { limits, base }: Family): Family['limits'] {
  const { sizes, steps, guidance, schedulers } = limits;
  const onGrid = (value: number | null | undefined, max: number): boolean =>
    value != null && value >= sizes.min.width && value <= max && value % sizes.multipleOf === 0;
  const size =
    onGrid(own?.width, sizes.max.width) && onGrid(own?.height, sizes.max.height)
      ? { width: own?.width ?? sizes.default.width, height: own?.height ?? sizes.default.height }
      : sizes.default;
  // FLUX.1 dev needs seven times the steps of schnell.
  const usualSteps = base === 'flux' && variant === 'dev' ? 28 : steps.default;
  return {
    ...limits,
    sizes: { ...sizes, default: size },
    steps: { ...steps, default: within(own?.steps, steps) ?? usualSteps },
    guidance: {
      ...guidance,
      default: within(base === 'flux' ? own?.guidance : own?.cfg_scale, guidance) ?? guidance.default,
    },
    schedulers:
      own?.scheduler && schedulers.includes(own.scheduler)
        ? [own.scheduler, ...schedulers.filter((name) => name !== own.scheduler)]
        : schedulers,
  };
}

const within = (value: number | null | undefined, { min, max }: { min: number; max: number }): number | undefined =>
  value != null && value >= min && value <= max ? value : undefined;
