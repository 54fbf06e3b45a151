/** What went wrong with a block or a file, as a stable word to program against. */
export type StorageErrorCode = 'NOT_FOUND' | 'TIMEOUT' | 'MISMATCH' | 'TOO_LARGE' | 'UNSUPPORTED' | 'UNREACHABLE';

/** Codes that say something about one peer only: another one may still have the bytes. */
const RETRYABLE: ReadonlySet<StorageErrorCode> = new Set(['NOT_FOUND', 'TIMEOUT', 'MISMATCH', 'UNREACHABLE']);

/**
 * Every failure of this package that a caller can act on.
 *
 * - `NOT_FOUND`: nobody who was asked has the block.
 * - `TIMEOUT`: a peer stayed silent past its deadline.
 * - `MISMATCH`: bytes came that are not what their CID (or their parent node) says. They are never returned.
 * - `TOO_LARGE`: a block over the limit.
 * - `UNSUPPORTED`: a CID, hash function, node type or range that is not spoken here.
 * - `UNREACHABLE`: a peer refused the connection or answered with an error.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;
  /** Whether asking again, or asking somebody else, can help. */
  readonly retryable: boolean;
  /** The CID the error is about, where there is one. */
  readonly cid: string | undefined;
  /** HTTP status of a peer that answered with an error. */
  readonly status: number | undefined;

  constructor(parameters: { code: StorageErrorCode; message: string; cid?: string; status?: number; cause?: unknown }) {
    super(parameters.message, parameters.cause === undefined ? undefined : { cause: parameters.cause });
    this.code = parameters.code;
    this.retryable = RETRYABLE.has(parameters.code);
    this.cid = parameters.cid;
    this.status = parameters.status;
  }
}
