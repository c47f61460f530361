import { createHmac, timingSafeEqual } from 'node:crypto';

/** The value of one cookie in a `Cookie` header, decoded, or undefined. The first of a name counts, as at Better Auth. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at < 0 || part.slice(0, at).trim() !== name) continue;
    try {
      return decodeURIComponent(part.slice(at + 1).trim());
    } catch {
      return undefined;
    }
  }
  return undefined;
}

/** `value.base64(HMAC-SHA-256(key, value))`, the form in which Better Auth signs cookies. */
export const signCookie = (value: string, key: string | Buffer): string =>
  `${value}.${createHmac('sha256', key).update(value).digest('base64')}`;

/** The value of a signed cookie, or undefined when the signature is not ours. */
export function openCookie(signed: string | undefined, key: string | Buffer): string | undefined {
  const at = signed?.lastIndexOf('.') ?? -1;
  if (signed === undefined || at < 1) return undefined;
  const value = signed.slice(0, at);
  const given = Buffer.from(signed.slice(at + 1), 'base64');
  const right = createHmac('sha256', key).update(value).digest();
  return given.length === right.length && timingSafeEqual(given, right) ? value : undefined;
}
