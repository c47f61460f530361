import { createPublicKey, sign } from 'node:crypto';
import { readSigningKey } from '#platform/signing-key.ts';
import { keyIdOf } from './signatures.ts';

/** Signs in the name of this installation (Ed25519, RFC 8032). */
export type LedgerSigner = {
  keyId: string;
  /** Base64 of the SPKI form. */
  publicKey: string;
  /** Base64 of the signature over the text in UTF-8. */
  sign: (text: string) => string;
};

/** A signer of LEDGER_SIGNING_KEY. Throws `TypeError` when that is no Ed25519 private key. */
export function createLedgerSigner(signingKey: string): LedgerSigner {
  const privateKey = readSigningKey(signingKey);
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64'),
  };
}
