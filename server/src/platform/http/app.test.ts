import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import pino from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Actor } from '#platform/actor.ts';
import { createMemoryLimiter, type LimitRules } from '#platform/limits.ts';
import { createHttpApp, type HttpAppOptions } from './app.ts';
import { actorOf } from './caller.ts';
import type { HttpApp, Routes } from './route.ts';

const person: Actor = {
  kind: 'session',
  sessionId: 's',
  userId: 'u',
  email: 'a@example.test',
  emailVerified: true,
  workspaceIds: ['w'],
  workspaceId: 'w',
  plan: 'pro',
  suspended: false,
  role: 'owner',
  scopes: ['read', 'generate'],
};
const key: Actor = {
  kind: 'key',
  keyId: 'k',
  userId: 'u',
  workspaceId: 'w',
  plan: 'pro',
  suspended: false,
  role: 'owner',
  scopes: ['read'],
};

const routes: Routes = (app) => {
  const response = { 200: z.object({ workspace: z.string() }) };
  app.get('/read', { config: { access: 'read' }, schema: { response } }, async (request) => ({
    workspace: actorOf(request).workspaceId,
    secret: 'never shown',
  }));
  app.post('/change', { config: { access: 'generate' }, schema: { response } }, async (request) => ({
    workspace: actorOf(request).workspaceId,
  }));
  app.post('/account', { config: { access: 'session' }, schema: { response } }, async (request) => ({
    workspace: actorOf(request).workspaceId,
  }));
  app.post('/sign-in', { config: { access: 'public', limit: 'sign_in' } }, async () => ({}));
  app.get('/broken', { config: { access: 'public' } }, async () => {
    throw new Error('the secret reason');
  });
  app.get(
    '/unlike-its-schema',
    { config: { access: 'public' }, schema: { response } },
    async () => ({ workspace: 7 }) as never,
  );
  app.get('/stream', { config: { access: 'public' }, exposeHeadRoute: false }, async (_request, reply) => {
    reply.openStream().send({ event: 'hello', id: '1', data: { text: 'a\nb' } });
    return reply;
  });
  app.get('/bytes', { config: { access: 'public' } }, async (_request, reply) =>
    reply.type('image/png').send(Readable.from([Buffer.from('x')])),
  );
};

let app: HttpApp;
afterEach(() => app.close());

async function build(options: Partial<HttpAppOptions> & { limits?: Partial<LimitRules> } = {}): Promise<HttpApp> {
  app = await createHttpApp({
    config: { publicUrl: 'https://pingvas.example', production: true, trustProxy: false },
    version: '1.2.3',
    log: pino({ level: 'silent' }),
    limiter: createMemoryLimiter(options.limits),
    resolveActor: async ({ headers }) =>
      headers.authorization === 'Bearer key' ? key : headers.cookie === 'session=1' ? person : undefined,
    checkHealth: async () => ({ database: 'ok', storage: 'ok', engine: 'ok', queue: 'ok' }),
    routes: [routes],
    ...options,
  });
  await app.ready();
  return app;
}
const host = { host: 'pingvas.example' };
const cookie = { cookie: 'session=1' };

describe('an answer', () => {
  test('is cut to its schema, and one that breaks its schema is a 500 without the reason', async () => {
    await build();
    expect((await app.inject({ url: '/read', headers: { ...host, ...cookie } })).json()).toEqual({ workspace: 'w' });
    for (const url of ['/broken', '/unlike-its-schema']) {
      const answer = await app.inject({ url, headers: host });
      expect(answer.json()).toMatchObject({ code: 'internal_error', status: 500 });
      expect(answer.body).not.toMatch(/secret|workspace/);
    }
  });

  test('carries the caller’s request id when it is well formed, else one of ours', async () => {
    await build();
    const idOf = async (given: string) =>
      (await app.inject({ url: '/health/live', headers: { 'x-request-id': given } })).headers['x-request-id'];
    expect(await idOf('trace-1:a.b_c')).toBe('trace-1:a.b_c');
    for (const bad of ['', 'a b', 'x'.repeat(129), '<script>']) expect(await idOf(bad)).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('admits the script and the frame of the captcha that the operator chose, and of nobody else', async () => {
    const config = { publicUrl: 'https://pingvas.example', production: true, trustProxy: false as const };
    await build({ config: { ...config, widgetOrigin: 'https://widget.example' } });
    const policy = String((await app.inject({ url: '/read', headers: host })).headers['content-security-policy']);
    expect(policy).toContain("script-src 'self' https://widget.example;");
    expect(policy).toContain('frame-src https://widget.example;');
  });

  test('is protected: CSP of our own scripts alone, no sniffing, no frames, HSTS in production', async () => {
    await build();
    const { headers } = await app.inject({ url: '/read', headers: host });
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toContain('https://widget.example');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'strict-transport-security': expect.stringContaining('max-age='),
    });
    const docs = await app.inject({ url: '/docs/', headers: host });
    expect(docs.headers['content-security-policy']).not.toMatch(/http|upgrade/);
  });

  test('of a refusal is in the language asked for', async () => {
    await build();
    const titleOf = async (language: string) =>
      (await app.inject({ url: '/read', headers: { ...host, 'accept-language': language } })).json().title as string;
    expect(await titleOf('ko-KR,ko;q=0.9,en;q=0.8')).toBe('로그인이 필요해요');
    expect(await titleOf('fr, en;q=0.2, ko;q=0.1')).toBe('You are not signed in');
    expect(await titleOf('ko;q=0, *')).toBe('You are not signed in');
  });

  test('to a wrong method names the right ones', async () => {
    await build();
    const answer = await app.inject({ method: 'DELETE', url: '/read?x=1', headers: host });
    expect([answer.statusCode, answer.headers['allow'], answer.json().code]).toEqual([
      405,
      'GET, HEAD',
      'method_not_allowed',
    ]);
    expect((await app.inject({ url: '/nothing', headers: host })).json().code).toBe('not_found');
  });
});

