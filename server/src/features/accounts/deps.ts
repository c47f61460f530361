import type { Logger } from 'pino';
import { type Clock, systemClock } from '#platform/clock.ts';
import type { Database } from '#platform/db/database.ts';
import { newId } from '#platform/new-id.ts';
import { type AccessTokens, createAccessTokens } from './access-token.ts';
import { type Auth, createAuth } from './auth.ts';
import { type CallerCache, createCallerCache } from './caller-cache.ts';
import { confirmMailbox } from './confirm-mailbox.ts';
import { createPasswords, type Passwords } from './password.ts';
import { askForMail } from './ask-for-mail.ts';

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
};

/** Builds the accounts of one process. Opens nothing and starts nothing; the pools are the caller's to close. */
export function createAccounts({ clock = systemClock, ...options }: AccountsOptions): AccountsDeps {
  const { db, authDb, publicUrl, secret, log } = options;
  const passwords = createPasswords();
  const auth = createAuth({
    authDb,
    publicUrl,
    secret,
    passwords,
    newId,
    log,
    onMailboxProven: (userId) => confirmMailbox({ db, authDb, secret, log }, userId),
    onTakenAddress: ({ id, emailVerified }) =>
      askForMail({ db }, emailVerified ? 'send_address_taken_mail' : 'send_verification_mail', id),
  });
  return {
    ...options,
    clock,
    auth,
    passwords,
    accessTokens: createAccessTokens({ auth, authDb, publicUrl, clock }),
    callers: createCallerCache(clock),
  };
}
