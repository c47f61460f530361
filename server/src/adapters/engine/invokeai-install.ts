import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

export type ModelToInstall = {
  /** Becomes the model's key on the server, and the name of its folder: never a tenant's word. */
  key: string;
  name: string;
  /** A path on the server, a URL, or owner/repository of Hugging Face. */
  source: string;
  /** Leave a local file where it is; otherwise the server moves it. */
  inplace: boolean;
};

const job = z.object({
  id: z.int(),
  status: z.string(),
  error_reason: z.string().nullish(),
  config_out: z.object({ key: z.string(), type: z.string(), base: z.string() }).nullish(),
});
const record = z.object({ key: z.string(), type: z.string(), base: z.string() });

/**
 * Installs a model on an InvokeAI server and waits until it is there. One that is there under the same key is left as it is. Returns what the server
 * made of it. Throws `Error` with the server's reason, never with its traceback.
 */
export async function installModel(
  serverUrl: string,
  { key, name, source, inplace }: ModelToInstall,
  { pollMs = 500 }: { pollMs?: number } = {},
): Promise<{ type: string; base: string }> {
  const call = async (path: string, init?: RequestInit): Promise<Response> => {
    try {
      return await fetch(new URL(path, serverUrl), { ...init, signal: AbortSignal.timeout(60_000) });
    } catch {
      throw new Error(`${serverUrl} does not answer`);
    }
  };
  // An unknown path is answered 200 with the web page, so the shape of the answer decides.
  const known = record.safeParse(await jsonOf(await call(`/api/v2/models/i/${encodeURIComponent(key)}`)));
  if (known.success) return known.data;
  const query = new URLSearchParams({ source, inplace: String(inplace) });
  const accepted = await call(`/api/v2/models/install?${query.toString()}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key, name }),
  });
  if (accepted.status === 409) throw new Error('the server knows no such source: check the path or address');
  let seen = job.safeParse(await jsonOf(accepted));
  for (;;) {
    if (!seen.success) throw new Error('the answer is not that of an InvokeAI server');
    const { id, status, error_reason: reason, config_out: config } = seen.data;
    if (status === 'completed' && config) {
      if (config.type === 'unknown') throw new Error('the server did not recognise the file as a model');
      return config;
    }
    if (status === 'error' || status === 'cancelled')
      throw new Error(
        reason === 'DuplicateModelException'
          ? 'this file is installed already, under another id'
          : `the server ended with ${reason ?? status}`,
      );
    await delay(pollMs);
    seen = job.safeParse(await jsonOf(await call(`/api/v2/models/install/${id}`)));
  }
}

const jsonOf = (response: Response): Promise<unknown> => response.json().catch(() => undefined);
