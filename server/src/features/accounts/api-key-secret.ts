import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const keyStart = 'pv_live_';
/** 62^43 > 2^256: that many digits hold any 32 bytes. */
const bodyLength = 43;
const checkLength = 6;
const shownLength = 6;

export type NewApiKey = { secret: string; hash: Buffer; prefix: string };

/**
 * A new key: `pv_live_`, 32 random bytes in base 62, and six digits of CRC-32 over what precedes them, so that a typo costs no query and a secret scanner
 * can tell a key from noise. Only its SHA-256 is stored: 256 random bits need no slow hash.
 */
export function makeApiKey(random: Buffer = randomBytes(32)): NewApiKey {
  const start = keyStart + base62(BigInt(`0x${random.toString('hex')}`), bodyLength);
  const secret = start + checkDigits(start);
  return { secret, hash: hashApiKey(secret), prefix: secret.slice(0, keyStart.length + shownLength) };
}

/** True when the text has the form of one of our keys and its check digits are right. Says nothing about whether the key exists. */
export function isApiKey(text: string): boolean {
  if (!text.startsWith(keyStart) || text.length !== keyStart.length + bodyLength + checkLength) return false;
  const start = text.slice(0, -checkLength);
  return checkDigits(start) === text.slice(-checkLength);
}

export const hashApiKey = (secret: string): Buffer => createHash('sha256').update(secret).digest();

const checkDigits = (text: string): string => base62(BigInt(crc32(text)), checkLength);

function base62(value: bigint, length: number): string {
  let digits = '';
  for (let rest = value; digits.length < length; rest /= 62n) digits = (alphabet[Number(rest % 62n)] ?? '') + digits;
  return digits;
}
