import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { expect } from 'vitest';
import { aCatalogueModel, aKeyCaller, createTestApi } from '#test/app.ts';
import { test } from '#test/database.ts';

test('100 submits whose answers are lost and that are sent again: one job and one hold each', async ({ db }) => {
  const api = await createTestApi(db);
  await api.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = api.app.server.address() as net.AddressInfo;
  const model = await aCatalogueModel(db);
  const caller = await aKeyCaller(db, { plan: 'enterprise' });
  const body = JSON.stringify({ model, prompt: '고양이', seed: 1 });

  /** Sends the whole request and hangs up after `ms`, whether an answer was on its way or not. */
  const sendAndHangUp = (key: string, ms: number): Promise<void> =>
    new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => {
        const head = Object.entries({
          host: 'localhost:8000',
          ...caller.headers,
          'content-type': 'application/json',
          'idempotency-key': key,
          'content-length': String(Buffer.byteLength(body)),
        });
        socket.write(
          `POST /api/v1/generate HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`,
        );
        setTimeout(() => socket.destroy(), ms);
      });
      socket.on('close', () => resolve());
      socket.on('error', () => undefined);
    });
  const send = (key: string) =>
    api.call({
      method: 'POST',
      url: '/api/v1/generate',
      as: caller,
      headers: { 'idempotency-key': key, 'content-type': 'application/json' },
      payload: body,
    });

  await Promise.all(
    Array.from({ length: 100 }, async (_, at) => {
      const key = randomUUID();
      await sendAndHangUp(key, at % 20);
      await sendAndHangUp(key, (at * 7) % 20);
      const [first, second] = await Promise.all([send(key), send(key)]);
      expect([first.statusCode, second.statusCode]).toEqual([202, 202]);
      expect(second.json<{ job_id: string }>().job_id).toBe(first.json<{ job_id: string }>().job_id);
    }),
  );
  const { rows } = await db.owner.pool.query<{ jobs: number; holds: number }>(
    'select (select count(*)::int from public.generation where workspace_id = $1) as jobs, (select count(*)::int from public.credit_hold where workspace_id = $1) as holds',
    [caller.workspaceId],
  );
  expect(rows[0]).toEqual({ jobs: 100, holds: 100 });
  await api.close();
});
