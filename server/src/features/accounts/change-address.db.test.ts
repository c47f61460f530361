import { expect } from 'vitest';
import {
  anEmail,
  aVerifiedUser,
  linkTo,
  postToken,
  signIn,
  signUp,
  testAccounts,
  type TestAccounts,
  testOrigin,
  testPassword,
} from '#test/accounts.ts';
import { test } from '#test/database.ts';

const host = 'localhost:8000';
const ask = async (accounts: TestAccounts, cookie: string, email: string, password = testPassword): Promise<number> =>
  (
    await accounts.app.inject({
      method: 'POST',
      url: '/api/v1/me/email',
      headers: { host, cookie, origin: testOrigin },
      payload: { email, password },
    })
  ).statusCode;
const press = async (accounts: TestAccounts, link: string): Promise<number> =>
  (
    await accounts.app.inject({
      method: 'POST',
      url: '/api/auth/change-address',
      headers: { host, 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ token: new URL(link, testOrigin).searchParams.get('token')! }).toString(),
    })
  ).statusCode;
const canSignIn = async (accounts: TestAccounts, email: string): Promise<boolean> =>
  (await postToken(accounts, { grant_type: 'password', email, password: testPassword })).statusCode === 200;

test('an address changes when the old mailbox and then the new one have agreed, each by a button, each once', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  await accounts.runChores(user.userId);
  const cookie = await signIn(accounts, user.email);
  const next = anEmail();
  expect(await ask(accounts, cookie, next.toUpperCase())).toBe(202);
  expect(await accounts.runChores(user.userId)).toEqual(['send_change_address_old_mail']);
  expect(accounts.mail.messages().some(({ to }) => to === next)).toBe(false);
  const first = linkTo(accounts, user.email, 'change-address');
  const page = await accounts.app.inject({ url: first, headers: { host } });
  expect([page.statusCode, page.body.includes('<form')]).toEqual([200, true]);
  // Looking at the page agrees to nothing.
  expect(await accounts.runChores(user.userId)).toEqual([]);
  expect([await press(accounts, first), await press(accounts, first)]).toEqual([200, 400]);

  expect(await accounts.runChores(user.userId)).toEqual(['send_change_address_new_mail']);
  const second = linkTo(accounts, next, 'change-address');
  expect(await canSignIn(accounts, user.email)).toBe(true);
  expect([await press(accounts, second), await press(accounts, second)]).toEqual([200, 400]);
  expect([await canSignIn(accounts, user.email), await canSignIn(accounts, next)]).toEqual([false, true]);
});

test('it takes the password, an address, and one that is new', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  await accounts.runChores(user.userId);
  const cookie = await signIn(accounts, user.email);
  expect(await ask(accounts, cookie, anEmail(), 'wrong password')).toBe(401);
  expect(await ask(accounts, cookie, 'no address')).toBe(422);
  expect(await ask(accounts, cookie, user.email)).toBe(422);
  expect(await ask(accounts, '', anEmail())).toBe(401);
  expect(await accounts.runChores(user.userId)).toEqual([]);
});

test('a taken address answers alike; its owner is told, and nobody moves there, also when it is taken in between', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  const owner = await aVerifiedUser(accounts);
  await accounts.runChores(user.userId);
  const cookie = await signIn(accounts, user.email);
  expect(await ask(accounts, cookie, owner.email)).toBe(202);
  await accounts.runChores(user.userId);
  expect(await press(accounts, linkTo(accounts, user.email, 'change-address'))).toBe(200);
  await accounts.runChores(user.userId);
  expect(() => linkTo(accounts, owner.email, 'change-address')).toThrow();
  expect(accounts.mail.messages().at(-1)?.to).toBe(owner.email);

  const next = anEmail();
  expect(await ask(accounts, cookie, next)).toBe(202);
  await accounts.runChores(user.userId);
  expect(await press(accounts, linkTo(accounts, user.email, 'change-address'))).toBe(200);
  await accounts.runChores(user.userId);
  const link = linkTo(accounts, next, 'change-address');
  await signUp(accounts, next);
  expect(await press(accounts, link)).toBe(400);
  expect(await canSignIn(accounts, user.email)).toBe(true);
});

test('links that are forged, late, replaced by a newer wish, or of the second mailbox before the first do nothing', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  await accounts.runChores(user.userId);
  const cookie = await signIn(accounts, user.email);
  await ask(accounts, cookie, anEmail());
  await accounts.runChores(user.userId);
  const replaced = linkTo(accounts, user.email, 'change-address');
  await ask(accounts, cookie, anEmail());
  await accounts.runChores(user.userId);
  const link = linkTo(accounts, user.email, 'change-address');
  const token = new URL(link, testOrigin).searchParams.get('token')!;
  const asNew = token.replace('.old.', '.new.');
  for (const bad of [replaced, '/x?token=', '/x?token=a.old.b', `/x?token=${encodeURIComponent(asNew)}`])
    expect(await press(accounts, bad), bad).toBe(400);
  await db.owner.pool.query(
    "update auth.address_change set expires_at = now() - interval '1 second' where user_id = $1",
    [user.userId],
  );
  expect(await press(accounts, link)).toBe(400);
  expect(await canSignIn(accounts, user.email)).toBe(true);
});
