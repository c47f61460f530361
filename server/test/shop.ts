import { setTimeout as delay } from 'node:timers/promises';
import { catalogue } from '@pingvas/domain';
import { onTestFinished } from 'vitest';
import type { PaymentProvider, ProviderName } from '#adapters/payments/port.ts';
import { createSandboxProvider } from '#adapters/payments/sandbox.ts';
import { billingChores, syncVariants } from '#features/billing/index.ts';
import { aSessionCaller, createTestApi, type TestApi } from '#test/app.ts';
import { cloneDatabase, type TestDatabase } from '#test/database.ts';
import { aSandbox, sandboxSecret } from '#test/sandbox-world.ts';

export type Shop = {
  db: TestDatabase;
  api: TestApi;
  clock: { nowMs: () => number };
  payments: ReadonlyMap<ProviderName, ReturnType<typeof createSandboxProvider>>;
  /** The owner of the workspace that buys; their session. */
  owner: Awaited<ReturnType<typeof aSessionCaller>>;
  /** A call of the billing API by the owner. */
  bill: (
    method: 'GET' | 'POST' | 'DELETE' | 'PATCH',
    path: string,
    payload?: object,
  ) => Promise<{ status: number; body: any }>;
  /** A call of the sandbox: its pages and its control. */
  sandbox: (path: string, body?: object) => Promise<any>;
  /** Moves the clock of the shop and of the sandbox. */
  advance: (ms: number) => Promise<void>;
  /** Waits until the sandbox has delivered everything, and applies what arrived. */
  settle: () => Promise<void>;
};

/** What the inbox of a shop needs, whoever its providers are. */
type BillingShop = { db: TestDatabase; payments: ReadonlyMap<ProviderName, PaymentProvider>; clock: Shop['clock'] };

/** The API with the sandbox behind it, on a database and a clock of their own: deliveries arrive as in production and the chores run when told to. */
export async function aShop(startMs: number = Date.UTC(2026, 0, 31, 9)): Promise<Shop> {
  const db = await cloneDatabase();
  onTestFinished(db.close);
  const realStart = Date.now();
  let offsetMs = 0;
  const realNow = (): number => startMs + Date.now() - realStart;
  const clock = { nowMs: () => realNow() + offsetMs };
  const started = Promise.withResolvers<TestApi>();
  const sandbox = await aSandbox(
    { callsPerMinute: 100_000, variants: catalogue, realNow },
    async ({ headers, body }) => {
      const api = await started.promise;
      const url = '/api/v1/webhooks/sandbox';
      return (await api.call({ method: 'POST', url, headers, payload: body })).statusCode;
    },
  );
  const provider = createSandboxProvider({ url: sandbox.url, secret: sandboxSecret });
  await syncVariants(db.admin, provider);
  const payments = new Map([['sandbox' as const, provider]]);
  const api = await createTestApi(db, { payments, clock });
  started.resolve(api);
  onTestFinished(api.close);
  const owner = await aSessionCaller(db, { plan: 'free', credits: 0 });
  const shop: Shop = {
    db,
    api,
    clock,
    payments,
    owner,
    bill: async (method, path, payload) => {
      const answer = await api.call({
        method,
        url: `/api/v1/billing${path}`,
        as: owner,
        ...(payload && { payload }),
      });
      return { status: answer.statusCode, body: answer.json() };
    },
    sandbox: async (path, body) => {
      const url = path.startsWith('http') ? path : `${sandbox.url}${path}`;
      const answer = await fetch(url, body && { method: 'POST', body: JSON.stringify(body) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
      return JSON.parse(text);
    },
    advance: async (ms) => {
      await shop.sandbox('/control/clock', { advance_s: ms / 1_000 });
      offsetMs += ms;
    },
    settle: async () => {
      while ((await shop.sandbox('/control')).deliveries.waiting > 0) await delay(5);
      await applyInbox(shop);
    },
  };
  return shop;
}

/** What the chore does with each delivery that waits. */
export async function applyInbox({ db, payments, clock }: BillingShop): Promise<void> {
  const { rows } = await db.owner.pool.query<{ id: string }>(
    "select webhook_event_id as id from webhook_event where outcome = 'waiting' order by received_at",
  );
  const apply = billingChores({ db: db.app, payments, clock })['apply_webhook'];
  for (const { id } of rows) await apply?.({ webhook_event_id: id });
}
