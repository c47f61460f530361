import { noCaptcha } from '#adapters/captcha/port.ts';
import { systemClock } from '#platform/clock.ts';
import { createMemoryLimiter } from '#platform/limits.ts';
import { newId } from '#platform/new-id.ts';
import { createAccessTokens } from './access-token.ts';
import { askForMail } from './ask-for-mail.ts';
import { createAuth } from './auth.ts';
import { createCallerCache } from './caller-cache.ts';
import { createCodeAttempts } from './code-attempts.ts';
import { confirmMailbox } from './confirm-mailbox.ts';
import type { AccountsDeps, AccountsOptions } from './deps.ts';
import { createPasswords } from './password.ts';
import { createSignInFailures } from './sign-in-failures.ts';

/** Builds the accounts of one process. Opens nothing and starts nothing; the pools are the caller's to close. */
export function createAccounts({
  clock = systemClock,
  limiter = createMemoryLimiter(),
  social = { google: null, discord: null },
  captcha = noCaptcha,
  ...options
}: AccountsOptions): AccountsDeps {
  const { db, authDb, publicUrl, secret, log } = options;
  const passwords = createPasswords();
  const codeAttempts = createCodeAttempts({
    authDb,
    secret,
    onAttacked: (userId) => askForMail({ db }, 'send_second_factor_mail', userId),
  });
  const signInFailures = createSignInFailures(limiter, secret);
  const auth = createAuth({
    authDb,
    publicUrl,
    secret,
    passwords,
    codeAttempts,
    signInFailures,
    social,
    captcha,
    newId,
    log,
    onMailboxProven: (userId) => confirmMailbox({ db, authDb, secret, log }, userId),
    onTakenAddress: ({ id, emailVerified }) =>
      askForMail({ db }, emailVerified ? 'send_address_taken_mail' : 'send_verification_mail', id),
  });
  return {
    ...options,
    clock,
    limiter,
    social,
    captcha,
    auth,
    passwords,
    codeAttempts,
    signInFailures,
    accessTokens: createAccessTokens({ auth, authDb, publicUrl, clock }),
    callers: createCallerCache(clock),
  };
}
