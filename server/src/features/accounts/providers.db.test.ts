import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import {
  anEmail,
  aVerifiedUser,
  linkTo,
  signIn,
  signUp,
  testAccounts,
  type TestAccounts,
  testOrigin,
  testPassword,
} from '#test/accounts.ts';
import { test as base, type TestDatabase } from '#test/database.ts';
import { type ProviderUser, signInWith, startProviders, type TestProviders } from '#test/providers.ts';
import { aProtectedUser, postAuth } from '#test/second-factor.ts';

const test = base.extend('providers', { scope: 'worker' }, async ({}, { onCleanup }): Promise<TestProviders> => {
  const providers = await startProviders();
  onCleanup(providers.close);
  return providers;
});

const host = 'localhost:8000';
const aProviderUser = (over: Partial<ProviderUser> = {}): ProviderUser => ({
  id: randomUUID(),
  email: anEmail(),
  verified: true,
  name: '김하나',
  ...over,
});
const emailOfMe = async (accounts: TestAccounts, cookie: string): Promise<string | undefined> =>
  (await accounts.app.inject({ url: '/api/v1/me', headers: { host, cookie } })).json().user?.email;

async function accountsOf(db: TestDatabase, email: string | null) {
  const { rows } = await db.owner.pool.query<{ provider_id: string; secrets: string }>(
    `select a.provider_id, concat(a.access_token, a.refresh_token, a.id_token) as secrets
     from auth.account a join auth."user" u on u.id = a.user_id where u.email = $1 order by 1`,
    [email],
  );
  return rows;
}

for (const provider of ['google', 'discord'] as const) {
  test(`a person signs up and in with ${provider}: one account with a workspace and credits, and no token is kept`, async ({
    db,
    providers,
  }) => {
    const accounts = await testAccounts(db, { social: providers.social });
    const person = aProviderUser();
    providers.comeAs(person);
    for (let again = 0; again < 2; again += 1) {
      const done = await signInWith(accounts, provider);
      expect([done.status, done.location]).toEqual([302, '/done']);
      expect(await emailOfMe(accounts, done.cookie)).toBe(person.email);
    }
    expect(await accountsOf(db, person.email)).toEqual([{ provider_id: provider, secrets: '' }]);
    const { rows } = await db.owner.pool.query<{ id: string; balance: number }>(
      `select u.id, a.balance from auth."user" u join public.workspace w on w.owner_user_id = u.id
       join public.credit_account a using (workspace_id) where u.email = $1`,
      [person.email],
    );
    expect(rows).toHaveLength(1);
    expect(await accounts.runChores(rows[0]!.id)).toEqual(['grant_free']);
  });

  test(`a verified account is linked to the same verified address at ${provider}`, async ({ db, providers }) => {
    const accounts = await testAccounts(db, { social: providers.social });
    const user = await aVerifiedUser(accounts);
    providers.comeAs(aProviderUser({ email: user.email }));
    const done = await signInWith(accounts, provider);
    expect(await emailOfMe(accounts, done.cookie)).toBe(user.email);
    expect(await accountsOf(db, user.email)).toHaveLength(2);
    expect(await signIn(accounts, user.email)).toContain('session_token');
  });

  test(`an address that ${provider} has not verified makes no account and is linked to none`, async ({
    db,
    providers,
  }) => {
    const accounts = await testAccounts(db, { social: providers.social });
    const stranger = aProviderUser({ verified: false });
    providers.comeAs(stranger);
    const made = await signInWith(accounts, provider);
    expect([made.location.includes('error='), made.cookie]).toEqual([true, '']);
    expect(await accountsOf(db, stranger.email)).toEqual([]);

    const user = await aVerifiedUser(accounts);
    providers.comeAs(aProviderUser({ email: user.email, verified: false }));
    const linked = await signInWith(accounts, provider);
    expect([linked.location.includes('error='), linked.cookie]).toEqual([true, '']);
    expect(await accountsOf(db, user.email)).toHaveLength(1);
  });

  test(`an account whose address was never verified is not linked to ${provider}; its owner gets in by a new password`, async ({
    db,
    providers,
  }) => {
    const accounts = await testAccounts(db, { social: providers.social });
    const squatted = await signUp(accounts, anEmail(), 'password of the attacker');
    providers.comeAs(aProviderUser({ email: squatted.email }));
    const refused = await signInWith(accounts, provider);
    expect(new URL(refused.location, testOrigin).searchParams.get('error')).toBe('account_not_linked');
    expect(refused.cookie).toBe('');

    await accounts.runChores(squatted.userId);
    await postAuth(accounts, '/request-password-reset', '', { email: squatted.email });
    await accounts.runChores(squatted.userId);
    const token = new URL(linkTo(accounts, squatted.email, 'reset-password'), testOrigin).searchParams.get('token')!;
    const reset = await postAuth(accounts, '/reset-password', '', { token, newPassword: 'password of the owner' });
    expect(reset.statusCode).toBe(200);
    const done = await signInWith(accounts, provider);
    expect(await emailOfMe(accounts, done.cookie)).toBe(squatted.email);
    await expect(signIn(accounts, squatted.email, 'password of the attacker')).rejects.toThrow(/401/);
  });

  test(`a person with a second factor who comes from ${provider} is asked for it`, async ({ db, providers }) => {
    const accounts = await testAccounts(db, { social: providers.social });
    const user = await aProtectedUser(accounts, db);
    providers.comeAs(aProviderUser({ email: user.email }));
    const half = await signInWith(accounts, provider);
    expect([half.status, half.location, half.cookie.split('=')[0]]).toEqual([
      302,
      `${testOrigin}/two-factor`,
      'pingvas.two_factor',
    ]);
    expect(await emailOfMe(accounts, half.cookie)).toBeUndefined();
    const done = await postAuth(accounts, '/two-factor/verify-totp', half.cookie, { code: user.code() });
    expect(done.statusCode).toBe(200);
  });
}

