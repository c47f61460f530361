import { randomBytes, randomUUID } from 'node:crypto';
import type { Plan } from '@pingvas/domain';
import pino from 'pino';
import { makeApiKey } from '#features/accounts/api-key-secret.ts';
import { sessionCookieName } from '#features/accounts/auth.ts';
import { createAccounts } from '#features/accounts/index.ts';
import { signCookie } from '#features/accounts/session-cookie.ts';
import { newId } from '#platform/new-id.ts';
import type { TestDatabase } from '#test/database.ts';

// Who calls in tests and benchmarks. Nothing here needs a test runner.

export const testPublicUrl = 'http://localhost:8000';
export const testSecret = 'test-secret-test-secret-test-secret';
const silent = pino({ level: 'silent' });

/** Somebody who can call: headers to send, and what they stand for. */
export type Caller = {
  headers: Record<string, string>;
  userId: string;
  workspaceId: string;
  email: string;
  plan: Plan;
};

export type PersonOptions = {
  plan?: Plan;
  /** Milli-credits of a purchase that never expires. */
  credits?: number;
  verified?: boolean;
};

/** A person with a personal workspace, not signed in. */
export async function aPerson(
  db: TestDatabase,
  { plan = 'pro', credits = 1_000_000, verified = true }: PersonOptions = {},
): Promise<Caller> {
  const userId = newId();
  const email = `${randomUUID()}@example.test`;
  await db.owner.pool.query(
    `insert into auth."user" (id, name, email, email_verified, locale) values ($1, 'Test', $2, $3, 'en')`,
    [userId, email, verified],
  );
  const { rows } = await db.owner.pool.query<{ workspace_id: string }>(
    "update public.workspace set plan = $2 where owner_user_id = $1 and kind = 'personal' returning workspace_id",
    [userId, plan],
  );
  const workspaceId = rows[0]!.workspace_id;
  if (credits > 0) {
    await db.owner.pool.query("select public.ledger_grant($1, 'purchase', $2, $3, 'test', now(), null, null, now())", [
      workspaceId,
      credits,
      `test:${workspaceId}`,
    ]);
  }
  return { headers: {}, userId, workspaceId, email, plan };
}

export type KeyOptions = PersonOptions & { scopes?: string[]; budget?: number | null; of?: Caller };

/** A person calling with an API key. */
export async function aKeyCaller(
  db: TestDatabase,
  { scopes = ['read', 'generate'], budget = null, of, ...person }: KeyOptions = {},
): Promise<Caller & { keyId: string; secret: string }> {
  const owner = of ?? (await aPerson(db, person));
  const { secret, hash, prefix } = makeApiKey();
  const keyId = newId();
  await db.owner.pool.query(
    `insert into public.api_key (key_id, workspace_id, created_by, name, hash, prefix, scopes, monthly_credit_budget)
     values ($1, $2, $3, 'test', $4, $5, $6, $7)`,
    [keyId, owner.workspaceId, owner.userId, hash, prefix, scopes, budget],
  );
  return { ...owner, headers: { authorization: `Bearer ${secret}` }, keyId, secret };
}

/** A person calling with the session cookie, from a page of ours. */
export async function aSessionCaller(
  db: TestDatabase,
  { of, ...person }: PersonOptions & { of?: Caller } = {},
): Promise<Caller & { sessionToken: string }> {
  const owner = of ?? (await aPerson(db, person));
  const sessionToken = randomBytes(24).toString('base64url');
  await db.owner.pool.query(
    `insert into auth.session (id, token, user_id, expires_at, updated_at) values ($1, $2, $3, now() + interval '1 day', now())`,
    [newId(), sessionToken, owner.userId],
  );
  const cookie = `${sessionCookieName(testPublicUrl)}=${encodeURIComponent(signCookie(sessionToken, testSecret))}`;
  return { ...owner, headers: { cookie, origin: testPublicUrl }, sessionToken };
}

/** A person calling with an access token. */
export async function aJwtCaller(
  db: TestDatabase,
  { of, ...person }: PersonOptions & { of?: Caller } = {},
): Promise<Caller & { familyId: string }> {
  const owner = of ?? (await aPerson(db, person));
  const familyId = newId();
  await db.owner.pool.query(
    `insert into auth.refresh_family (family_id, user_id, expires_at) values ($1, $2, now() + interval '1 day')`,
    [familyId, owner.userId],
  );
  const { accessTokens } = createAccounts({
    db: db.app,
    authDb: db.auth,
    publicUrl: testPublicUrl,
    secret: testSecret,
    log: silent,
  });
  const token = await accessTokens.sign({ userId: owner.userId, familyId, epoch: 0 });
  return { ...owner, headers: { authorization: `Bearer ${token}` }, familyId };
}
