import { betterAuth } from 'better-auth';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import { jwt } from 'better-auth/plugins/jwt';
import { twoFactor } from 'better-auth/plugins/two-factor';
import { APIError } from 'better-auth/api';
import type { Logger } from 'pino';
import type { Captcha } from '#adapters/captcha/port.ts';
import type { Database } from '#platform/db/database.ts';
import { AppError } from '#platform/errors.ts';
import { isOurOrigin } from '#platform/http/hosts.ts';
import { chooseLanguage } from '#platform/http/language.ts';
import { guards } from './auth-guards.ts';
import { captchaGuard } from './captcha-guard.ts';
import type { CodeAttempts } from './code-attempts.ts';
import { passwordLength, type Passwords } from './password.ts';
import { providerGuards, refuseUnverified, withoutProviderTokens } from './provider-guards.ts';
import { secondFactorGuards } from './second-factor-guards.ts';
import { signInFailureGuards, type SignInFailures } from './sign-in-failures.ts';
import { socialProviders, type SocialSettings } from './social-providers.ts';

/** How long an access token lives; whether its session still stands is checked at every request. */
export const accessTokenSeconds = 900;

export type AuthOptions = {
  /** The pool of role `pingvas_auth`. */
  authDb: Database;
  publicUrl: string;
  secret: string;
  passwords: Passwords;
  codeAttempts: CodeAttempts;
  signInFailures: SignInFailures;
  social: SocialSettings;
  captcha: Captcha;
  newId: () => string;
  log: Logger;
  /** A person proved the mailbox by resetting the password of an account that was never verified. */
  onMailboxProven: (userId: string) => Promise<void>;
  /** Somebody signed up with an address that has an account. */
  onTakenAddress: (user: { id: string; emailVerified: boolean }) => Promise<void>;
};

const clientIpHeader = 'x-pingvas-client-ip';
const snake = { createdAt: 'created_at', updatedAt: 'updated_at' };

export const sessionCookieName = (publicUrl: string): string =>
  isHttps(publicUrl) ? '__Host-pingvas.session_token' : 'pingvas.session_token';
export const isHttps = (publicUrl: string): boolean => publicUrl.startsWith('https://');

/**
 * Better Auth on schema `auth`: sign-up, sign-in, reset, sessions and the key set. What it must never get: a cookie cache (revoked sessions would live on),
 * the bearer plugin (raw session tokens as bearers), trusted devices (they outlive a changed password), sign-in after verification (whoever clicks the link would be inside).
 * Its routes are reached only through the bridge's list.
 */
