import type { TFunction } from 'i18next';
import type { Problem } from './api.gen.ts';

/** The server's refusal (RFC 9457) inside a failed call; undefined when no answer of ours came. */
export function problemOf(error: unknown): Problem | undefined {
  const data = typeof error === 'object' && error !== null && 'data' in error ? error.data : undefined;
  return typeof data === 'object' && data !== null && 'detail' in data && 'code' in data
    ? (data as Problem)
    : undefined;
}

/** What to tell a person about a failed call: the server's own words where they are meant for people, else ours. */
export function problemDetail(error: unknown, t: TFunction): string {
  const problem = problemOf(error);
  if (!problem) return t('common.offline');
  // Its words point programs to fields of the request.
  return problem.code === 'invalid_request' ? t('common.notAccepted') : problem.detail;
}
