import { randomBytes } from 'node:crypto';
import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api';
import { deleteSessionCookie } from 'better-auth/cookies';
import { sql } from 'kysely';
import type { Database } from '#platform/db/database.ts';
import { codeLockSeconds, type CodeAttempts } from './code-attempts.ts';

type Context = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];
type Needs = { authDb: Database; publicUrl: string; codeAttempts: CodeAttempts };

const challengeSeconds = 600;
const takesCode = ({ path }: { path?: string }): boolean =>
  path === '/two-factor/verify-totp' || path === '/two-factor/verify-backup-code';
/** Ways to sign in where the stock plugin does not ask for the second factor. */
const isProviderSignIn = ({ path }: { path?: string }): boolean =>
  path === '/sign-in/social' || (path?.startsWith('/callback/') ?? false);

/**
 * What the stock second factor lacks: a code is burned before it is checked, wrong ones are counted in order however many come at once, providers do not
 * walk past it, no device is trusted without it, and new recovery codes end the other sign-ins.
 */
export function secondFactorGuards(deps: Needs): BetterAuthPlugin {
  return {
    id: 'pingvas-second-factor-guards',
    hooks: {
      before: [{ matcher: takesCode, handler: createAuthMiddleware((ctx) => burnCode(deps, ctx)) }],
      after: [
        { matcher: takesCode, handler: createAuthMiddleware((ctx) => settleCode(deps, ctx)) },
        { matcher: isProviderSignIn, handler: createAuthMiddleware((ctx) => challenge(deps, ctx)) },
        {
          matcher: ({ path }) => path === '/two-factor/generate-backup-codes',
          handler: createAuthMiddleware((ctx) => endOtherSignIns(deps, ctx)),
        },
      ],
    },
  };
}

async function burnCode({ codeAttempts }: Needs, ctx: Context): Promise<void> {
  const { code, trustDevice } = (ctx.body ?? {}) as { code?: unknown; trustDevice?: unknown };
  if (trustDevice !== undefined && trustDevice !== false)
    throw new APIError('BAD_REQUEST', { code: 'NOT_SUPPORTED', message: 'Every sign-in asks for the second factor.' });
  const userId = await personOf(ctx);
  // The route itself answers a body that is none and a challenge that is over.
  if (typeof code !== 'string' || userId === undefined) return;
  const attempt = await codeAttempts.reserve(userId, code);
  if (attempt === 'locked') {
    throw new APIError(
      'TOO_MANY_REQUESTS',
      { code: 'ACCOUNT_TEMPORARILY_LOCKED', message: 'Too many wrong codes. Try again later.' },
      { 'retry-after': String(codeLockSeconds) },
    );
  }
  if (attempt === 'used') throw new APIError('UNAUTHORIZED', { code: 'INVALID_CODE', message: 'Invalid code' });
}

async function settleCode({ codeAttempts }: Needs, ctx: Context): Promise<void> {
  const { code } = (ctx.body ?? {}) as { code?: unknown };
  const { returned } = ctx.context;
  if (typeof code !== 'string') return;
  if (returned instanceof APIError) {
    // Two recovery codes at once: the stock route gave up on the slower one without looking at it.
    const userId = returned.status === 'CONFLICT' ? await personOf(ctx) : undefined;
    if (userId !== undefined) await codeAttempts.giveBack(userId, code);
    return;
  }
  const userId = (returned as { user?: { id?: string } } | undefined)?.user?.id;
  if (userId !== undefined) await codeAttempts.markRight(userId, code);
}

/** The person a code is entered for: as the stock routes find out, by the session, else by the signed cookie of the half sign-in. */
async function personOf(ctx: Context): Promise<string | undefined> {
  const session = await getSessionFromCtx(ctx);
  if (session) return session.user.id;
  const { context } = ctx;
  const identifier = await ctx.getSignedCookie(context.createAuthCookie('two_factor').name, context.secret);
  if (!identifier) return undefined;
  return (await context.internalAdapter.findVerificationValue(identifier))?.value;
}

/** Takes the session of a provider's sign-in back and leaves the half sign-in that a password leaves, for the stock routes to finish. */
async function challenge({ publicUrl }: Needs, ctx: Context): Promise<void> {
  const { newSession, internalAdapter, secret } = ctx.context;
  if (!(newSession?.user as { twoFactorEnabled?: boolean | null } | undefined)?.twoFactorEnabled || !newSession) return;
  deleteSessionCookie(ctx, true);
  await internalAdapter.deleteSession(newSession.session.token);
  ctx.context.setNewSession(null);
  const identifier = `2fa-${randomBytes(20).toString('base64url')}`;
  const expiresAt = new Date(Date.now() + challengeSeconds * 1_000);
  await internalAdapter.createVerificationValue({ identifier, value: newSession.user.id, expiresAt });
  await internalAdapter.createVerificationValue({ identifier: `2fa-attempts-${identifier}`, value: '0', expiresAt });
  const cookie = ctx.context.createAuthCookie('two_factor', { maxAge: challengeSeconds });
  await ctx.setSignedCookie(cookie.name, identifier, secret, cookie.attributes);
  throw ctx.redirect(`${publicUrl}/two-factor`);
}

async function endOtherSignIns({ authDb }: Needs, ctx: Context): Promise<void> {
  const session = await getSessionFromCtx(ctx);
  if (!session || ctx.context.returned instanceof APIError) return;
  await endSignIns(authDb, session.user.id, session.session.id);
}

/** Ends every sign-in of a person but one cookie session, in one statement: cookies, refresh families, access tokens. */
async function endSignIns(authDb: Database, userId: string, keptSessionId: string | null): Promise<void> {
  await authDb.kysely
    .with('sessions', (query) =>
      query.deleteFrom('auth.session').where('user_id', '=', userId).where('id', 'is distinct from', keptSessionId),
    )
    .with('families', (query) =>
      query
        .updateTable('auth.refresh_family')
        .set({ ended_at: sql<Date>`clock_timestamp()`, end_reason: 'second_factor_changed' })
        .where('user_id', '=', userId)
        .where('ended_at', 'is', null),
    )
    .updateTable('auth.user')
    .set((row) => ({ epoch: sql<number>`${row.ref('epoch')} + 1` }))
    .where('id', '=', userId)
    .execute();
}
