import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors, ResponseSerializationError } from 'fastify-type-provider-zod';
import { AppError, type FieldError, type ProblemCode } from '#platform/errors.ts';
import { chooseLanguage } from './language.ts';
import { problemWords } from './problems.ts';

const codeByFrameworkError: Record<string, ProblemCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_REQ_FILE_TOO_LARGE: 'payload_too_large',
  FST_FILES_LIMIT: 'payload_too_large',
  FST_FIELDS_LIMIT: 'payload_too_large',
  FST_PARTS_LIMIT: 'payload_too_large',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'unsupported_media_type',
};

/** Answers any error as `application/problem+json`. What is not ours becomes `internal_error`; its cause goes to the log only. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, thrown: unknown): FastifyReply {
  const error = toAppError(thrown, request);
  if (error.status >= 500) request.log.error({ err: error.cause ?? error, code: error.code }, 'request failed');
  const language = chooseLanguage(request.headers['accept-language']);
  const words = problemWords[error.code][language];
  const body = {
    type: `urn:pingvas:problem:${error.code}`,
    title: words.title,
    status: error.status,
    detail: fill(words.detail, error.facts),
    code: error.code,
    request_id: request.id,
    ...error.facts,
    ...(error.errors && { errors: error.errors }),
  };
  if (error.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(error.status)
    .headers(error.headers)
    .header('content-language', language)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(body));
}

const fill = (text: string, facts: AppError['facts']): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? '–'));

function toAppError(thrown: unknown, request: FastifyRequest): AppError {
  if (thrown instanceof AppError) return thrown;
  if (hasZodFastifySchemaValidationErrors(thrown))
    return new AppError('invalid_request', { errors: fieldErrors(thrown) });
  const error = thrown as { code?: string; message?: string; statusCode?: number } | null;
  const code = codeByFrameworkError[error?.code ?? ''];
  if (code) return new AppError(code);
  if (isPartDown(error)) return new AppError('service_unavailable', { cause: thrown, headers: { 'retry-after': '2' } });
  if (thrown instanceof ResponseSerializationError)
    request.log.error({ err: thrown.cause }, 'an answer does not match its schema');
  const status = error?.statusCode ?? 500;
  return status >= 400 && status < 500
    ? new AppError('malformed_request', { cause: thrown })
    : new AppError('internal_error', { cause: thrown });
}

type Issue = { instancePath: string; keyword: string; message?: string; params: { keys?: string[] } };

/** One entry per wrong place. Zod names unknown fields in one issue; a caller wants each at its own pointer. */
function fieldErrors(error: { validation: unknown[]; validationContext?: string | undefined }): FieldError[] {
  return (error.validation as Issue[]).slice(0, 20).flatMap((issue) => {
    const path = issue.instancePath === '/' ? '' : issue.instancePath;
    if (issue.keyword === 'unrecognized_keys' && issue.params.keys) {
      return issue.params.keys
        .slice(0, 20)
        .map((key) => ({ pointer: `${path}/${escapePointer(key)}`, detail: 'Unknown field' }));
    }
    return [{ pointer: path, detail: issue.message ?? 'Invalid' }];
  });
}

/** RFC 6901 §3, and short: a pointer repeats what the caller sent. */
const escapePointer = (key: string): string =>
  key.slice(0, 100).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * Lost, refused or silent connections, a server that is starting, stopping, out of room or out of luck (a deadlock), a full disk: the caller may try
 * again, nothing was done wrong.
 */
function isPartDown(error: { code?: string; message?: string; name?: string; syscall?: string } | null): boolean {
  const code = error?.code ?? '';
  return (
    // Whatever the reason: a server that starts again takes its socket away for a moment (ENOENT), a crowded one has no room to wait in (EAGAIN).
    error?.syscall === 'connect' ||
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'].includes(code) ||
    ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'].includes(code) ||
    // SQLSTATE: connection; resources (disk, memory, connections); operator and shutdown; system errors; serialisation and deadlock.
    /^(08...|53...|57P0[1-4]|58...|40001|40P01)$/.test(code) ||
    error?.name === 'TimeoutError' ||
    /connection terminated|timeout exceeded when trying to connect|query read timeout|not queryable/i.test(
      error?.message ?? '',
    )
  );
}
