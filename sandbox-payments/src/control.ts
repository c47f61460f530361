import { readPause } from './api.ts';
import { writeTime } from './calendar.ts';
import { advanceClock } from './clock.ts';
import { type Answer, type Call, field, type Route } from './http.ts';
import { pause, recover, renew, unpause } from './life.ts';
import { closeDispute, dispute, lastInvoice, type PaymentOf, paymentOf, refund } from './money-back.ts';
import { disputeResource, invoiceResource, orderResource, subscriptionResource } from './resources.ts';
import { SandboxError } from './sandbox-error.ts';
import { find, type Shop } from './shop.ts';
import type { Faults, Subscription } from './state.ts';

/** At most ten years at once. */
const advanceMaxS = 315_360_000;

/** What makes time pass and things go wrong; for this machine only. */
export function controlRoutes(shop: Shop): Route[] {
  const { state } = shop;
  const about = (payment: PaymentOf) =>
    payment.kind === 'invoice' ? invoiceResource(shop, payment.object) : orderResource(shop, payment.object);
  const steps: Record<string, (subscription: Subscription, call: Call) => void> = {
    renew: (subscription) => void renew(shop, subscription),
    fail: (subscription) => {
      cardOf(shop, subscription).card = 'declined';
      renew(shop, subscription);
    },
    recover: (subscription) => {
      cardOf(shop, subscription).card = 'paid';
      recover(shop, subscription);
    },
    refund: (subscription, { body }) => refund(shop, lastInvoice(shop, subscription.id), amountOf(body)),
    dispute: (subscription) => void dispute(shop, lastInvoice(shop, subscription.id)),
    pause: (subscription, { body }) => void pause(shop, subscription, readPause(body)),
    unpause: (subscription) => void unpause(shop, subscription),
  };
  return [
    { method: 'GET', path: /^\/control$/, run: () => overview(shop) },
    {
      method: 'GET',
      path: /^\/control\/deliveries$/,
      run: () => ({ json: { data: state.deliveries, failed: state.failed } }),
    },
    {
      method: 'POST',
      path: /^\/control\/clock$/,
      run: ({ body }) => {
        const advanceS = field(body, 'advance_s');
        if (typeof advanceS !== 'number' || !(advanceS >= 0 && advanceS <= advanceMaxS))
          throw new SandboxError(422, 'Unprocessable Entity', `advance_s must be between 0 and ${advanceMaxS}.`);
        advanceClock(shop, Math.round(advanceS * 1_000));
        return overview(shop);
      },
    },
    {
      method: 'POST',
      path: /^\/control\/faults$/,
      run: ({ body }) => {
        Object.assign(state.faults, readFaults(body));
        return overview(shop);
      },
    },
    {
      method: 'POST',
      path: /^\/control\/subscriptions\/([^/]+)\/(renew|fail|recover|refund|dispute|pause|unpause)$/,
      run: (call) => {
        const subscription = find(state.subscriptions, call.params[0] ?? '');
        steps[call.params[1] ?? '']?.(subscription, call);
        return { json: { data: subscriptionResource(shop, subscription) } };
      },
    },
    {
      method: 'POST',
      path: /^\/control\/orders\/([^/]+)\/(refund|dispute)$/,
      run: ({ params: [id = '', step], body }) => {
        const payment = paymentOf(shop, { kind: 'order', id });
        if (step === 'refund') refund(shop, payment, amountOf(body));
        else dispute(shop, payment);
        return { json: { data: about(payment) } };
      },
    },
    {
      method: 'POST',
      path: /^\/control\/disputes\/([^/]+)\/(win|lose)$/,
      run: ({ params: [id = '', step] }) => {
        const closed = closeDispute(shop, find(state.disputes, id), step === 'win' ? 'won' : 'lost');
        return { json: { data: disputeResource(closed) } };
      },
    },
  ];
}

function cardOf(shop: Shop, { customerId }: Subscription) {
  return find(shop.state.customers, customerId);
}

const amountOf = (body: unknown): number | undefined => {
  const amount = field(body, 'amount_cents') ?? field(body, 'amount');
  return amount === undefined ? undefined : Number(amount);
};

function overview(shop: Shop): Answer {
  const { faults, deliveries, delivered, failed } = shop.state;
  const waiting = deliveries.length;
  return {
    json: { now: writeTime(shop.clockNow()), faults, deliveries: { waiting, delivered, failed: failed.length } },
  };
}

/** Chances are 0 to 1; `true` is always, `false` never. */
function readFaults(body: Record<string, unknown>): Partial<Faults> {
  const read: Partial<Faults> = {};
  const wrong = (name: string): never => {
    throw new SandboxError(422, 'Unprocessable Entity', `${name} cannot be used.`);
  };
  for (const [name, value] of Object.entries(body)) {
    const amount = Number(value);
    if (name === 'reorder') read.reorder = value === true || amount > 0;
    else if (name === 'delay_ms' && amount >= 0 && amount <= 3_600_000) read.delay_ms = amount;
    else if ((name === 'duplicate' || name === 'drop') && amount >= 0 && amount <= 1) read[name] = amount;
    else wrong(name);
  }
  return read;
}
