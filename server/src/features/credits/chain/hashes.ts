import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256 of a text in UTF-8, hex. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The canonical form (RFC 8785) of a JSON value: the same text for the same value, whoever writes it. */
export function canonicalJson(value: unknown): string {
  const json = canonicalize(value);
  if (json === undefined) throw new TypeError('not a JSON value');
  return json;
}
