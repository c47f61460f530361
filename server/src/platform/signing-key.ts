import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** Reads an Ed25519 private key: PKCS#8 as PEM (line ends may be written `\n`) or as base64 of its DER form. Throws `TypeError` for anything else. */
export function readSigningKey(text: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = text.includes('-----BEGIN')
      ? createPrivateKey(text.replaceAll('\\n', '\n'))
      : createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
  } catch {
    // Said below: the library's own words may repeat a part of the key.
  }
  if (key?.asymmetricKeyType !== 'ed25519')
    throw new TypeError('must be an Ed25519 private key: PKCS#8, as PEM or base64');
  return key;
}

/** A new key in the base64 form that `readSigningKey` reads. */
export const makeSigningKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
