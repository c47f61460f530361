import { randomUUID } from 'node:crypto';
import { symmetricDecrypt } from 'better-auth/crypto';
import { pino } from 'pino';
import { expect } from 'vitest';
import { createFakeMail } from '#adapters/mail/fake.ts';
import { accountsChores, createAccounts } from '#features/accounts/index.ts';
import { stepOf, totpAt } from '#features/accounts/totp.ts';
import { anEmail, cookiesOf, testPassword } from './accounts.ts';
import { createTestApi, test as base, type TestApi, testPublicUrl, testSecret } from './app.ts';
import type { TestDatabase } from './database.ts';
import { signInWith, startProviders, type TestProviders } from './providers.ts';
import { postAuth } from './second-factor.ts';

// Every way to sign in, over HTTP alone, through the whole API: each ends with a caller who has a workspace and credits.

const test = base
  .extend('providers', { scope: 'worker' }, async ({}, { onCleanup }): Promise<TestProviders> => {
    const providers = await startProviders();
    onCleanup(providers.close);
    return providers;
  })
  .extend('api', { scope: 'worker' }, async ({ db, providers }, { onCleanup }): Promise<TestApi> => {
    const config = { production: false, publicUrl: testPublicUrl, engines: ['fake' as const], http: { trustProxy: 1 } };
    const api = await createTestApi(db, { config: { ...config, authSecret: testSecret, social: providers.social } });
    onCleanup(api.close);
    return api;
  });

type Headers = Record<string, string>;

async function expectInside(api: TestApi, headers: Headers, email: string): Promise<void> {
  const me = await api.call({ url: '/api/v1/me', headers });
  expect([me.statusCode, me.json().user?.email]).toEqual([200, email]);
  const credits = await api.call({ url: '/api/v1/credits', headers });
  expect([credits.statusCode, credits.json().available]).toEqual([200, 100]);
}

/** Signs up and verifies as a program does: it reads the link in the mail that the chore sent. */
async function aVerifiedAddress(db: TestDatabase, api: TestApi): Promise<{ email: string; userId: string }> {
  const email = anEmail();
  const made = await postAuth(api, '/sign-up/email', '', { email, password: testPassword });
  const userId = made.json().user.id as string;
  await runChores(db, userId);
  const link = new URL(
    mailbox
      .messages()
      .findLast(({ to }) => to === email)!
      .text.match(/https?:\/\/\S+/)![0],
  );
  const verified = await api.call({ url: link.pathname + link.search });
  expect(verified.statusCode).toBe(200);
  return { email, userId };
}

const mailbox = createFakeMail();

async function runChores(db: TestDatabase, userId: string): Promise<void> {
  const log = pino({ level: 'silent' });
  const options = { db: db.app, authDb: db.auth, publicUrl: testPublicUrl, secret: testSecret, log };
  const chores = accountsChores({ ...createAccounts(options), mail: mailbox });
  const { rows } = await db.owner.pool.query<{ task: string; payload: unknown }>(
    "delete from public.outbox where payload->>'user_id' = $1 returning task, payload",
    [userId],
  );
  for (const { task, payload } of rows) await chores[task]?.(payload);
}

test('by password: a browser gets a cookie, a program gets tokens and a new one for the old', async ({ db, api }) => {
  const { email } = await aVerifiedAddress(db, api);
  const signedIn = await postAuth(api, '/sign-in/email', '', { email, password: testPassword });
  await expectInside(api, { cookie: cookiesOf(signedIn.headers['set-cookie']) }, email);
  const post = (payload: object) => api.call({ method: 'POST', url: '/api/v1/auth/token', payload });
  const tokens = (await post({ grant_type: 'password', email, password: testPassword })).json();
  await expectInside(api, { authorization: `Bearer ${tokens.access_token}` }, email);
  const next = (await post({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token })).json();
  await expectInside(api, { authorization: `Bearer ${next.access_token}` }, email);
});

test('by password and second factor: half a sign-in, then the code, then inside; a program sends both at once', async ({
  db,
  api,
}) => {
  const { email, userId } = await aVerifiedAddress(db, api);
  const first = cookiesOf(
    (await postAuth(api, '/sign-in/email', '', { email, password: testPassword })).headers['set-cookie'],
  );
  const enabled = await postAuth(api, '/two-factor/enable', first, { password: testPassword });
  const [recoveryCode] = enabled.json().backupCodes as string[];
  const { rows } = await db.owner.pool.query<{ secret: string }>(
    'select secret from auth.two_factor where user_id = $1',
    [userId],
  );
  const log = pino({ level: 'silent' });
  const { auth } = createAccounts({ db: db.app, authDb: db.auth, publicUrl: testPublicUrl, secret: testSecret, log });
  const secret = await symmetricDecrypt({ key: (await auth.$context).secretConfig, data: rows[0]!.secret });
  const on = await postAuth(api, '/two-factor/verify-totp', first, { code: totpAt(secret, stepOf(Date.now())) });
  expect(on.statusCode).toBe(200);
  await db.owner.pool.query('delete from auth.totp_attempt where user_id = $1', [userId]);

  const half = await postAuth(api, '/sign-in/email', '', { email, password: testPassword });
  expect(half.json()).toMatchObject({ twoFactorRedirect: true });
  const cookie = cookiesOf(half.headers['set-cookie']);
  expect((await api.call({ url: '/api/v1/me', headers: { cookie } })).statusCode).toBe(401);
  const done = await postAuth(api, '/two-factor/verify-totp', cookie, { code: totpAt(secret, stepOf(Date.now())) });
  await expectInside(api, { cookie: cookiesOf(done.headers['set-cookie']) }, email);
  const tokens = await api.call({
    method: 'POST',
    url: '/api/v1/auth/token',
    payload: { grant_type: 'password', email, password: testPassword, totp: recoveryCode },
  });
  await expectInside(api, { authorization: `Bearer ${tokens.json().access_token}` }, email);
});

for (const provider of ['google', 'discord'] as const) {
  test(`by ${provider}: the button, the provider, inside`, async ({ db, api, providers }) => {
    const email = anEmail();
    providers.comeAs({ id: randomUUID(), email, verified: true });
    const done = await signInWith(api, provider);
    const { rows } = await db.owner.pool.query<{ id: string }>('select id from auth."user" where email = $1', [email]);
    await runChores(db, rows[0]!.id);
    await expectInside(api, { cookie: done.cookie }, email);
  });
}
