/** Codes are stable: clients switch on them; HTTP statuses follow from them in one place. */
export const httpStatusByCode = {
  BAD_INPUT: 400,
  BAD_MANIFEST: 422,
  BAD_SPEC: 422,
  BAD_RECEIPT: 422,
  UNAUTHENTICATED: 401,
  SECOND_FACTOR: 401,
  PROOF_NEEDED: 401,
  NOT_ENTITLED: 403,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  IDEMPOTENCY_BUSY: 409,
  IDEMPOTENCY_UNKNOWN: 409,
  IDEMPOTENCY_MISMATCH: 422,
  TOO_LARGE: 413,
  RATE_LIMITED: 429,
  REVERTED: 409,
  /** The owner of a wallet refused to sign: nothing happened. */
  REJECTED: 409,
  WRONG_CHAIN: 409,
  NO_FUNDS: 402,
  NO_KEY: 404,
  CONTENT_MISMATCH: 409,
  TOO_FEW_VALIDATORS: 503,
  UNREACHABLE: 503,
  NOT_READY: 503,
  TIMEOUT: 504,
  INTERNAL: 500,
} as const;

export type ErrorCode = keyof typeof httpStatusByCode;

export type NeuroErrorParameters = {
  code: ErrorCode;
  /** What to do about it, one sentence. */
  remedy?: string;
  details?: string;
  retryable?: boolean;
  /** Seconds after which another try makes sense. */
  retryAfter?: number;
  cause?: unknown;
};

/**
 * The one error class of the project: a short message that names the thing, a stable `code`, a remedy.
 *
 * @example throw new NeuroError('Listing 7 is retired.', { code: 'CONFLICT', remedy: 'Choose another listing.' });
 */
export class NeuroError extends Error {
  override readonly name = 'NeuroError';
  readonly code: ErrorCode;
  readonly remedy: string | undefined;
  readonly details: string | undefined;
  readonly retryable: boolean;
  readonly retryAfter: number | undefined;

  constructor(shortMessage: string, parameters: NeuroErrorParameters) {
    const { code, remedy, details, retryable = false, retryAfter, cause } = parameters;
    super(remedy ? `${shortMessage} ${remedy}` : shortMessage, cause === undefined ? undefined : { cause });
    this.code = code;
    this.remedy = remedy;
    this.details = details;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }
}

/** RFC 9457 problem details, as the API sends them. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail?: string;
  remedy?: string;
  /** Seconds, as in the header `Retry-After`. */
  retryAfter?: number;
  requestId?: string;
};