describe('who may call', () => {
  test('a route that does not say so cannot be added', async () => {
    await expect(build({ routes: [(scope) => void scope.get('/open', async () => 1)] })).rejects.toThrow(
      /does not say who may call it/,
    );
    await build();
  });

  test('a key reads but does not change without the scope, and never acts as a person', async () => {
    await build();
    const call = async (method: 'GET' | 'POST', url: string) =>
      (await app.inject({ method, url, headers: { ...host, authorization: 'Bearer key' } })).json();
    expect(await call('GET', '/read')).toEqual({ workspace: 'w' });
    expect(await call('POST', '/change')).toMatchObject({ code: 'key_lacks_scope', scope: 'generate' });
    expect(await call('POST', '/account')).toMatchObject({ code: 'session_required' });
  });

  test('the cookie changes something only from a page of ours', async () => {
    await build();
    const change = async (headers: Record<string, string>) =>
      (await app.inject({ method: 'POST', url: '/change', headers: { ...host, ...cookie, ...headers } })).json();
    expect(await change({ origin: 'https://pingvas.example' })).toEqual({ workspace: 'w' });
    for (const origin of [
      'https://evil.example',
      'http://pingvas.example',
      'https://pingvas.example.evil.example',
      'null',
    ])
      expect(await change({ origin })).toMatchObject({ code: 'origin_not_allowed' });
    expect(await change({})).toMatchObject({ code: 'origin_not_allowed' });
  });

  test('pages elsewhere may call with a bearer, never with the cookie', async () => {
    await build();
    const headers = {
      ...host,
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const preflight = await app.inject({ method: 'OPTIONS', url: '/change', headers });
    expect(preflight.headers['access-control-allow-origin']).toBe('*');
    expect(preflight.headers['access-control-allow-credentials']).toBeUndefined();
  });

  test('another host name is misdirected; health answers any', async () => {
    await build();
    for (const name of ['evil.example', 'pingvas.example:1', 'localhost', '127.0.0.1', ''])
      expect((await app.inject({ url: '/read', headers: { host: name } })).json().code, name).toBe(
        'misdirected_request',
      );
    expect((await app.inject({ url: '/health/live', headers: { host: '10.0.0.7:8000' } })).statusCode).toBe(200);
  });

  test('in development this machine’s names answer on any port, a name of somebody else does not', async () => {
    await build({ config: { publicUrl: 'http://localhost:8000', production: false, trustProxy: false } });
    for (const name of ['localhost:8000', '127.0.0.1:9', '[::1]:8000'])
      expect((await app.inject({ url: '/read', headers: { host: name } })).json().code, name).toBe('unauthenticated');
    expect((await app.inject({ url: '/read', headers: { host: 'rebind.evil.example:8000' } })).json().code).toBe(
      'misdirected_request',
    );
  });
});

describe('limits', () => {
  test('are shown on every counted answer, and a refusal says when to come back', async () => {
    await build({ limits: { read: { calls: 2, windowS: 60 } } });
    const call = () => app.inject({ url: '/read', headers: { ...host, ...cookie } });
    const first = await call();
    expect(first.headers).toMatchObject({ 'ratelimit-policy': '"read";q=2;w=60', ratelimit: '"read";r=1;t=60' });
    await call();
    const refused = await call();
    expect([refused.statusCode, refused.headers['retry-after'], refused.json()]).toEqual([
      429,
      '60',
      expect.objectContaining({ code: 'rate_limited', retry_after: 60 }),
    ]);
    expect((await app.inject({ url: '/read', headers: { ...host, authorization: 'Bearer key' } })).statusCode).toBe(
      200,
    );
  });

  test('sign-in counts by address, and only a trusted proxy may name it', async () => {
    const signIn = async (address: string) =>
      (await app.inject({ method: 'POST', url: '/sign-in', headers: { ...host, 'x-forwarded-for': address } }))
        .statusCode;
    await build({ limits: { sign_in: { calls: 1, windowS: 60 } } });
    expect([await signIn('203.0.113.1'), await signIn('203.0.113.2')]).toEqual([200, 429]);
    await app.close();
    await build({
      limits: { sign_in: { calls: 1, windowS: 60 } },
      config: { publicUrl: 'https://pingvas.example', production: true, trustProxy: 1 },
    });
    expect([await signIn('203.0.113.1'), await signIn('203.0.113.2'), await signIn('203.0.113.2')]).toEqual([
      200, 200, 429,
    ]);
    // What the caller wrote before our proxy added its line is not believed.
    expect(await signIn('198.51.100.9, 203.0.113.2')).toBe(429);
  });
});

describe('health and the end', () => {
  test('is down when database or storage is, and says which', async () => {
    await build({ checkHealth: async () => ({ database: 'ok', storage: 'down', engine: 'ok', queue: 'ok' }) });
    const answer = await app.inject({ url: '/health' });
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      { status: 'down', version: '1.2.3', checks: { database: 'ok', storage: 'down', engine: 'ok', queue: 'ok' } },
    ]);
    expect((await app.inject({ url: '/health/live' })).statusCode).toBe(200);
  });

  test('an open stream ends when the server closes, so that closing does not hang', async () => {
    await build({ config: { publicUrl: 'http://localhost', production: false, trustProxy: false } });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/stream`);
    const text = answer.text();
    await app.close();
    expect(await text).toBe('event: hello\nid: 1\ndata: {"text":"a\\nb"}\n\n');
  });
});
