import { fileURLToPath } from 'node:url';
import { createCloudFrontSigner, type SignUrl } from '#adapters/storage/cloudfront.ts';
import { createFileStorage } from '#adapters/storage/file.ts';
import type { Storage } from '#adapters/storage/index.ts';
import { createS3Storage } from '#adapters/storage/s3.ts';
import type { Config } from '#platform/config.ts';

/** The storage of `STORAGE_URL`: `file:<folder>`, or `s3://bucket/prefix`. Throws for an address nobody here serves. */
export function buildStorage({ url, s3, cloudFront }: Config['storage']): Storage {
  if (url.startsWith('file:'))
    return createFileStorage({ root: url.startsWith('file://') ? fileURLToPath(url) : url.slice('file:'.length) });
  if (!url.startsWith('s3://'))
    throw new Error(
      `STORAGE_URL: "${url.split(':')[0] ?? ''}:" is not supported; use file:<folder> or s3://bucket/prefix.`,
    );
  const { hostname: bucket, pathname } = new URL(url);
  const prefix = pathname.replace(/^\/+|\/+$/g, '');
  const signUrl = cdnSigner(cloudFront);
  const { accessKeyId, secretAccessKey, sessionToken } = s3;
  return createS3Storage({
    bucket,
    prefix: prefix === '' ? '' : `${prefix}/`,
    region: s3.region ?? 'us-east-1',
    endpoint: s3.endpoint,
    credentials:
      accessKeyId === null || secretAccessKey === null
        ? null
        : { accessKeyId, secretAccessKey, ...(sessionToken !== null && { sessionToken }) },
    ...(signUrl && { signUrl }),
  });
}

function cdnSigner({ url, keyPairId, privateKey }: Config['storage']['cloudFront']): SignUrl | undefined {
  if (url === null) return undefined;
  if (keyPairId === null || privateKey === null)
    throw new Error('CLOUDFRONT_URL is set, so CLOUDFRONT_KEY_PAIR_ID and CLOUDFRONT_PRIVATE_KEY are needed too.');
  // A PEM in one line of .env carries its line ends as \\n.
  return createCloudFrontSigner({ url, keyPairId, privateKey: privateKey.replaceAll('\\n', '\n') });
}
