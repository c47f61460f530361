import { getSignedUrl } from '@aws-sdk/cloudfront-signer';

/** Makes a short-lived address of an object. */
export type SignUrl = (key: string, expiresInS: number) => string;

export type CloudFrontOptions = {
  /** The distribution's address, for instance `https://d111.cloudfront.net`. */
  url: string;
  /** Id of the public key in the distribution's trusted key group. */
  keyPairId: string;
  /** Its private key, PEM. */
  privateKey: string;
  nowMs?: () => number;
};

/** Signs addresses with a canned policy: one object, until one instant (AWS, "Creating a signed URL using a canned policy"). */
export function createCloudFrontSigner({ url, keyPairId, privateKey, nowMs = Date.now }: CloudFrontOptions): SignUrl {
  const base = url.replace(/\/+$/, '');
  return (key, expiresInS) =>
    getSignedUrl({
      url: `${base}/${key}`,
      keyPairId,
      privateKey,
      dateLessThan: new Date(nowMs() + expiresInS * 1_000),
    });
}
