import { expect } from 'vitest';
import {
  anEmail,
  aVerifiedUser,
  cookiesOf,
  linkTo,
  signIn,
  signUp,
  testAccounts,
  testOrigin,
  testPassword,
  tokensOf,
} from '#test/accounts.ts';
import { test, type TestDatabase } from '#test/database.ts';
import { createUser } from './create-user.ts';
import { grantFree } from './grant-free.ts';
import { accountsChores } from './accounts.jobs.ts';

const host = 'localhost:8000';

async function workspaceOf(db: TestDatabase, userId: string) {
  const { rows } = await db.owner.pool.query<{
    workspace_id: string;
    kind: string;
    role: string;
    balance: number;
    grants: number;
  }>(
    `select w.workspace_id, w.kind, m.role, a.balance,
       (select count(*)::int from public.credit_grant g where g.workspace_id = w.workspace_id) as grants
     from public.workspace w join public.workspace_member m using (workspace_id) join public.credit_account a using (workspace_id)
     where m.user_id = $1`,
    [userId],
  );
  return rows;
}

test('a sign-up makes a personal workspace without credits, and a mail in the language of the person', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const email = anEmail();
  const answer = await accounts.app.inject({
    method: 'POST',
    url: '/api/auth/sign-up/email',
    headers: { host, 'accept-language': 'ko-KR,ko;q=0.9,en;q=0.5' },
    payload: { email: email.toUpperCase(), password: testPassword },
  });
  expect(answer.statusCode).toBe(200);
  const userId = answer.json().user.id;
  expect(await workspaceOf(db, userId)).toMatchObject([{ kind: 'personal', role: 'owner', balance: 0, grants: 0 }]);
  expect(await accounts.runChores(userId)).toEqual(['send_verification_mail']);
  expect(accounts.mail.messages()).toMatchObject([{ to: email, subject: expect.stringMatching(/[가-힣]/) }]);
});

test('ten sign-ups of one address at once make one account with one workspace', async ({ db }) => {
  const accounts = await testAccounts(db);
  const email = anEmail();
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      accounts.app.inject({
        method: 'POST',
        url: '/api/auth/sign-up/email',
        headers: { host },
        payload: { email, password: testPassword, name: 'x' },
      }),
    ),
  );
  for (const { statusCode } of answers) expect([200, 422]).toContain(statusCode);
  const { rows } = await db.owner.pool.query<{ id: string; accounts: number }>(
    'select u.id, (select count(*)::int from auth.account a where a.user_id = u.id) as accounts from auth."user" u where email = $1',
    [email],
  );
  expect(rows).toMatchObject([{ accounts: 1 }]);
  expect(await workspaceOf(db, rows[0]!.id)).toHaveLength(1);
});

test('a sign-up that cannot make its workspace leaves nothing behind', async ({ db }) => {
  const accounts = await testAccounts(db);
  const email = anEmail();
  await db.owner.pool.query('alter table public.outbox add constraint refuse_all check (false) not valid');
  try {
    await expect(signUp(accounts, email)).rejects.toThrow(/422|500/);
  } finally {
    await db.owner.pool.query('alter table public.outbox drop constraint refuse_all');
  }
  const { rows } = await db.owner.pool.query('select 1 from auth."user" where email = $1', [email]);
  expect(rows).toEqual([]);
  await signUp(accounts, email);
});

test('signing in waits for the verified address; the link of the mail verifies a program and the Free credits arrive at once', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const user = await signUp(accounts);
  await accounts.runChores(user.userId);
  await expect(signIn(accounts, user.email)).rejects.toThrow(/EMAIL_NOT_VERIFIED/);
  const link = linkTo(accounts, user.email, 'verify');
  expect((await accounts.app.inject({ method: 'HEAD', url: link, headers: { host } })).statusCode).toBe(405);
  await expect(signIn(accounts, user.email)).rejects.toThrow(/EMAIL_NOT_VERIFIED/);
  for (let again = 0; again < 2; again += 1) {
    const answer = await accounts.app.inject({ url: link, headers: { host, accept: '*/*' } });
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: true }]);
  }
  expect(await workspaceOf(db, user.userId)).toMatchObject([{ balance: 100_000, grants: 1 }]);
  expect(await signIn(accounts, user.email)).toContain('pingvas.session_token=');
});

