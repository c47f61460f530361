import { createHmac } from 'node:crypto';
import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { AppError } from '#platform/errors.ts';
import type { Limiter } from '#platform/limits.ts';
import { deriveKey } from './derive-key.ts';

export type SignInFailures = {
  /** Counts a try before the password is looked at. Throws `rate_limited` after ten that failed within a quarter of an hour. */
  count: (email: string) => Promise<void>;
  /** The password was right: the try was none. */
  forget: (email: string) => Promise<void>;
};

/**
 * Failed sign-ins by address, whether anybody has it or not, over all ways to sign in: guesses from many machines are still guesses at one account.
 * Addresses are counted by an HMAC; the counters may stand in another store.
 */
export function createSignInFailures(limiter: Limiter, secret: string): SignInFailures {
  const key = deriveKey(secret, 'sign-in-failures');
  const whoOf = (email: string): string =>
    createHmac('sha256', key).update(email.trim().toLowerCase()).digest('base64url');
  return {
    async count(email) {
      const { allowed, resetS } = await limiter.take('failed_sign_ins', whoOf(email));
      if (allowed) return;
      throw new AppError('rate_limited', {
        facts: { retry_after: resetS },
        headers: { 'retry-after': String(resetS) },
      });
    },
    forget: (email) => limiter.giveBack('failed_sign_ins', whoOf(email)),
  };
}

const lockedOut = 'TOO_MANY_FAILURES';

/** The same count for the sign-in by cookie. */
export function signInFailureGuards(failures: SignInFailures): BetterAuthPlugin {
  const matcher = ({ path }: { path?: string }): boolean => path === '/sign-in/email';
  const emailOf = (body: unknown): string | undefined => {
    const { email } = (body ?? {}) as { email?: unknown };
    return typeof email === 'string' ? email : undefined;
  };
  return {
    id: 'pingvas-sign-in-failures',
    hooks: {
      before: [
        {
          matcher,
          handler: createAuthMiddleware(async (ctx) => {
            const email = emailOf(ctx.body);
            if (email === undefined) return;
            try {
              await failures.count(email);
            } catch (error) {
              if (!(error instanceof AppError)) throw error;
              throw new APIError(
                'TOO_MANY_REQUESTS',
                { code: lockedOut, message: 'Too many failed sign-ins. Try again later, or reset the password.' },
                error.headers,
              );
            }
          }),
        },
      ],
      after: [
        {
          matcher,
          handler: createAuthMiddleware(async (ctx) => {
            const email = emailOf(ctx.body);
            const { returned } = ctx.context;
            const failed =
              returned instanceof APIError && (returned.status === 'UNAUTHORIZED' || returned.body?.code === lockedOut);
            if (email !== undefined && !failed) await failures.forget(email);
          }),
        },
      ],
    },
  };
}
