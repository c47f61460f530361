import { randomUUID } from 'node:crypto';
import { type Logger, pino } from 'pino';
import { createFakeMail } from '#adapters/mail/fake.ts';
import {
  accountsChores,
  accountsRoutes,
  type AccountsDeps,
  type AccountsOptions,
  createAccounts,
  resolveActor,
} from '#features/accounts/index.ts';
import { createPasswords } from '#features/accounts/password.ts';
import { createHttpApp } from '#platform/http/app.ts';
import type { HttpApp } from '#platform/http/route.ts';
import { createMemoryLimiter } from '#platform/limits.ts';
import type { TestDatabase } from './database.ts';

export const testOrigin = 'http://localhost:8000';
export const testPassword = 'correct horse battery';

export type TestAccounts = {
  deps: AccountsDeps;
  app: HttpApp;
  mail: ReturnType<typeof createFakeMail>;
  /** Hands a person's outbox rows to their chores, as the jobs process does. Returns the tasks that ran. */
  runChores: (userId: string) => Promise<string[]>;
};

/** Accounts over the test database with their routes and a mailbox in memory. `nowMs` moves the clock of tokens and caches, not the database's. */
export async function testAccounts(
  db: TestDatabase,
  {
    nowMs = () => Date.now(),
    publicUrl = testOrigin,
    log = pino({ level: 'silent' }),
    ...options
  }: { nowMs?: () => number; publicUrl?: string; log?: Logger } & Pick<
    AccountsOptions,
    'social' | 'captcha' | 'limiter'
  > = {},
): Promise<TestAccounts> {
  const plenty = { calls: 1_000_000, windowS: 60 };
  const deps = createAccounts({
    db: db.app,
    authDb: db.auth,
    publicUrl,
    secret: 'a secret of tests, at least 32 characters long',
    log,
    clock: { nowMs },
    limiter: createMemoryLimiter({ failed_sign_ins: plenty }),
    ...options,
  });
  const mail = createFakeMail();
  const app = await createHttpApp({
    config: { publicUrl, production: false, trustProxy: false },
    version: 'test',
    log,
    limiter: createMemoryLimiter({ read: plenty, sign_in: plenty }),
    resolveActor: (call) => resolveActor(deps, call),
    checkHealth: () => Promise.reject(new Error('not asked')),
    routes: [accountsRoutes(deps)],
  });
  const chores = accountsChores({ ...deps, mail });
  return {
    deps,
    app,
    mail,
    runChores: async (userId) => {
      const { rows } = await db.owner.pool.query<{ task: string; payload: unknown }>(
        "delete from public.outbox where payload->>'user_id' = $1 returning task, payload",
        [userId],
      );
      for (const { task, payload } of rows) await chores[task]?.(payload);
      return rows.map(({ task }) => task);
    },
  };
}

/** Lets a person of the test database prove themselves by `testPassword`. */
export async function givePassword(db: TestDatabase, userId: string): Promise<void> {
  await db.owner.pool.query(
    `insert into auth.account (id, account_id, provider_id, user_id, password, updated_at) values ($1, $1, 'credential', $1, $2, now())`,
    [userId, await createPasswords().hash(testPassword)],
  );
}

export const anEmail = (): string => `${randomUUID()}@example.com`;

export type SignedUp = { userId: string; email: string; cookie: string };

/** Signs up over HTTP. The cookie is the one that remembers this browser. */
export async function signUp(
  accounts: TestAccounts,
  email: string = anEmail(),
  password = testPassword,
): Promise<SignedUp> {
  const answer = await accounts.app.inject({
    method: 'POST',
    url: '/api/auth/sign-up/email',
    headers: { host: 'localhost:8000' },
    payload: { email, password, name: '김하나' },
  });
  if (answer.statusCode !== 200) throw new Error(`sign-up: ${answer.statusCode} ${answer.body}`);
  return { userId: answer.json().user.id, email, cookie: cookiesOf(answer.headers['set-cookie']) };
}

/** The path of the link in the newest mail to an address. */
export function linkTo(accounts: TestAccounts, email: string, part: string): string {
  const mail = accounts.mail.messages().findLast(({ to, text }) => to === email && text.includes(part));
  const link = mail?.text.match(/https?:\/\/\S+/)?.[0];
  if (!link) throw new Error(`no mail with ${part} to ${email}`);
  const { pathname, search } = new URL(link);
  return pathname + search;
}

/** A person with a verified address, as an API-only user becomes one. */
export async function aVerifiedUser(accounts: TestAccounts, email: string = anEmail()): Promise<SignedUp> {
  const user = await signUp(accounts, email);
  await accounts.runChores(user.userId);
  const answer = await accounts.app.inject({
    url: linkTo(accounts, email, 'verify'),
    headers: { host: 'localhost:8000' },
  });
  if (answer.statusCode !== 200) throw new Error(`verify: ${answer.statusCode} ${answer.body}`);
  return user;
}

export type Tokens = { access: string; refresh: string };

/** The answer to a password grant. */
export async function tokensOf(accounts: TestAccounts, email: string, password = testPassword): Promise<Tokens> {
  const answer = await postToken(accounts, { grant_type: 'password', email, password });
  if (answer.statusCode !== 200) throw new Error(`token: ${answer.statusCode} ${answer.body}`);
  return { access: answer.json().access_token, refresh: answer.json().refresh_token };
}

export const postToken = (accounts: TestAccounts, payload: object) =>
  accounts.app.inject({ method: 'POST', url: '/api/v1/auth/token', headers: { host: 'localhost:8000' }, payload });

/** Signs in with a cookie session; returns the `Cookie` header. */
export async function signIn(accounts: TestAccounts, email: string, password = testPassword): Promise<string> {
  const answer = await accounts.app.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    headers: { host: 'localhost:8000', origin: testOrigin },
    payload: { email, password },
  });
  if (answer.statusCode !== 200) throw new Error(`sign-in: ${answer.statusCode} ${answer.body}`);
  return cookiesOf(answer.headers['set-cookie']);
}

export const cookiesOf = (header: string | string[] | undefined): string =>
  [header ?? []]
    .flat()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
