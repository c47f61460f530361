import type { TFunction } from 'i18next';
import type { Problem } from './types.ts';

/** What to tell a person about a failed call: the server's own words where they are meant for people, else ours. */
export function problemDetail(error: unknown, t: TFunction): string {
  const data = typeof error === 'object' && error !== null && 'data' in error ? error.data : undefined;
  if (!isProblem(data)) return t('offline');
  // Its words point programs to fields of the request.
  return data.code === 'invalid_request' ? t('notAccepted') : data.detail;
}

const isProblem = (data: unknown): data is Problem =>
  typeof data === 'object' && data !== null && 'detail' in data && typeof data.detail === 'string';
