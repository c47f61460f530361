/** Every way a request can be refused: one stable code each, with its status. The codes are an enum in OpenAPI. */
export const problemStatus = {
  invalid_request: 422,
  malformed_request: 400,
  unsupported_media_type: 415,
  payload_too_large: 413,
  misdirected_request: 421,
  unauthenticated: 401,
  invalid_credentials: 401,
  totp_required: 401,
  invalid_refresh_token: 401,
  refresh_in_progress: 409,
  origin_not_allowed: 403,
  email_not_verified: 403,
  key_lacks_scope: 403,
  session_required: 403,
  role_not_allowed: 403,
  plan_has_no_api: 403,
  api_calls_exhausted: 403,
  model_not_allowed: 403,
  workspace_suspended: 403,
  storage_exhausted: 403,
  seats_exhausted: 403,
  invitation_not_yours: 403,
  not_found: 404,
  model_not_found: 404,
  image_not_found: 404,
  method_not_allowed: 405,
  credits_held: 402,
  credits_exhausted: 402,
  key_budget_exhausted: 402,
  member_budget_exhausted: 402,
  quote_expired: 409,
  quote_mismatch: 409,
  job_not_ended: 409,
  already_member: 409,
  last_owner: 409,
  unpaid_workspace_exists: 409,
  idempotency_in_progress: 409,
  idempotency_key_reused: 422,
  unsupported_image: 422,
  already_subscribed: 409,
  no_subscription: 409,
  same_product: 409,
  plan_change_pending: 409,
  payment_refused: 409,
  payments_not_offered: 403,
  payments_unavailable: 503,
  webhook_not_verified: 401,
  webhook_refused: 422,
  rate_limited: 429,
  queue_full: 429,
  internal_error: 500,
  service_unavailable: 503,
  engine_unavailable: 503,
} as const;

export type ProblemCode = keyof typeof problemStatus;

/** One wrong place in a request: a JSON pointer and what is wrong there. */
export type FieldError = { pointer: string; detail: string };

export type AppErrorOptions = {
  /** Fills the words of the catalogue's `detail` and is shown beside it (amounts, times, names). */
  facts?: Record<string, string | number | boolean | null>;
  errors?: FieldError[];
  headers?: Record<string, string>;
  cause?: unknown;
};

/**
 * A refusal with a code of the catalogue. Throw it anywhere; one handler at the edge renders `application/problem+json`
 * in the caller's language. Anything else that is thrown becomes `internal_error`, its message stays in the log.
 */
export class AppError extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly facts: Record<string, string | number | boolean | null>;
  readonly errors: FieldError[] | undefined;
  readonly headers: Record<string, string>;
  constructor(code: ProblemCode, options: AppErrorOptions = {}) {
    super(code, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = problemStatus[code];
    this.facts = options.facts ?? {};
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }
}
