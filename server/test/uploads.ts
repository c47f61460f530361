import { randomUUID } from 'node:crypto';
import type { LightMyRequestResponse } from 'fastify';
import type { Storage } from '#adapters/storage/index.ts';
import type { TestApi } from '#test/app.ts';

export type UploadPart = { bytes: Uint8Array; field?: string };
type Headers = Record<string, string>;

/** The body of a form with these files, and its content type. */
export function aForm(parts: UploadPart[]): { payload: Buffer; headers: Headers } {
  const boundary = `form-${randomUUID()}`;
  const payload = Buffer.concat([
    ...parts.flatMap(({ bytes, field = 'file' }) => [
      Buffer.from(
        `--${boundary}\r\ncontent-disposition: form-data; name="${field}"; filename="x"\r\ncontent-type: application/octet-stream\r\n\r\n`,
      ),
      bytes,
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
  return { payload, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}

/** Uploads one picture. */
export function upload(
  api: TestApi,
  as: { headers: Headers },
  bytes: Uint8Array,
  headers: Headers = {},
): Promise<LightMyRequestResponse> {
  const form = aForm([{ bytes }]);
  return api.call({
    method: 'POST',
    url: '/api/v1/uploads',
    as,
    payload: form.payload,
    headers: { ...form.headers, ...headers },
  });
}

/** The keys of everything a workspace has stored, in order. */
export async function storedKeys(storage: Storage, workspaceId: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list(`ws/${workspaceId}/`)) keys.push(key);
  return keys.sort();
}
