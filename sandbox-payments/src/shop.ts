import { SandboxError } from './sandbox-error.ts';
import type { State, StateFile, Variant } from './state.ts';

/** What the parts of the sandbox share: its state, its clock and its goods. */
export type Shop = {
  state: State;
  save: () => void;
  storeId: string;
  variants: readonly Variant[];
  /** Where people reach it, without a slash at the end; known once it listens. */
  url: () => string;
  /** The instant that the present step stands at. */
  now: () => number;
  /** Where the sandbox's clock is. */
  clockNow: () => number;
  /** Runs a step as if it were `at`, which lies between the last step and the clock. */
  standingAt: (at: number, step: () => void) => void;
  newId: () => string;
  /** A time for `updated_at` that is later than the object's last one. */
  touch: (object: { updatedAt: number }) => void;
  random: () => number;
};

export type ShopOptions = {
  file: StateFile;
  storeId: string;
  variants: readonly Variant[];
  url: () => string;
  random: () => number;
  realNow: () => number;
};

export function openShop({ file, storeId, variants, url, random, realNow }: ShopOptions): Shop {
  const { state, save } = file;
  let standing: number | null = null;
  const clockNow = (): number => realNow() + state.clockOffsetMs;
  const now = (): number => standing ?? clockNow();
  return {
    state,
    save,
    storeId,
    variants,
    url,
    random,
    now,
    clockNow,
    standingAt: (at, step) => {
      standing = at;
      try {
        step();
      } finally {
        standing = null;
      }
    },
    newId: () => String(state.nextId++),
    touch: (object) => {
      object.updatedAt = Math.max(now(), object.updatedAt + 1);
    },
  };
}

/** The object of an id, or the 404 of the API. */
export function find<Thing>(things: Record<string, Thing>, id: string): Thing {
  const thing = Object.hasOwn(things, id) ? things[id] : undefined;
  if (thing === undefined) throw new SandboxError(404, 'Not Found', `There is nothing with the id ${id}.`);
  return thing;
}

export function findVariant(shop: Pick<Shop, 'variants'>, id: string): Variant {
  const variant = shop.variants.find((one) => one.id === id);
  if (!variant) throw new SandboxError(422, 'Unprocessable Entity', `There is no variant ${id}.`);
  return variant;
}