export function createAuth({ authDb, publicUrl, secret, passwords, codeAttempts, newId, log, ...rest }: AuthOptions) {
  const { signInFailures, social, captcha, ...on } = rest;
  const https = isHttps(publicUrl);
  return betterAuth({
    appName: 'PingvasAI',
    baseURL: publicUrl,
    basePath: '/api/auth',
    secret,
    trustedOrigins: (request) => originsOf(publicUrl, request?.headers.get('host') ?? undefined),
    database: { db: authDb.kysely, type: 'postgres', schemaName: 'auth', transaction: true },
    user: {
      validateUserInfo: refuseUnverified,
      fields: { emailVerified: 'email_verified', ...snake },
      additionalFields: {
        locale: { type: 'string', required: true, defaultValue: 'en', input: false },
        // Grows when every sign-in of a person must end; an access token of an older epoch is refused.
        epoch: { type: 'number', required: true, defaultValue: 0, input: false, returned: false },
        disabledAt: { type: 'date', required: false, input: false, returned: false, fieldName: 'disabled_at' },
      },
    },
    session: {
      fields: {
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        userId: 'user_id',
        ...snake,
      },
      expiresIn: 14 * 86_400,
      updateAge: 86_400,
      freshAge: 600,
      cookieCache: { enabled: false },
    },
    account: {
      fields: {
        accountId: 'account_id',
        providerId: 'provider_id',
        userId: 'user_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...snake,
      },
      encryptOAuthTokens: true,
      accountLinking: { enabled: true, trustedProviders: [] },
    },
    verification: { fields: { expiresAt: 'expires_at', ...snake }, storeIdentifier: 'hashed' },
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
      revokeSessionsOnPasswordReset: true,
      password: {
        hash: (password) => passwords.hash(password).catch(tooBusy),
        verify: (input) => passwords.verify(input).catch(tooBusy),
      },
      onPasswordReset: ({ user }) => on.onMailboxProven(user.id),
      onExistingUserSignUp: ({ user }) => on.onTakenAddress(user),
    },
    emailVerification: {
      // The mail is a chore of the transaction that made the account; sent from memory it would be lost with the process.
      sendOnSignUp: false,
      autoSignInAfterVerification: false,
    },
    // Limits by address are the HTTP server's, for these routes and all others alike.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'pingvas',
      // Said aloud, because Better Auth drops these checks by itself when it believes to be in a test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      // The prefix __Host- is stricter than the __Secure- that this switch would add.
      useSecureCookies: false,
      ...(https && {
        defaultCookieAttributes: { secure: true },
        cookies: {
          session_token: { name: sessionCookieName(publicUrl) },
          dont_remember: { name: '__Host-pingvas.dont_remember' },
          two_factor: { name: '__Host-pingvas.two_factor' },
          state: { name: '__Host-pingvas.state' },
        },
      }),
      ipAddress: { ipAddressHeaders: [clientIpHeader] },
      database: { generateId: () => newId() },
    },
    databaseHooks: {
      user: {
        create: {
          before: async (user, ctx) =>
            Promise.resolve({
              data: { ...user, locale: chooseLanguage(ctx?.headers?.get('accept-language') ?? undefined) },
            }),
        },
      },
      account: {
        create: { before: withoutProviderTokens },
        update: { before: withoutProviderTokens },
      },
      session: {
        create: {
          before: async (session, ctx) => {
            const user = await ctx?.context.internalAdapter.findUserById(session.userId);
            if ((user as { disabledAt?: Date | null } | null | undefined)?.disabledAt) {
              throw new APIError('FORBIDDEN', { code: 'ACCOUNT_DISABLED', message: 'This account is disabled.' });
            }
          },
        },
      },
    },
    // Where a provider's sign-in ends that came to nothing and named no page: `?error=` says why.
    onAPIError: { onError: () => undefined, errorURL: `${publicUrl}/sign-in` },
    // Its messages carry addresses and errors with whole rows; only the words without their values are kept.
    logger: {
      level: 'error',
      log: (_level, message) => log.warn({ component: 'better-auth' }, message.replace(/\S+@\S+/g, '[cut]')),
    },
    telemetry: { enabled: false },
    plugins: [
      jwt({
        schema: {
          jwks: {
            fields: {
              publicKey: 'public_key',
              privateKey: 'private_key',
              createdAt: 'created_at',
              expiresAt: 'expires_at',
            },
          },
        },
        jwks: { keyPairConfig: { alg: 'EdDSA', crv: 'Ed25519' }, gracePeriod: 86_400 },
        jwt: { issuer: publicUrl, audience: publicUrl, expirationTime: `${accessTokenSeconds}s` },
        disableSettingJwtHeader: true,
      }),
      signInFailureGuards(signInFailures),
      guards(),
      captchaGuard({ authDb, captcha, clientIpHeader }),
      genericOAuth({ config: socialProviders(social) }),
      providerGuards(),
      twoFactor({
        issuer: 'PingvasAI',
        // The lock is ours: the stock one checks first and counts afterwards.
        accountLockout: { enabled: false },
        twoFactorTable: 'two_factor',
        schema: {
          user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
          twoFactor: {
            fields: {
              backupCodes: 'backup_codes',
              userId: 'user_id',
              failedVerificationCount: 'failed_verification_count',
              lockedUntil: 'locked_until',
            },
          },
        },
      }),
      secondFactorGuards({ authDb, publicUrl, codeAttempts }),
    ],
  });
}

/** Our own origin; in development also the one the page was opened by (localhost or 127.0.0.1), as for the rest of the API. */
function originsOf(publicUrl: string, host: string | undefined): string[] {
  const rules = { publicUrl, production: isHttps(publicUrl) };
  const own = new URL(publicUrl).origin;
  return host !== undefined && isOurOrigin(`http://${host}`, host, rules) ? [own, `http://${host}`] : [own];
}

function tooBusy(error: unknown): never {
  if (error instanceof AppError)
    throw new APIError('TOO_MANY_REQUESTS', { code: 'TOO_BUSY', message: 'Try again in a few seconds.' });
  throw error;
}

export type Auth = ReturnType<typeof createAuth>;
export { clientIpHeader };