test('a callback works once, and only in the browser that asked for it', async ({ db, providers }) => {
  const accounts = await testAccounts(db, { social: providers.social });
  providers.comeAs(aProviderUser());
  const done = await signInWith(accounts, 'google');
  for (const cookie of [done.started, '']) {
    const again = await accounts.app.inject({ url: done.callback, headers: { host, cookie } });
    expect([again.statusCode, String(again.headers.location)]).toEqual([302, expect.stringContaining('error=')]);
    expect(String(again.headers['set-cookie'])).not.toContain('session_token=');
  }
});

test('an id token in a body signs nobody in', async ({ db, providers }) => {
  const accounts = await testAccounts(db, { social: providers.social });
  const payload = { provider: 'google', idToken: { token: 'a.b.c' } };
  for (const path of ['/sign-in/social', '/link-social'])
    expect((await postAuth(accounts, path, '', payload)).statusCode, path).toBe(400);
});

test('a Discord account without an address makes no account', async ({ db, providers }) => {
  const accounts = await testAccounts(db, { social: providers.social });
  providers.comeAs(aProviderUser({ email: null }));
  const done = await signInWith(accounts, 'discord');
  expect([new URL(done.location, testOrigin).searchParams.get('error'), done.cookie]).toEqual(['email_not_found', '']);
});

test('only an address that is the same can be linked by hand', async ({ db, providers }) => {
  const accounts = await testAccounts(db, { social: providers.social });
  const user = await aVerifiedUser(accounts);
  const cookie = await signIn(accounts, user.email);
  providers.comeAs(aProviderUser());
  const other = await signInWith(accounts, 'discord', { cookie, link: true });
  expect(other.location).toContain('error=');
  expect(await accountsOf(db, user.email)).toHaveLength(1);
  providers.comeAs(aProviderUser({ email: user.email }));
  const same = await signInWith(accounts, 'discord', { cookie, link: true });
  expect(same.location).toBe('/done');
  expect(await accountsOf(db, user.email)).toEqual([
    { provider_id: 'credential', secrets: '' },
    { provider_id: 'discord', secrets: '' },
  ]);
  const list = await accounts.app.inject({ url: '/api/auth/list-accounts', headers: { host, cookie } });
  expect(list.json()).toHaveLength(2);
  expect(list.body).not.toMatch(/token|password/i);
});

test('first sign-ins of one person at once make one account', async ({ db, providers }) => {
  const accounts = await testAccounts(db, { social: providers.social });
  const person = aProviderUser();
  providers.comeAs(person);
  const done = await Promise.all(Array.from({ length: 10 }, () => signInWith(accounts, 'discord')));
  expect(done.filter(({ cookie }) => cookie.includes('session_token=')).length).toBeGreaterThan(0);
  expect(await accountsOf(db, person.email)).toHaveLength(1);
});

test('the web app is told which providers there are; others do not exist', async ({ db, providers }) => {
  const none = await testAccounts(db);
  const list = async (accounts: TestAccounts) =>
    (await accounts.app.inject({ url: '/api/v1/auth/providers', headers: { host } })).json();
  expect(await list(none)).toEqual({ data: [], captcha: { kind: 'none', site_key: null } });
  const refused = await postAuth(none, '/sign-in/social', '', { provider: 'google', callbackURL: '/' });
  expect(refused.statusCode).toBe(404);
  const both = await testAccounts(db, { social: providers.social });
  expect((await list(both)).data).toEqual([{ id: 'google' }, { id: 'discord' }]);
  expect(JSON.stringify(await list(both))).not.toContain('secret');
  const user = await aVerifiedUser(both);
  expect((await postAuth(both, '/sign-in/email', '', { email: user.email, password: testPassword })).statusCode).toBe(
    200,
  );
});