test('the Free credits are granted once: called 20 times at once, and again by the chore, twice', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await signUp(accounts);
  await db.owner.pool.query('update auth."user" set email_verified = true where id = $1', [user.userId]);
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => grantFree(accounts.deps, user.userId)));
  expect(new Set(outcomes)).toEqual(new Set(['granted']));
  const chores = accountsChores({ ...accounts.deps, mail: accounts.mail });
  await chores['grant_free']!({ user_id: user.userId });
  await chores['grant_free']!({ user_id: user.userId });
  expect(await workspaceOf(db, user.userId)).toMatchObject([{ balance: 100_000, grants: 1 }]);
});

test('a process that dies between the verification and the grant leaves the grant to the chore', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await signUp(accounts);
  await accounts.runChores(user.userId);
  // What the dying process had committed: the address is verified, nothing was granted.
  await db.auth.pool.query('update auth."user" set email_verified = true where id = $1', [user.userId]);
  expect(await workspaceOf(db, user.userId)).toMatchObject([{ balance: 0 }]);
  expect(await accounts.runChores(user.userId)).toEqual(['grant_free']);
  expect(await workspaceOf(db, user.userId)).toMatchObject([{ balance: 100_000, grants: 1 }]);
});

test('an account that is deleted and made again gets no second grant in the same month; another address does', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const email = anEmail();
  const first = await aVerifiedUser(accounts, email);
  await db.owner.pool.query('delete from auth."user" where id = $1', [first.userId]);
  const second = await aVerifiedUser(accounts, email);
  expect(await workspaceOf(db, second.userId)).toMatchObject([{ balance: 0, grants: 0 }]);
  expect(await accounts.runChores(second.userId)).toEqual(['grant_free']);
  const { rows } = await db.owner.pool.query<{ later: boolean }>(
    "select run_at > now() + interval '23 hours' as later from graphile_worker.jobs where key = $1",
    [`grant_free:${second.userId}`],
  );
  expect(rows).toEqual([{ later: true }]);
  const other = await aVerifiedUser(accounts);
  expect(await workspaceOf(db, other.userId)).toMatchObject([{ balance: 100_000 }]);
});

test('a browser that did not sign up must know the password; the one that did needs one click', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await signUp(accounts);
  await accounts.runChores(user.userId);
  const url = linkTo(accounts, user.email, 'verify');
  const verified = async (): Promise<boolean> =>
    (await db.owner.pool.query('select email_verified from auth."user" where id = $1', [user.userId])).rows[0]
      .email_verified;
  const open = (cookie: string) =>
    accounts.app.inject({ url, headers: { host, accept: 'text/html', cookie, 'accept-language': 'ko' } });
  const stranger = await open((await signUp(accounts)).cookie);
  expect([stranger.statusCode, stranger.body.includes('<form'), await verified()]).toEqual([200, true, false]);
  const post = (password: string) =>
    accounts.app.inject({
      method: 'POST',
      url: '/api/auth/verify-email',
      headers: { host, 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({
        token: new URLSearchParams(url.split('?')[1]).get('token')!,
        password,
      }).toString(),
    });
  const guess = await post('something of the victim');
  expect([guess.statusCode, await verified()]).toEqual([401, false]);
  expect([(await post(testPassword)).statusCode, await verified()]).toEqual([200, true]);

  const own = await signUp(accounts);
  await accounts.runChores(own.userId);
  const page = await accounts.app.inject({
    url: linkTo(accounts, own.email, 'verify'),
    headers: { host, accept: 'text/html', cookie: own.cookie },
  });
  expect([page.statusCode, page.body.includes('<form')]).toEqual([200, false]);
  expect(await workspaceOf(db, own.userId)).toMatchObject([{ balance: 100_000 }]);
});

