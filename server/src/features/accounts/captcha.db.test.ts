import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Challenge, solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { expect, onTestFinished } from 'vitest';
import { createAltcha } from '#adapters/captcha/altcha.ts';
import type { Captcha } from '#adapters/captcha/port.ts';
import { createTurnstile } from '#adapters/captcha/turnstile.ts';
import { anEmail, testAccounts, type TestAccounts, testPassword } from '#test/accounts.ts';
import { test, type TestDatabase } from '#test/database.ts';

const host = 'localhost:8000';
const nowMs = () => Date.now();

async function signUp(accounts: TestAccounts, answer?: string): Promise<[number, string | undefined]> {
  const done = await accounts.app.inject({
    method: 'POST',
    url: '/api/auth/sign-up/email',
    headers: { host, ...(answer !== undefined && { 'x-captcha-response': answer }) },
    payload: { email: anEmail(), password: testPassword },
  });
  return [done.statusCode, done.json().code];
}

const withCaptcha = (db: TestDatabase, captcha: Captcha) => testAccounts(db, { captcha });

/** A siteverify that knows one good answer. */
async function aSiteverify(status = 200): Promise<{ url: string; asked: unknown[] }> {
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      const body = JSON.parse(text) as { secret: string; response: string };
      asked.push(body);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ success: body.secret === 'secret' && body.response.startsWith('good') }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/siteverify`, asked };
}

test('a sign-up needs a solved challenge, and each opens one door, however many knock at once', async ({ db }) => {
  const accounts = await withCaptcha(db, createAltcha({ secret: 's', nowMs, work: { min: 1, max: 5 } }));
  const providers = await accounts.app.inject({ url: '/api/v1/auth/providers', headers: { host } });
  expect(providers.json().captcha).toEqual({ kind: 'altcha', site_key: null });
  expect(await signUp(accounts)).toEqual([400, 'CAPTCHA_REQUIRED']);
  expect(await signUp(accounts, 'bm9uc2Vuc2U=')).toEqual([400, 'CAPTCHA_WRONG']);
  const asked = await accounts.app.inject({ url: '/api/v1/auth/challenge', headers: { host } });
  expect(asked.headers['cache-control']).toBe('no-store');
  const challenge = asked.json<Challenge>();
  const solution = await solveChallenge({ challenge, deriveKey });
  const answer = Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
  const statuses = (await Promise.all(Array.from({ length: 5 }, () => signUp(accounts, answer)))).map(
    ([status]) => status,
  );
  expect(statuses.sort()).toEqual([200, 400, 400, 400, 400]);
});

test('a token of Turnstile is checked by its siteverify, with our secret, and works once', async ({ db }) => {
  const { url, asked } = await aSiteverify();
  const accounts = await withCaptcha(db, createTurnstile({ siteKey: 'site', secretKey: 'secret', url, nowMs }));
  const providers = await accounts.app.inject({ url: '/api/v1/auth/providers', headers: { host } });
  expect(providers.json().captcha).toEqual({ kind: 'turnstile', site_key: 'site' });
  const challenge = await accounts.app.inject({ url: '/api/v1/auth/challenge', headers: { host } });
  expect(challenge.statusCode).toBe(404);
  expect(await signUp(accounts, 'bad')).toEqual([400, 'CAPTCHA_WRONG']);
  const good = `good ${anEmail()}`;
  expect((await signUp(accounts, good))[0]).toBe(200);
  expect(await signUp(accounts, good)).toEqual([400, 'CAPTCHA_WRONG']);
  expect(asked[1]).toEqual({ secret: 'secret', response: good, remoteip: '127.0.0.1' });
});

test('while Turnstile is away nobody signs up, and is told to come back', async ({ db }) => {
  const { url } = await aSiteverify(503);
  for (const address of [url, 'http://127.0.0.1:1/']) {
    const turnstile = createTurnstile({ siteKey: 'site', secretKey: 'secret', url: address, nowMs });
    expect(await signUp(await withCaptcha(db, turnstile), 'good')).toEqual([503, 'CAPTCHA_UNAVAILABLE']);
  }
});
