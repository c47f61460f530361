import { errors, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '#platform/clock.ts';
import { deriveKey } from './derive-key.ts';

export const verificationSeconds = 3_600;

type Needs = { secret: string; clock: Clock };

/**
 * What a verification link carries: the person and the address the mail went to, signed with a key that signs nothing else. Nothing is stored; a link works
 * until it expires, and doing it twice changes nothing more.
 */
export async function makeVerificationToken(
  { secret, clock }: Needs,
  user: { id: string; email: string },
): Promise<string> {
  const nowS = Math.floor(clock.nowMs() / 1000);
  return new SignJWT({ email: user.email })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user.id)
    .setExpirationTime(nowS + verificationSeconds)
    .sign(deriveKey(secret, 'verify-email'));
}

/** The person and address of a link, or undefined when it is not ours or has expired. */
export async function openVerificationToken(
  { secret, clock }: Needs,
  token: string,
): Promise<{ userId: string; email: string } | undefined> {
  try {
    const { payload } = await jwtVerify<{ email?: unknown }>(token, deriveKey(secret, 'verify-email'), {
      algorithms: ['HS256'],
      currentDate: new Date(clock.nowMs()),
      requiredClaims: ['sub', 'email', 'exp'],
    });
    return typeof payload.sub === 'string' && typeof payload.email === 'string'
      ? { userId: payload.sub, email: payload.email }
      : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
