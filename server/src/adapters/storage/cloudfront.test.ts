import { createVerify, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { createCloudFrontSigner } from './cloudfront.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const nowMs = Date.UTC(2026, 10, 23, 12);
const sign = createCloudFrontSigner({
  url: 'https://d111.cloudfront.net/',
  keyPairId: 'K2JCJMDEHXQW5F',
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  nowMs: () => nowMs,
});

/** What the edge does: rebuilds the canned policy from the address and checks the signature over it. */
function edgeAccepts(address: string): boolean {
  const url = new URL(address);
  const resource = `${url.origin}${url.pathname}`;
  const policy = `{"Statement":[{"Resource":"${resource}","Condition":{"DateLessThan":{"AWS:EpochTime":${url.searchParams.get('Expires') ?? ''}}}}]}`;
  const signature = (url.searchParams.get('Signature') ?? '')
    .replaceAll('-', '+')
    .replaceAll('_', '=')
    .replaceAll('~', '/');
  return createVerify('RSA-SHA1').update(policy).verify(publicKey, signature, 'base64');
}

test('an address is valid for its object until its instant, by our key pair', () => {
  const address = sign('ws/a/gen/b-1-0.png', 900);
  const url = new URL(address);
  expect([url.pathname, url.searchParams.get('Key-Pair-Id')]).toEqual(['/ws/a/gen/b-1-0.png', 'K2JCJMDEHXQW5F']);
  expect(Number(url.searchParams.get('Expires'))).toBe(nowMs / 1_000 + 900);
  expect(edgeAccepts(address)).toBe(true);
});

test('another object, a later instant or another signature is refused', () => {
  const address = sign('ws/a/gen/b-1-0.png', 900);
  expect(edgeAccepts(address.replace('/ws/a/', '/ws/c/'))).toBe(false);
  expect(edgeAccepts(address.replace(/Expires=\d+/, `Expires=${nowMs / 1_000 + 9_000}`))).toBe(false);
  const at = address.indexOf('Signature=') + 30;
  expect(edgeAccepts(address.slice(0, at) + (address[at] === 'A' ? 'B' : 'A') + address.slice(at + 1))).toBe(false);
});
