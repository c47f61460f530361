import { randomBytes } from 'node:crypto';

/** An object as the API shows it, what stands behind ids left as ids. */
export type Thing = { id: string; object: string; created: number; [field: string]: any };

export type FakeState = {
  /** By id, in the order in which they were made. */
  things: Map<string, Thing>;
  /** Now, in whole seconds, as Stripe counts. */
  nowS: () => number;
  make: (object: string, fields: object) => Thing;
  /** Tells the world: an event in the log and a delivery. */
  emit: (type: string, thing: Thing) => void;
};

/** How Stripe's answer to a wrong request looks. */
export class StripeRefusal extends Error {
  readonly answer: { status: number; body: object };
  constructor(
    status: number,
    type: 'invalid_request_error' | 'card_error' | 'idempotency_error',
    code: string,
    message: string,
  ) {
    super(message);
    this.answer = { status, body: { error: { type, code, message } } };
  }
}

const prefixes: Record<string, string> = {
  customer: 'cus',
  product: 'prod',
  price: 'price',
  payment_method: 'pm',
  'checkout.session': 'cs_test',
  subscription: 'sub',
  subscription_item: 'si',
  invoice: 'in',
  payment_intent: 'pi',
  charge: 'ch',
  refund: 're',
  dispute: 'dp',
  event: 'evt',
  'billing_portal.session': 'bps',
};

export function createState(nowMs: () => number, onEvent: (event: Thing) => void): FakeState {
  const things: FakeState['things'] = new Map();
  const state: FakeState = {
    things,
    nowS: () => Math.floor(nowMs() / 1_000),
    make: (object, fields) => {
      const id = `${prefixes[object]}_${randomBytes(8).toString('hex')}`;
      const thing = { id, object, created: state.nowS(), livemode: false, metadata: {}, ...fields };
      things.set(id, thing);
      return thing;
    },
    emit: (type, thing) => {
      const data = { object: structuredClone(thing) };
      onEvent(state.make('event', { type, data, api_version: '2024-06-20', pending_webhooks: 1 }));
    },
  };
  return state;
}

/** Throws the 404 that Stripe gives for an unknown id, or one of another kind. */
export function find(state: FakeState, object: string, id: unknown): Thing {
  const thing = state.things.get(String(id));
  if (thing?.object === object) return thing;
  throw new StripeRefusal(404, 'invalid_request_error', 'resource_missing', `No such ${object}: '${String(id)}'`);
}

export const all = (state: FakeState, object: string): Thing[] =>
  [...state.things.values()].filter((thing) => thing.object === object);
