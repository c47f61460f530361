import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeSigningKey, readSigningKey } from './signing-key.ts';

test('a signing key is read as base64, as PEM, and as PEM on one line', () => {
  const base64 = makeSigningKey();
  const key = readSigningKey(base64);
  const pem = key.export({ format: 'pem', type: 'pkcs8' }) as string;
  for (const text of [pem, pem.replaceAll('\n', '\\n')]) expect(readSigningKey(text).equals(key)).toBe(true);
});

test('anything else is refused without repeating it', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey.export({ format: 'pem', type: 'pkcs8' });
  for (const text of ['', 'canary', rsa as string, (rsa as string).slice(0, 80)]) {
    expect(() => readSigningKey(text)).toThrow(/^must be an Ed25519 private key: PKCS#8, as PEM or base64$/);
  }
});
