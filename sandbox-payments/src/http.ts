import type { IncomingMessage } from 'node:http';
import { SandboxError } from './sandbox-error.ts';

export type Call = {
  /** What the path's groups matched. */
  params: string[];
  query: URLSearchParams;
  /** JSON object or form fields; empty without a body. */
  body: Record<string, unknown>;
  /** A person's browser posted a form: it is answered with a page. */
  isForm: boolean;
  /** The caller's languages, as the header says. */
  languages: string;
  idempotencyKey: string | undefined;
};

export type Answer = { status?: number; json?: unknown; html?: string; location?: string };
export type Route = { method: string; path: RegExp; run: (call: Call) => Answer };

const bodyMax = 1_000_000;

/** Reads a request's body; SandboxError 400 when it is no JSON object and no form, 413 when it is too big. */
export async function readBody(request: IncomingMessage): Promise<Pick<Call, 'body' | 'isForm'>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyMax) throw new SandboxError(413, 'Payload Too Large', 'The body is too big.');
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  if (isForm) return { isForm, body: Object.fromEntries(new URLSearchParams(text)) };
  if (text.trim() === '') return { isForm, body: {} };
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return { isForm, body: body as Record<string, unknown> };
  } catch {
    // Said below.
  }
  throw new SandboxError(400, 'Bad Request', 'The body must be a JSON object.');
}

/** A field of a JSON body, by its path; undefined where there is none. */
export function field(body: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    body,
  );
}

export const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
