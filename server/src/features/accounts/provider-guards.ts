import type { BetterAuthOptions, BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';

/**
 * An address that the provider itself has not verified makes no account and is linked to none: whoever typed it there would share the account with the
 * owner of the mailbox.
 */
export const refuseUnverified: NonNullable<NonNullable<BetterAuthOptions['user']>['validateUserInfo']> = ({
  user,
  source,
}) =>
  source.method === 'oauth' && source.action !== 'sign-in' && user.emailVerified !== true
    ? { error: 'email_not_verified_by_provider' }
    : undefined;

/** We ask a provider who somebody is, once; its tokens are of no use to us and are not kept. */
export const withoutProviderTokens = async <Account extends object>(account: Account) =>
  Promise.resolve({ data: { ...account, accessToken: null, refreshToken: null, idToken: null } });

/** An id token in a body can be replayed by whoever has seen it; the round trip by state, nonce and PKCE cannot. */
export function providerGuards(): BetterAuthPlugin {
  return {
    id: 'pingvas-provider-guards',
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === '/sign-in/social' || path === '/link-social',
          handler: createAuthMiddleware(async (ctx) => {
            if ((ctx.body as { idToken?: unknown } | undefined)?.idToken !== undefined)
              throw new APIError('BAD_REQUEST', { code: 'NOT_SUPPORTED', message: 'Sign in at the provider itself.' });
            return Promise.resolve();
          }),
        },
      ],
    },
  };
}
