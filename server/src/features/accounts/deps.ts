import type { Logger } from 'pino';
import type { Captcha } from '#adapters/captcha/port.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/db/database.ts';
import type { Limiter } from '#platform/limits.ts';
import type { AccessTokens } from './access-token.ts';
import type { Auth } from './auth.ts';
import type { CallerCache } from './caller-cache.ts';
import type { CodeAttempts } from './code-attempts.ts';
import type { Passwords } from './password.ts';
import type { SignInFailures } from './sign-in-failures.ts';
import type { SocialSettings } from './social-providers.ts';

export type AccountsOptions = {
  /** The pool of role `pingvas_app`. */
  db: Database;
  /** The pool of role `pingvas_auth`, which sees schema `auth` alone. */
  authDb: Database;
  /** Where the product is reached: the base of links, issuer and audience of access tokens. */
  publicUrl: string;
  /** AUTH_SECRET: signs cookies and links, encrypts signing keys. */
  secret: string;
  log: Logger;
  clock?: Clock;
  /** Counts failed sign-ins; of this process alone when missing. */
  limiter?: Limiter;
  /** Providers people may sign in with; none when missing. */
  social?: SocialSettings;
  /** Asked at sign-up; nobody is when missing. */
  captcha?: Captcha;
};

/** What the use-cases of accounts stand on; built once per process by `createAccounts`. */
export type AccountsDeps = Required<AccountsOptions> & {
  auth: Auth;
  passwords: Passwords;
  accessTokens: AccessTokens;
  callers: CallerCache;
  codeAttempts: CodeAttempts;
  signInFailures: SignInFailures;
};
