/** Accounts answer in their own shape: `{code, message}`. Codes become words of ours. */
export type AccountFailure = 'wrongPassword' | 'wrongCode' | 'unfit' | 'tooMany' | 'failed';

type Answer<Data> = { failure: AccountFailure } | { failure?: undefined; data: Data };

async function post<Data = unknown>(path: string, body: object): Promise<Answer<Data>> {
  const response = await fetch(`/api/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => undefined);
  if (!response) return { failure: 'failed' };
  const data = ((await response.json().catch(() => null)) ?? {}) as Data & { code?: string };
  if (response.ok) return { data };
  if (response.status === 429) return { failure: 'tooMany' };
  const { code = '' } = data;
  if (/PASSWORD_TOO/.test(code)) return { failure: 'unfit' };
  if (/INVALID_PASSWORD/.test(code)) return { failure: 'wrongPassword' };
  return { failure: /CODE/.test(code) ? 'wrongCode' : 'failed' };
}

export type SecondFactorStart = { totpURI: string; backupCodes: string[] };

/** Each says why it did not work, or hands over what came. */
export const rename = (name: string) => post('/update-user', { name });
export const changePassword = (currentPassword: string, newPassword: string) =>
  post('/change-password', { currentPassword, newPassword, revokeOtherSessions: true });
/** It is on only after the first code of the app was right. */
export const startSecondFactor = (password: string) => post<SecondFactorStart>('/two-factor/enable', { password });
export const proveSecondFactor = (code: string) =>
  post('/two-factor/verify-totp', { code: code.replaceAll(/\s/g, '') });
export const endSecondFactor = (password: string) => post('/two-factor/disable', { password });
export const renewRecoveryCodes = (password: string) =>
  post<{ backupCodes: string[] }>('/two-factor/generate-backup-codes', { password });

/** Whether a second factor is on; undefined when that cannot be found out. */
export async function hasSecondFactor(): Promise<boolean | undefined> {
  const answer = await fetch('/api/auth/get-session').catch(() => undefined);
  const session = (await answer?.json().catch(() => null)) as { user?: { twoFactorEnabled?: boolean | null } } | null;
  return session?.user && session.user.twoFactorEnabled === true;
}
