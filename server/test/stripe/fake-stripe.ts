import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { onTestFinished } from 'vitest';
import { type Form, parseForm } from './form.ts';
import { cards, dispute, refund } from './money.ts';
import { type Listed, routes } from './routes.ts';
import { all, createState, find, StripeRefusal, type Thing } from './state.ts';
import { payCheckout, renew } from './subscriptions.ts';

export const stripeKey = 'sk_test_OfTheFake';
export const stripeSecret = 'whsec_of_the_fake';

type Delivery = { headers: Record<string, string>; body: Buffer };

type Options = {
  nowMs: () => number;
  /** Takes a signed delivery. */
  deliver: (delivery: Delivery) => void;
};

/**
 * Stripe with a memory, as far as our adapter uses it: its wire (forms in, objects with ids, `expand`, pages, errors, idempotency keys), its events and its
 * signatures, by the SDK's own code. What it accepts is checked against Stripe's schema elsewhere, with stripe-mock. For one test.
 */
export async function startFakeStripe({ nowMs, deliver }: Options) {
  const sign = (payload: string): Delivery => {
    const timestamp = Math.floor(nowMs() / 1_000);
    const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: stripeSecret, timestamp });
    return {
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
      body: Buffer.from(payload),
    };
  };
  const state = createState(nowMs, (event) => deliver(sign(JSON.stringify(event))));
  /** What was asked for so far. */
  const calls: { method: string; path: string; body: string; headers: http.IncomingHttpHeaders }[] = [];
  /** The first answer to each idempotency key, with what was asked. */
  const answers = new Map<string, { asked: string; answer: Answer }>();
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const asked = Buffer.concat(chunks).toString();
      const { status, body } = answerTo(request, asked);
      calls.push({ method: request.method ?? '', path: request.url ?? '', body: asked, headers: request.headers });
      response.writeHead(status, {
        'content-type': 'application/json',
        'request-id': `req_${randomBytes(6).toString('hex')}`,
      });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))));

  function answerTo(request: http.IncomingMessage, body: string): Answer {
    const { pathname, search } = new URL(request.url ?? '', url);
    if (pathname.startsWith('/pages/')) return { status: 200, body: {} };
    if (request.headers.authorization !== `Bearer ${stripeKey}`)
      return new StripeRefusal(401, 'invalid_request_error', 'api_key_invalid', 'Invalid API Key provided').answer;
    const key = request.headers['idempotency-key'];
    const asked = `${request.method} ${pathname} ${body}`;
    const known = typeof key === 'string' && request.method === 'POST' ? answers.get(key) : undefined;
    if (known && known.asked !== asked)
      return new StripeRefusal(
        400,
        'idempotency_error',
        'idempotency_key_in_use',
        'Keys for idempotent requests can only be used with the same parameters.',
      ).answer;
    const answer =
      known?.answer ?? run(request.method ?? '', pathname, parseForm(body === '' ? search.slice(1) : body));
    if (typeof key === 'string') answers.set(key, { asked, answer });
    return answer;
  }

  function run(method: string, pathname: string, form: Form): Answer {
    try {
      for (const [verb, path, work] of routes) {
        const match = verb === method ? path.exec(pathname.replace(/^\/v1/, '')) : null;
        if (!match) continue;
        const found = work({ state, url, id: match[1] ?? '', form });
        return { status: 200, body: 'list' in found ? pageOf(found as Listed, form) : shown(found, expandOf(form)) };
      }
      throw new StripeRefusal(
        404,
        'invalid_request_error',
        'url_invalid',
        `Unrecognized request URL (${method}: ${pathname}).`,
      );
    } catch (error) {
      if (error instanceof StripeRefusal) return error.answer;
      throw error;
    }
  }

  /** A page of a list, newest first. */
  function pageOf({ list }: Listed, form: Form) {
    const newest = [...list].reverse();
    const start = newest.findIndex(({ id }) => id === form['starting_after']) + 1;
    const limit = Number(form['limit'] ?? 10);
    const data = newest.slice(start, start + limit).map((thing) => shown(thing, expandOf(form)));
    return { object: 'list', url: '/v1/…', has_more: newest.length > start + limit, data };
  }

  /** A copy, so that answers do not change later; ids become objects where that is asked for, and payments of an invoice show only then. */
  function shown({ invoicePayments, ...thing }: Thing, expand: readonly string[]): object {
    const hosted = ['hosted_invoice_url', 'receipt_url'];
    const copy: Record<string, any> = structuredClone(thing);
    for (const field of expand) {
      if (field === 'payments') copy['payments'] = { object: 'list', data: invoicePayments };
      else if (typeof copy[field] === 'string') copy[field] = shown(state.things.get(copy[field])!, []);
    }
    for (const field of hosted) if (copy[field]) copy[field] = `${url}/pages/${thing.id}`;
    return copy;
  }

  return {
    url,
    state,
    calls,
    /** A delivery of any body. */
    sign,
    pay: (address: string, number: string = cards.paid) =>
      payCheckout(state, find(state, 'checkout.session', address.split('/').at(-1)), number),
    renew: (subscriptionId: string) => renew(state, find(state, 'subscription', subscriptionId)),
    refund: (intentId: string, amount: number) => refund(state, intentId, amount),
    /** The intent that paid an invoice. */
    intentOf: (invoiceId: string): string =>
      find(state, 'invoice', invoiceId)['invoicePayments'][0].payment.payment_intent,
    /** From now on every bank says no. */
    breakCards: () => {
      for (const { card } of all(state, 'payment_method')) card.last4 = cards.declined.slice(-4);
    },
    /** After 30 days the log is empty. */
    forgetEvents: () => {
      for (const { id } of all(state, 'event')) state.things.delete(id);
    },
    dispute: (intentId: string, status: Parameters<typeof dispute>[2]) => dispute(state, intentId, status),
    /** What the operator or the buyer does to a subscription elsewhere. */
    alter: (subscriptionId: string, fields: object) => {
      const subscription = find(state, 'subscription', subscriptionId);
      Object.assign(subscription, fields);
      state.emit('customer.subscription.updated', subscription);
    },
  };
}

type Answer = { status: number; body: object };

const expandOf = (form: Form): string[] =>
  ((form['expand'] ?? []) as string[]).map((field) => field.replace(/^data\./, ''));
