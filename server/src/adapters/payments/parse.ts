import type { z } from 'zod';
import { PaymentProviderError } from './port.ts';

/** Parses, or throws `unreadable` with where it stopped, never with what it read. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new PaymentProviderError('unreadable', `${what}: ${where}`);
}

/** The JSON of a webhook's body. Throws `unreadable`. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new PaymentProviderError('unreadable', 'webhook: no JSON', { cause: error });
  }
}

/** The workspace among what we gave a checkout to carry, or null: anybody could have written there. */
export function workspaceOf(custom: unknown): string | null {
  const value = (custom as { workspace_id?: unknown } | null | undefined)?.workspace_id;
  return typeof value === 'string' && value.length <= 64 ? value : null;
}
