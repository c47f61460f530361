import { createHmac } from 'node:crypto';
import type { Shop } from './shop.ts';
import type { Delivery } from './state.ts';

export type Webhook = { url: string; secret: string };

/** Lemon Squeezy tries four times in all, then gives up for good. */
const retryAfterMs = [5_000, 25_000, 125_000];
const timeoutMs = 10_000;
const failedKept = 1_000;

export type Deliveries = {
  /** Something may be due: looks at once. */
  wake: () => void;
  stop: () => Promise<void>;
};

/**
 * Sends what waits in the state to the webhook, one after the other, each signed over its bytes. Anything but 200 is tried again. What waits and how
 * often it was tried is in the state, so that a restart loses nothing; a delivery that a kill interrupted is sent again, as the real one may.
 */
export function runDeliveries(shop: Shop, { url, secret }: Webhook): Deliveries {
  const { state, save } = shop;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  const nextDue = (): Delivery | undefined => {
    const ready = state.deliveries.filter((one) => one.dueAt <= shop.clockNow());
    if (state.faults.reorder) return ready[Math.floor(shop.random() * ready.length)];
    return ready.reduce<Delivery | undefined>(
      (first, one) => (first && first.dueAt <= one.dueAt ? first : one),
      undefined,
    );
  };
  const send = async (delivery: Delivery): Promise<void> => {
    const ok = await post(url, secret, delivery);
    if (stopped) return;
    if (ok) {
      state.deliveries.splice(state.deliveries.indexOf(delivery), 1);
      state.delivered += 1;
    } else {
      const wait = retryAfterMs[delivery.attempt];
      delivery.attempt += 1;
      if (wait !== undefined) delivery.dueAt = shop.clockNow() + wait;
      else {
        state.deliveries.splice(state.deliveries.indexOf(delivery), 1);
        state.failed = [...state.failed, delivery].slice(-failedKept);
      }
    }
    save();
  };
  const drain = async (): Promise<void> => {
    for (let due = nextDue(); due && !stopped; due = nextDue()) await send(due);
  };
  /** A timer for what falls due later, or has just fallen due. */
  const rest = (): void => {
    running = undefined;
    if (stopped || state.deliveries.length === 0) return;
    const at = Math.min(...state.deliveries.map((one) => one.dueAt));
    timer = setTimeout(wake, Math.max(10, at - shop.clockNow()));
  };
  const wake = (): void => {
    clearTimeout(timer);
    if (!stopped) running ??= drain().finally(rest);
  };
  return {
    wake,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

async function post(url: string, secret: string, { event, body }: Delivery): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-event-name': event,
        'x-signature': createHmac('sha256', secret).update(body).digest('hex'),
      },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
