import type { Logger } from 'pino';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/db/database.ts';
import type { AccessTokens } from './access-token.ts';
import type { Auth } from './auth.ts';
import type { CallerCache } from './caller-cache.ts';
import type { CodeAttempts } from './code-attempts.ts';
import type { Passwords } from './password.ts';

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
};

/** What the use-cases of accounts stand on; built once per process by `createAccounts`. */
export type AccountsDeps = Required<AccountsOptions> & {
  auth: Auth;
  passwords: Passwords;
  accessTokens: AccessTokens;
  callers: CallerCache;
  codeAttempts: CodeAttempts;
};
