import { isHttps } from './auth.ts';
import type { AccountsDeps } from './deps.ts';
import { deriveKey } from './derive-key.ts';
import { openCookie, readCookie, signCookie } from './session-cookie.ts';
import { verificationSeconds } from './verification-token.ts';

type Needs = Pick<AccountsDeps, 'publicUrl' | 'secret'>;

const cookieName = ({ publicUrl }: Needs): string =>
  isHttps(publicUrl) ? '__Host-pingvas.sign_up' : 'pingvas.sign_up';

/**
 * Remembers in the browser who signed up here, as long as the link in the mail works. It is set for taken addresses as well (with the invented id of that
 * answer), so it tells nothing about who has an account.
 */
export function signUpCookie(deps: Needs, userId: string): string {
  const value = encodeURIComponent(signCookie(userId, deriveKey(deps.secret, 'sign-up-cookie')));
  const secure = isHttps(deps.publicUrl) ? '; Secure' : '';
  return `${cookieName(deps)}=${value}; Max-Age=${verificationSeconds}; Path=/; HttpOnly; SameSite=Lax${secure}`;
}

/** The account that was made in this browser, or undefined. */
export const signedUpHere = (deps: Needs, cookieHeader: string | undefined): string | undefined =>
  openCookie(readCookie(cookieHeader, cookieName(deps)), deriveKey(deps.secret, 'sign-up-cookie'));
