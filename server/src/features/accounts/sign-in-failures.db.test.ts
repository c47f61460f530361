import { expect } from 'vitest';
import {
  anEmail,
  aVerifiedUser,
  postToken,
  signIn,
  testAccounts,
  type TestAccounts,
  testPassword,
} from '#test/accounts.ts';
import { test } from '#test/database.ts';
import { postAuth } from '#test/second-factor.ts';
import { createMemoryLimiter } from '#platform/limits.ts';

const byToken = async (accounts: TestAccounts, email: string, password: string): Promise<number> =>
  (await postToken(accounts, { grant_type: 'password', email, password })).statusCode;
const byCookie = async (accounts: TestAccounts, email: string, password: string): Promise<number> =>
  (await postAuth(accounts, '/sign-in/email', '', { email, password })).statusCode;
/** Three in the place of ten: what is tested is the counting. */
const threeFailures = () => createMemoryLimiter({ failed_sign_ins: { calls: 3, windowS: 900 } });

test('after its failures an address signs in nowhere, with the right password neither; other addresses do', async ({
  db,
}) => {
  const accounts = await testAccounts(db, { limiter: threeFailures() });
  const user = await aVerifiedUser(accounts);
  const other = await aVerifiedUser(accounts);
  expect(await byToken(accounts, user.email, 'wrong password')).toBe(401);
  expect(await byCookie(accounts, user.email.toUpperCase(), 'wrong password')).toBe(401);
  expect(await byToken(accounts, user.email, 'wrong password')).toBe(401);
  for (const password of ['wrong password', testPassword]) {
    expect(await byToken(accounts, ` ${user.email}`, password)).toBe(429);
    expect(await byCookie(accounts, user.email, password)).toBe(429);
  }
  const told = await postAuth(accounts, '/sign-in/email', '', { email: user.email, password: testPassword });
  expect([told.json().code, Number(told.headers['retry-after'])]).toEqual([
    'TOO_MANY_FAILURES',
    expect.closeTo(900, -2),
  ]);
  expect(await byToken(accounts, other.email, testPassword)).toBe(200);
});

test('an address nobody has is counted like one that somebody has', async ({ db }) => {
  const accounts = await testAccounts(db, { limiter: threeFailures() });
  const email = anEmail();
  const statuses: number[] = [];
  for (let index = 0; index < 5; index += 1) statuses.push(await byCookie(accounts, email, 'some password'));
  expect(statuses).toEqual([401, 401, 401, 429, 429]);
});

test('guesses that come at once are counted one by one', async ({ db }) => {
  const accounts = await testAccounts(db, { limiter: threeFailures() });
  const user = await aVerifiedUser(accounts);
  const statuses = await Promise.all(Array.from({ length: 8 }, () => byToken(accounts, user.email, 'wrong password')));
  expect(statuses.filter((status) => status === 401)).toHaveLength(3);
});

test('right passwords are no failures, however often they are used', async ({ db }) => {
  const accounts = await testAccounts(db, { limiter: threeFailures() });
  const user = await aVerifiedUser(accounts);
  for (let index = 0; index < 3; index += 1) {
    await signIn(accounts, user.email);
    expect(await byToken(accounts, user.email, testPassword)).toBe(200);
  }
});
