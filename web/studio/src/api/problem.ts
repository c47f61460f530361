import type { Problem } from './types.ts';

/** What to tell a person about a failed call: the server's own words, else `fallback` (no connection, or no answer of ours). */
export function problemDetail(error: unknown, fallback: string): string {
  const data = typeof error === 'object' && error !== null && 'data' in error ? error.data : undefined;
  return isProblem(data) ? data.detail : fallback;
}

const isProblem = (data: unknown): data is Problem =>
  typeof data === 'object' && data !== null && 'detail' in data && typeof data.detail === 'string';
