import { APIError, createAuthMiddleware } from 'better-auth/api';
import type { BetterAuthPlugin } from 'better-auth';
import { isName, nameMax } from './person-name.ts';

/**
 * What the stock routes let through and we do not: names with controls (a NUL ends in a database error) or of any length, addresses of pictures that are
 * scripts, and a changed password that leaves the other devices signed in unless the client asks for it.
 */
export function guards(): BetterAuthPlugin {
  return {
    id: 'pingvas-guards',
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === '/sign-up/email' || path === '/update-user',
          handler: createAuthMiddleware(async (ctx) => {
            const body = (ctx.body ?? {}) as { name?: unknown; image?: unknown; email?: unknown };
            // The API's contract asks for an address and a password only.
            if (ctx.path === '/sign-up/email' && body.name === undefined && typeof body.email === 'string')
              body.name = body.email.split('@')[0]?.slice(0, nameMax);
            const { name, image } = body;
            if (name !== undefined && !isName(name)) {
              throw new APIError('BAD_REQUEST', {
                code: 'INVALID_NAME',
                message: `A name has 1 to ${nameMax} characters and no control characters.`,
              });
            }
            if (image !== undefined && image !== null && !isPicture(image)) {
              throw new APIError('BAD_REQUEST', { code: 'INVALID_IMAGE', message: 'A picture is an https address.' });
            }
            return Promise.resolve({ context: { body } });
          }),
        },
        {
          matcher: ({ path }) => path === '/change-password',
          handler: createAuthMiddleware(async (ctx) =>
            Promise.resolve({ context: { body: { ...(ctx.body as object), revokeOtherSessions: true } } }),
          ),
        },
      ],
    },
  };
}

function isPicture(image: unknown): boolean {
  return (
    typeof image === 'string' && image.length <= 2_000 && URL.canParse(image) && new URL(image).protocol === 'https:'
  );
}
