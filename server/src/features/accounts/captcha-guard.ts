import { createHash } from 'node:crypto';
import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import type { Captcha } from '#adapters/captcha/port.ts';
import type { Database } from '#platform/db/database.ts';

/** The header with the answer to a challenge. */
const captchaHeader = 'x-captcha-response';

type Needs = { authDb: Database; captcha: Captcha; clientIpHeader: string };

/** Asks who signs up for the answer to a challenge; an answer opens one door, also when many knock at once. */
export function captchaGuard({ authDb, captcha, clientIpHeader }: Needs): BetterAuthPlugin {
  return {
    id: 'pingvas-captcha',
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === '/sign-up/email' && captcha.kind !== 'none',
          handler: createAuthMiddleware(async (ctx) => {
            const answer = ctx.headers?.get(captchaHeader) ?? '';
            if (answer === '')
              throw new APIError('BAD_REQUEST', { code: 'CAPTCHA_REQUIRED', message: `Send ${captchaHeader}.` });
            const passed = await captcha
              .check(answer, ctx.headers?.get(clientIpHeader) ?? '')
              .catch((error: unknown) => {
                ctx.context.logger.error(`captcha: ${error instanceof Error ? error.message : 'failed'}`);
                throw new APIError('SERVICE_UNAVAILABLE', {
                  code: 'CAPTCHA_UNAVAILABLE',
                  message: 'Try again in a moment.',
                });
              });
            if (!passed || !(await spend(authDb, passed)))
              throw new APIError('BAD_REQUEST', { code: 'CAPTCHA_WRONG', message: 'Solve a new challenge.' });
          }),
        },
      ],
    },
  };
}

/** Remembers the challenge until it would have expired. Returns false when it was spent before. */
async function spend(authDb: Database, { challenge, expiresAt }: { challenge: string; expiresAt: Date }) {
  const { numInsertedOrUpdatedRows } = await authDb.kysely
    .insertInto('auth.used_captcha')
    .values({ challenge: createHash('sha256').update(challenge).digest(), expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}
