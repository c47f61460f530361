import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Sandbox, startSandbox, type SandboxOptions } from '@pingvas/sandbox-payments';
import { onTestFinished } from 'vitest';
import type { World } from '#adapters/payments/payments.contract.ts';
import type { PaymentProvider, ProviderShelf, ShelfItem, WebhookRequest } from '#adapters/payments/port.ts';

export const sandboxSecret = 'a secret of tests';

export type Delivery = { headers: http.IncomingHttpHeaders; body: Buffer };

/** A running sandbox whose webhooks `receive` answers with a status; for one test. */
export async function aSandbox(
  options: Pick<SandboxOptions, 'variants'> & Partial<SandboxOptions>,
  receive: (delivery: Delivery) => Promise<number>,
): Promise<Sandbox> {
  const listener = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void receive({ headers: request.headers, body: Buffer.concat(chunks) }).then((status) =>
        response.writeHead(status).end(),
      );
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const sandbox = await startSandbox({
    port: 0,
    file: null,
    apiKey: sandboxSecret,
    storeId: '1',
    webhook: { url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`, secret: sandboxSecret },
    ...options,
  });
  onTestFinished(async () => {
    await sandbox.stop();
    listener.closeAllConnections();
    await new Promise((resolve) => listener.close(resolve));
  });
  return sandbox;
}

/** A running sandbox with numeric ids, a listener for its webhooks, and a provider that talks to it; for one test. */
export async function makeSandboxWorld(
  toProvider: (url: string) => PaymentProvider & ProviderShelf,
  options: Partial<SandboxOptions> = {},
): Promise<World & { url: string }> {
  const item = (id: string, priceCents: number, interval: ShelfItem['interval']): ShelfItem => ({
    id,
    name: `Item ${id}`,
    priceCents,
    interval,
  });
  const items = { small: item('11', 2_500, 'month'), big: item('12', 7_500, 'month'), pack: item('13', 1_000, null) };
  const received: WebhookRequest[] = [];
  const waiting: (() => void)[] = [];
  const sandbox = await aSandbox({ variants: Object.values(items), ...options }, async (request) => {
    received.push({ headers: request.headers, body: request.body, nowMs: Date.now() });
    for (const wake of waiting.splice(0)) wake();
    return Promise.resolve(200);
  });
  return {
    url: sandbox.url,
    provider: toProvider(sandbox.url),
    items,
    pay: async (url) => {
      const answer = await fetch(`${url}/pay`, { method: 'POST', body: JSON.stringify({ card: 'paid' }) });
      if (answer.status !== 200) throw new Error(await answer.text());
    },
    deliveries: async (count) => {
      while (received.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
      return received;
    },
    spoil: (body) => body.replace('"total":', '"total":-'),
  };
}
