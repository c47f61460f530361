import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { assertStorageKey, assertStoragePrefix } from './assert-storage-key.ts';
import type { SignUrl } from './cloudfront.ts';
import type { Storage } from './port.ts';

export type S3StorageOptions = {
  bucket: string;
  /** Put before every key; empty, or ends with `/`. */
  prefix: string;
  region: string;
  /** A server other than AWS; its addresses carry the bucket in the path. */
  endpoint: string | null;
  /** Null: the usual chain of the SDK (environment, profile, instance role). */
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | null;
  /** Signs addresses of a CDN before the bucket instead of the bucket's own. */
  signUrl?: SignUrl;
  /** How long a server may be silent before a try is given up; there are three. */
  silenceMs?: number;
};

/** From this size on an object travels in parts, so that one lost connection does not repeat all of it. */
const multipartFromBytes = 16_000_000;

/**
 * Objects in a bucket of S3 or a server that speaks its protocol. Every part travels with a SHA-256, which the server checks before it keeps anything.
 * `close` ends the connections.
 */
export function createS3Storage(options: S3StorageOptions): Storage & { close: () => void } {
  const { bucket, prefix, signUrl, silenceMs = 15_000 } = options;
  const client = new S3Client({
    region: options.region,
    ...(options.endpoint !== null && { endpoint: options.endpoint, forcePathStyle: true }),
    ...(options.credentials !== null && { credentials: options.credentials }),
    maxAttempts: 3,
    // The SDK waits for ever by default: one silent connection would hold a worker's result, or a caller, until somebody restarts us.
    requestHandler: {
      connectionTimeout: Math.min(silenceMs, 5_000),
      requestTimeout: silenceMs,
      throwOnRequestTimeout: true,
      socketTimeout: silenceMs,
    },
  });
  const at = (key: string): { Bucket: string; Key: string } => {
    assertStorageKey(key);
    return { Bucket: bucket, Key: prefix + key };
  };

  return {
    put: async (key, bytes, { contentType }) => {
      const object = { ...at(key), Body: bytes, ContentType: contentType };
      if (bytes.byteLength < multipartFromBytes) {
        const checksum = createHash('sha256').update(bytes).digest('base64');
        await client.send(new PutObjectCommand({ ...object, ChecksumSHA256: checksum }));
      } else {
        await new Upload({
          client,
          params: { ...object, ChecksumAlgorithm: 'SHA256' },
          partSize: multipartFromBytes,
        }).done();
      }
    },
    get: async (key) => {
      const found = await orNothing(client.send(new GetObjectCommand(at(key))));
      return found?.Body?.transformToByteArray();
    },
    open: async (key) => {
      const found = await orNothing(client.send(new GetObjectCommand(at(key))));
      if (!found) return undefined;
      return { body: found.Body as Readable, sizeBytes: found.ContentLength ?? 0 };
    },
    head: async (key) => {
      const found = await orNothing(client.send(new HeadObjectCommand(at(key))));
      return found && { sizeBytes: found.ContentLength ?? 0, lastModified: found.LastModified ?? new Date(0) };
    },
    delete: async (key) => {
      await client.send(new DeleteObjectCommand(at(key)));
    },
    async *list(under) {
      assertStoragePrefix(under);
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix + under })) {
        for (const { Key = '', Size = 0, LastModified = new Date(0) } of page.Contents ?? [])
          yield { key: Key.slice(prefix.length), sizeBytes: Size, lastModified: LastModified };
      }
    },
    signedUrl: async (key, { expiresInS, contentType, downloadName }) => {
      const object = at(key);
      if (signUrl) return signUrl(object.Key, expiresInS);
      const disposition =
        downloadName === undefined ? 'inline' : `attachment; filename*=UTF-8''${encodeURIComponent(downloadName)}`;
      const command = new GetObjectCommand({
        ...object,
        ResponseContentType: contentType,
        ResponseContentDisposition: disposition,
        ResponseCacheControl: 'private, max-age=3600',
      });
      return getSignedUrl(client, command, { expiresIn: expiresInS });
    },
    health: async () => {
      // Beside our keys, so that no list ever shows it; a name of its own, so that two processes may ask at once.
      const probe = { Bucket: bucket, Key: `${prefix}health/${randomUUID()}` };
      await client.send(new PutObjectCommand({ ...probe, Body: 'ok' }));
      await client.send(new HeadObjectCommand(probe));
      await client.send(new DeleteObjectCommand(probe));
    },
    close: () => client.destroy(),
  };
}

/** Undefined for an object that is not there; every other failure stays one. */
async function orNothing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined;
    throw error;
  }
}