test('the owner of a mailbox takes over an account somebody else made with it: the reset proves the address, the first password is void', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const user = await signUp(accounts, anEmail(), 'password of the attacker');
  await db.owner.pool.query(
    "insert into auth.account (id, account_id, provider_id, user_id, updated_at) values ('linked-' || $1, $1, 'discord', $1, now())",
    [user.userId],
  );
  await accounts.runChores(user.userId);
  const ask = await accounts.app.inject({
    method: 'POST',
    url: '/api/auth/request-password-reset',
    headers: { host },
    payload: { email: user.email },
  });
  const unknown = await accounts.app.inject({
    method: 'POST',
    url: '/api/auth/request-password-reset',
    headers: { host },
    payload: { email: anEmail() },
  });
  expect([ask.statusCode, ask.body]).toEqual([unknown.statusCode, unknown.body]);
  expect(await accounts.runChores(user.userId)).toEqual(['send_reset_mail']);
  const url = linkTo(accounts, user.email, 'reset-password');
  expect((await accounts.app.inject({ url, headers: { host } })).body).toContain('<form');
  const token = new URL(url, testOrigin).searchParams.get('token')!;
  const form = (password: string) =>
    accounts.app.inject({
      method: 'POST',
      url: '/api/auth/reset-password/form',
      headers: { host, 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ token, password }).toString(),
    });
  expect((await form('short')).statusCode).toBe(400);
  expect((await form('password of the owner')).statusCode).toBe(200);
  expect((await form('password of a replay')).statusCode).toBe(400);
  await expect(signIn(accounts, user.email, 'password of the attacker')).rejects.toThrow(/401/);
  expect(await signIn(accounts, user.email, 'password of the owner')).toContain('session_token');
  const { rows } = await db.owner.pool.query('select provider_id from auth.account where user_id = $1', [user.userId]);
  expect(rows).toEqual([{ provider_id: 'credential' }]);
  expect(await workspaceOf(db, user.userId)).toMatchObject([{ balance: 100_000 }]);
});

test('links that are forged, expired, of another purpose or of an account made again verify nothing', async ({
  db,
}) => {
  let nowMs = Date.now();
  const accounts = await testAccounts(db, { nowMs: () => nowMs });
  const user = await signUp(accounts);
  await accounts.runChores(user.userId);
  const url = linkTo(accounts, user.email, 'verify');
  const get = async (address: string) => (await accounts.app.inject({ url: address, headers: { host } })).statusCode;
  expect(await get(`${url}x`)).toBe(400);
  expect(await get('/api/auth/verify-email')).toBe(400);
  expect(await get('/api/auth/verify-email?token=a&token=b')).toBe(400);
  const verified = await aVerifiedUser(accounts);
  const { access } = await tokensOf(accounts, verified.email);
  expect(await get(`/api/auth/verify-email?token=${access}`)).toBe(400);
  nowMs += 3_601_000;
  expect(await get(url)).toBe(400);
  nowMs -= 3_601_000;
  await db.owner.pool.query('delete from auth."user" where id = $1', [user.userId]);
  await signUp(accounts, user.email);
  expect(await get(url)).toBe(400);
});

test('a taken address answers like a new one and tells the owner by mail', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  await accounts.runChores(user.userId);
  const again = await signUp(accounts, user.email, 'another password');
  expect(again.userId).not.toBe(user.userId);
  expect(again.cookie).toContain('pingvas.sign_up=');
  expect(await accounts.runChores(user.userId)).toEqual(['send_address_taken_mail']);
  await expect(signIn(accounts, user.email, 'another password')).rejects.toThrow(/401/);
});

