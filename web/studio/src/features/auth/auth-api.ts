/** Accounts answer in their own shape: `{code, message}`. Codes become words of ours. */
export type AuthFailure =
  'wrongPassword' | 'wrongCode' | 'secondExpired' | 'notVerified' | 'addressTaken' | 'captcha' | 'tooMany' | 'offline';

type Answer = { failure: AuthFailure } | { failure?: undefined; data: Record<string, unknown> };

async function post(
  path: string,
  body: object,
  refused: AuthFailure,
  headers: Record<string, string> = {},
): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(`/api/auth${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  } catch {
    return { failure: 'offline' };
  }
  const data = ((await response.json().catch(() => null)) ?? {}) as { code?: string } & Record<string, unknown>;
  return response.ok ? { data } : { failure: failureOf(response.status, data.code ?? '', refused) };
}

function failureOf(status: number, code: string, refused: AuthFailure): AuthFailure {
  if (status === 429) return 'tooMany';
  if (/^CAPTCHA_/.test(code)) return 'captcha';
  if (status >= 500) return 'offline';
  if (code === 'EMAIL_NOT_VERIFIED') return 'notVerified';
  return code === 'INVALID_TWO_FACTOR_COOKIE' ? 'secondExpired' : refused;
}

/** Resolves to what is next: nothing (signed in), a second factor, or the word that says why not. */
export async function signIn(
  email: string,
  password: string,
): Promise<{ next: 'done' | 'secondFactor' } | { next: 'failed'; failure: AuthFailure }> {
  const answer = await post('/sign-in/email', { email, password }, 'wrongPassword');
  if (answer.failure) return { next: 'failed', failure: answer.failure };
  return { next: answer.data['twoFactorRedirect'] === true ? 'secondFactor' : 'done' };
}

/** Six digits of the app, or one of the recovery codes. Resolves to undefined when it was right. */
export async function confirmSecondFactor(kind: 'totp' | 'recovery', code: string): Promise<AuthFailure | undefined> {
  const path = kind === 'totp' ? '/two-factor/verify-totp' : '/two-factor/verify-backup-code';
  return (await post(path, { code: code.replaceAll(/\s/g, '') }, 'wrongCode')).failure;
}

/** `captcha` is the answer to the challenge, where there is one. Resolves to undefined when a mail is on its way. */
export async function signUp(
  person: { email: string; password: string; name: string },
  captcha: string | undefined,
): Promise<AuthFailure | undefined> {
  const headers: Record<string, string> = captcha === undefined ? {} : { 'x-captcha-response': captcha };
  return (await post('/sign-up/email', person, 'addressTaken', headers)).failure;
}

/** Leaves for the provider's page, which sends the person back signed in. Resolves only when that failed. */
export async function signInWith(provider: string): Promise<AuthFailure> {
  const body = { provider, callbackURL: '/create', errorCallbackURL: '/sign-in' };
  const answer = await post('/sign-in/social', body, 'offline');
  const url = answer.failure ? undefined : answer.data['url'];
  if (answer.failure || typeof url !== 'string') return answer.failure ?? 'offline';
  location.assign(url);
  return new Promise<never>(() => undefined);
}

/** The answers to both are the same for addresses that we do not know. */
export const requestReset = async (email: string): Promise<AuthFailure | undefined> =>
  (await post('/request-password-reset', { email }, 'addressTaken')).failure;
export const sendVerification = async (email: string): Promise<AuthFailure | undefined> =>
  (await post('/send-verification-email', { email }, 'addressTaken')).failure;
export const signOut = (): Promise<unknown> => post('/sign-out', {}, 'offline');
