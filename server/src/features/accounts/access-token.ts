import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, errors, type JWK, type JSONWebKeySet, jwtVerify } from 'jose';
import { sql } from 'kysely';
import { AppError } from '#platform/errors.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/db/database.ts';
import { accessTokenSeconds, type Auth } from './auth.ts';

/** What an access token says: a person, the sign-in (refresh family) it came from, and the epoch of that person at the time. */
export type AccessClaims = { userId: string; familyId: string; epoch: number };

export type AccessTokens = {
  /** Signs a token (EdDSA, `kid` of the published key set). Makes the first key when there is none. */
  sign: (claims: AccessClaims) => Promise<string>;
  /** Checks signature, algorithm, issuer, audience and expiry. Throws `unauthenticated`. */
  verify: (token: string) => Promise<AccessClaims>;
  /** Makes the signing key unless there is one. */
  ensureKey: () => Promise<void>;
};

type Needs = { auth: Auth; authDb: Database; publicUrl: string; clock: Clock };

// A token with a key we do not know may be signed by a newer one: look again, but not for every forgery.
const reloadEveryMs = 1_000;

/** Signs with the key set of Better Auth's jwt plugin; verifies with `jose` and a copy of the public keys, without a query per request. */
export function createAccessTokens({ auth, authDb, publicUrl, clock }: Needs): AccessTokens {
  let keys: { set: ReturnType<typeof createLocalJWKSet>; loadedAtMs: number } | undefined;
  let keyReady: Promise<void> | undefined;

  async function loadKeys(): Promise<NonNullable<typeof keys>> {
    const rows = await authDb.kysely.selectFrom('auth.jwks').select(['id', 'public_key', 'alg']).execute();
    const set: JSONWebKeySet = {
      keys: rows.map((row) => ({ ...(JSON.parse(row.public_key) as JWK), kid: row.id, alg: row.alg ?? 'EdDSA' })),
    };
    keys = { set: createLocalJWKSet(set), loadedAtMs: clock.nowMs() };
    return keys;
  }

  return {
    ensureKey: () =>
      (keyReady ??= ensureSigningKey({ auth, authDb }).catch((error: unknown) => {
        keyReady = undefined;
        throw error;
      })),
    async sign({ userId, familyId, epoch }) {
      await this.ensureKey();
      const iat = Math.floor(clock.nowMs() / 1000);
      const { token } = await auth.api.signJWT({
        body: { payload: { sub: userId, sid: familyId, epoch, iat, exp: iat + accessTokenSeconds, jti: randomUUID() } },
      });
      return token;
    },
    async verify(token) {
      const check = (set: ReturnType<typeof createLocalJWKSet>) =>
        jwtVerify(token, set, {
          algorithms: ['EdDSA'],
          issuer: publicUrl,
          audience: publicUrl,
          currentDate: new Date(clock.nowMs()),
          requiredClaims: ['sub', 'sid', 'epoch', 'exp', 'jti'],
        });
      try {
        const known = keys ?? (await loadKeys());
        const { payload } = await check(known.set).catch(async (error: unknown) => {
          if (!(error instanceof errors.JWKSNoMatchingKey) || clock.nowMs() - known.loadedAtMs < reloadEveryMs)
            throw error;
          return check((await loadKeys()).set);
        });
        const { sub, sid, epoch } = payload;
        if (typeof sub !== 'string' || typeof sid !== 'string' || typeof epoch !== 'number')
          throw new AppError('unauthenticated');
        return { userId: sub, familyId: sid, epoch };
      } catch (error) {
        if (error instanceof errors.JOSEError) throw new AppError('unauthenticated', { cause: error });
        throw error;
      }
    },
  };
}

const keyLock = 7_031_001;

/**
 * Makes the first signing key under a lock of the database: processes that start together would otherwise make one each.
 * Better Auth writes it through its own connection; the lock is held until that has committed.
 */
async function ensureSigningKey({ auth, authDb }: Pick<Needs, 'auth' | 'authDb'>): Promise<void> {
  const found = await authDb.kysely.selectFrom('auth.jwks').select('id').limit(1).executeTakeFirst();
  if (found) return;
  await authDb.kysely.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${keyLock})`.execute(tx);
    const made = await tx.selectFrom('auth.jwks').select('id').limit(1).executeTakeFirst();
    if (!made) await auth.api.signJWT({ body: { payload: { sub: 'first key' } } });
  });
}
