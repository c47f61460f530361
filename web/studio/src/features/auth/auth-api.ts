/** Accounts answer in their own shape: `{code, message}`. Codes become words of ours. */
export type AuthFailure = 'wrongPassword' | 'notVerified' | 'addressTaken' | 'tooMany' | 'offline';

async function post(path: string, body: unknown): Promise<AuthFailure | undefined> {
  let response: Response;
  try {
    response = await fetch(`/api/auth${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  } catch {
    return 'offline';
  }
  if (response.ok) return undefined;
  const { code = '' } = (await response.json().catch(() => ({}))) as { code?: string };
  if (response.status === 429) return 'tooMany';
  if (response.status >= 500) return 'offline';
  if (/email_not_verified/i.test(code)) return 'notVerified';
  return path.startsWith('/sign-in') ? 'wrongPassword' : 'addressTaken';
}

/** Leaves for the provider's page, which sends the person back signed in. Resolves only when that failed, to the word that says why. */
export async function signInWith(provider: string): Promise<AuthFailure> {
  try {
    const response = await fetch('/api/auth/sign-in/social', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ provider, callbackURL: '/create', errorCallbackURL: '/sign-in' }),
    });
    const { url } = (await response.json()) as { url?: string };
    if (!response.ok || url === undefined) return response.status === 429 ? 'tooMany' : 'offline';
    location.assign(url);
    return await new Promise<never>(() => undefined);
  } catch {
    return 'offline';
  }
}

/** Each resolves to undefined when it worked, else to the word that says why not. */
export const signIn = (email: string, password: string) => post('/sign-in/email', { email, password });
export const signUp = (email: string, password: string, name: string) =>
  post('/sign-up/email', { email, password, name });
export const requestReset = (email: string) => post('/request-password-reset', { email });
export const signOut = () => post('/sign-out', {});
