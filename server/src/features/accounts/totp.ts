import { createHmac } from 'node:crypto';

const stepMs = 30_000;
// A clock that is off by one step, and a code typed while it changed.
const stepsAround = 1;

/** The step of time an instant lies in (RFC 6238 §4.2, 30 seconds from the epoch). */
export const stepOf = (nowMs: number): number => Math.floor(nowMs / stepMs);

/** The six digits of a step: HOTP with SHA-1 (RFC 4226 §5.3) over the secret's bytes. */
export function totpAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

/** True when a code belongs to the present step or a neighbour. Codes are burned before they come here, so how long this takes tells nothing of use. */
export function isTotpNow(secret: string, code: string, nowMs: number): boolean {
  const now = stepOf(nowMs);
  for (let step = now - stepsAround; step <= now + stepsAround; step += 1)
    if (totpAt(secret, step) === code) return true;
  return false;
}
