import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFaultProxy } from '#test/fault-proxy.ts';
import { hasGo, type S3Server, startS3Server } from '#test/versitygw.ts';
import type { Storage } from './port.ts';
import { createS3Storage } from './s3.ts';
import { storageContract } from './storage.contract.ts';

const png = { contentType: 'image/png' };

// The server is built from source, which needs Go; a machine without it says so here instead of passing on a server that checks no signature.
describe.skipIf(!(await hasGo()))('a bucket keeps the contract, on a server that checks signatures', () => {
  let server: S3Server;
  let storage: Storage & { close: () => void };
  const open = (
    changes: { secretAccessKey?: string; prefix?: string; endpoint?: string; silenceMs?: number } = {},
  ): typeof storage =>
    createS3Storage({
      bucket: server.bucket,
      prefix: changes.prefix ?? 'some/prefix/',
      region: 'us-east-1',
      endpoint: changes.endpoint ?? server.endpoint,
      ...(changes.silenceMs !== undefined && { silenceMs: changes.silenceMs }),
      credentials: {
        accessKeyId: server.accessKeyId,
        secretAccessKey: changes.secretAccessKey ?? server.secretAccessKey,
      },
    });
  beforeAll(async () => {
    server = await startS3Server();
    storage = open();
  }, 600_000);
  afterAll(async () => {
    storage.close();
    await server.stop();
  });

  storageContract(() => storage);

  const newKey = () => `ws/${randomUUID()}/gen/a-1-0.png`;
  const stored = async (bytes: Uint8Array = Buffer.from('picture')) => {
    const key = newKey();
    await storage.put(key, bytes, png);
    return key;
  };
  const signed = async (key: string, expiresInS = 60) =>
    (await storage.signedUrl(key, { expiresInS, contentType: 'image/png' }))!;

  test('a server that falls silent is given up in time, and an answer that was lost is found out by asking again', async () => {
    const proxy = await startFaultProxy({ port: Number(new URL(server.endpoint).port) });
    const far = open({ endpoint: `http://127.0.0.1:${proxy.port}`, silenceMs: 300 });
    const [before, during] = [newKey(), newKey()];
    await far.put(before, Buffer.from('picture'), png);
    // Writes arrive, their answers do not.
    proxy.set({ kind: 'silence', way: 'down' });
    await expect(far.put(during, Buffer.from('picture'), png)).rejects.toThrow();
    await expect(far.get(before)).rejects.toThrow();
    proxy.reset();
    proxy.set({ kind: 'none' });
    expect(Buffer.from((await far.get(during)) ?? []).toString()).toBe('picture');
    far.close();
    await proxy.close();
  });

  test('a signed address gives exactly its object, with the type we say', async () => {
    const response = await fetch(await signed(await stored()));
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'image/png',
      'picture',
    ]);
  });

  test('a signed address that was altered in any part is refused', async () => {
    const [mine, other] = [await stored(), await stored()];
    const address = new URL(await signed(mine));
    const changed = (change: (url: URL) => void): URL => {
      const url = new URL(address);
      change(url);
      return url;
    };
    const attempts = [
      changed((url) => (url.pathname = url.pathname.replace(mine, other))),
      changed((url) => url.searchParams.set('X-Amz-Expires', '6000')),
      changed((url) => url.searchParams.set('X-Amz-Signature', '0'.repeat(64))),
      changed((url) => url.searchParams.set('response-content-type', 'text/html')),
    ];
    for (const url of attempts) expect((await fetch(url)).status, url.search).toBe(403);
    expect((await fetch(changed((url) => url.searchParams.delete('X-Amz-Signature')))).ok).toBe(false);
    expect((await fetch(address, { method: 'PUT', body: 'mine now' })).status).toBe(403);
  });

  test('a signed address ends at its instant', async () => {
    const address = await signed(await stored(), 1);
    while ((await fetch(address)).status === 200);
    expect((await fetch(address)).status).toBe(403);
  });

  test('a wrong secret reads, writes and signs nothing', async () => {
    const thief = open({ secretAccessKey: 'another-secret-of-some-length' });
    const key = await stored();
    await expect(thief.get(key)).rejects.toThrow();
    await expect(thief.put(key, Buffer.from('x'), png)).rejects.toThrow();
    expect((await fetch((await thief.signedUrl(key, { expiresInS: 60, contentType: 'image/png' }))!)).status).toBe(403);
    thief.close();
  });

  test('a large object travels in parts and arrives byte for byte', async () => {
    const bytes = randomBytes(36_000_000);
    const key = await stored(bytes);
    expect(Buffer.from((await storage.get(key))!).equals(bytes)).toBe(true);
  });

  test('two installations in one bucket see their own prefix alone', async () => {
    const neighbour = open({ prefix: 'another/prefix/' });
    const key = await stored();
    expect(await neighbour.get(key)).toBeUndefined();
    for await (const found of neighbour.list('ws/')) expect(found.key).toBe('nothing');
    neighbour.close();
  });
});
