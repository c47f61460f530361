import { hkdfSync } from 'node:crypto';

/** What a key of our own is for. One secret, one key per purpose: what leaks or is guessed in one place opens no other. */
export type KeyPurpose =
  | 'verify-email'
  | 'sign-up-cookie'
  | 'free-credit-claim'
  | 'invitation'
  | 'second-factor-code'
  | 'sign-in-failures'
  | 'change-address';

/** A 32-byte key for one purpose, derived from AUTH_SECRET by HKDF-SHA-256 (RFC 5869). */
export function deriveKey(secret: string, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'pingvas', purpose, 32));
}