test('only listed routes of Better Auth exist, and no answer holds a session token', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  const cookie = await signIn(accounts, user.email);
  const raw = decodeURIComponent(cookie.split('=')[1]!).split('.')[0]!;
  for (const [method, path] of [
    ['GET', 'token'],
    ['GET', 'list-sessions'],
    ['POST', 'get-access-token'],
    ['POST', 'update-session'],
    ['POST', 'delete-user'],
    ['GET', 'ok'],
  ] as const) {
    const answer = await accounts.app.inject({
      method,
      url: `/api/auth/${path}`,
      headers: { host, cookie, origin: testOrigin },
    });
    expect([path, answer.statusCode]).toEqual([path, 404]);
  }
  const session = await accounts.app.inject({ url: '/api/auth/get-session', headers: { host, cookie } });
  expect(session.json()).toMatchObject({ user: { email: user.email }, session: { userId: user.userId } });
  expect(session.body).not.toContain(raw);
  expect(session.json().user).not.toHaveProperty('epoch');
  const changed = await accounts.app.inject({
    method: 'POST',
    url: '/api/auth/change-password',
    headers: { host, cookie, origin: testOrigin },
    payload: { currentPassword: testPassword, newPassword: 'an even better password' },
  });
  expect(changed.statusCode).toBe(200);
  expect(changed.body).not.toContain('"token"');
  expect((await accounts.app.inject({ url: '/api/auth/get-session', headers: { host, cookie } })).body).toBe('null');
  const fresh = cookiesOf(changed.headers['set-cookie']);
  const out = await accounts.app.inject({
    method: 'POST',
    url: '/api/auth/sign-out',
    headers: { host, cookie: fresh, origin: testOrigin },
  });
  expect(out.statusCode).toBe(200);
  expect((await accounts.app.inject({ url: '/api/v1/me', headers: { host, cookie: fresh } })).statusCode).toBe(401);
});

test('what Better Auth would store or fall over is refused at the door', async ({ db }) => {
  const accounts = await testAccounts(db);
  const post = async (payload: object, headers: Record<string, string> = {}) =>
    (
      await accounts.app.inject({
        method: 'POST',
        url: '/api/auth/sign-up/email',
        headers: { host, ...headers },
        payload: { email: anEmail(), password: testPassword, name: 'x', ...payload },
      })
    ).statusCode;
  expect(await post({ name: 'a\0b' })).toBe(400);
  expect(await post({ name: 'x'.repeat(101) })).toBe(400);
  expect(await post({ name: '\ud800' })).toBe(400);
  expect(await post({ image: 'javascript:alert(1)' })).toBe(400);
  expect(await post({ email: 'a\0@example.com' })).toBe(400);
  expect(await post({ password: 'short' })).toBe(400);
  expect(await post({ callbackURL: 'https://evil.example' })).toBe(403);
  expect(await post({}, { origin: 'https://evil.example', cookie: 'a=b' })).toBe(403);
  expect(await post({ emailVerified: true, disabledAt: null, epoch: 7, role: 'admin' })).toBeLessThan(500);
  const { rows } = await db.owner.pool.query('select count(*)::int as n from auth."user" where epoch = 7');
  expect(rows[0].n).toBe(0);
});

test('over https the cookies are __Host- cookies: secure, for this host alone', async ({ db }) => {
  const publicUrl = 'https://app.pingvas.example';
  const accounts = await testAccounts(db, { publicUrl });
  const user = await createUser(
    { ...accounts.deps, admin: db.admin },
    { email: anEmail(), password: testPassword, verified: true },
  );
  const headers = { host: 'app.pingvas.example', origin: publicUrl };
  const signedIn = await accounts.app.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    headers,
    payload: { email: user.email, password: testPassword },
  });
  const signedUp = await accounts.app.inject({
    method: 'POST',
    url: '/api/auth/sign-up/email',
    headers,
    payload: { email: anEmail(), password: testPassword },
  });
  const cookies = [signedIn, signedUp].flatMap((answer) => [answer.headers['set-cookie'] ?? []].flat());
  expect(cookies).toHaveLength(2);
  for (const cookie of cookies) {
    expect(cookie).toMatch(/^__Host-pingvas\.\w+=/);
    expect(cookie).toMatch(/; Path=\/(;|$)/);
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; Secure/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    expect(cookie).not.toMatch(/Domain/i);
  }
  const me = await accounts.app.inject({
    url: '/api/v1/me',
    headers: { ...headers, cookie: cookiesOf(signedIn.headers['set-cookie']) },
  });
  expect(me.statusCode).toBe(200);
  const plain = await accounts.app.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    headers: { ...headers, origin: 'http://app.pingvas.example', cookie: 'a=b' },
    payload: { email: user.email, password: testPassword },
  });
  expect(plain.statusCode).toBe(403);
});
