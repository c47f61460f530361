import type { Challenge, DeriveKeyFunction } from 'altcha-lib/types';

/** PBKDF2 by the browser's own cryptography. */
const deriveKey: DeriveKeyFunction = async ({ cost, keyLength }, salt, password) => {
  const key = await crypto.subtle.importKey('raw', new Uint8Array(password), 'PBKDF2', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt: new Uint8Array(salt), iterations: cost },
    key,
    keyLength * 8,
  );
  return { parameters: {}, derivedKey: new Uint8Array(bits) };
};

/** Fetches a challenge and works on it for about a second (ALTCHA, protocol version 2). Resolves to the answer as the server wants it; rejects without one. */
export async function solveChallenge(): Promise<string> {
  const { solveChallenge: solve } = await import('altcha-lib');
  const response = await fetch('/api/v1/auth/challenge');
  if (!response.ok) throw new Error('No challenge came.');
  const challenge = (await response.json()) as Challenge;
  const solution = await solve({ challenge, deriveKey });
  if (!solution) throw new Error('The challenge was not solved in time.');
  return btoa(JSON.stringify({ challenge, solution }));
}
