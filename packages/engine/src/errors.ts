/** Stable codes of what the engine refuses. */
export type EngineErrorCode =
  | 'EMPTY_FILE' | 'NOT_UTF8' | 'BAD_JSON' | 'BAD_PARQUET' | 'BAD_ARROW' | 'BAD_CSV' | 'RAGGED_ROW' | 'EMPTY_COLUMN_NAME' | 'DUPLICATE_COLUMN'
  | 'MISSING_COLUMN' | 'BAD_NUMBER' | 'ONE_CLASS' | 'UNSEEN_CLASS' | 'TOO_FEW_ROWS' | 'NOT_FINITE'
  | 'BAD_SPEC' | 'TOO_LARGE' | 'BAD_MODEL' | 'BAD_MODULE' | 'MODULE_FAILED' | 'NO_EXPORT' | 'BAD_CHECKPOINT' | 'ABORTED';

/** The part of a spec that was refused, and for a value what it must be, as the end of a sentence: for forms, which have names of their own. */
export type Refused = { field: string; allowed?: string };

/** What the engine throws: a stable `code`, and a message that names the thing and the remedy. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;
  readonly refused: Refused | undefined;

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions & { refused?: Refused }) {
    super(message, options);
    this.name = 'EngineError';
    this.code = code;
    this.refused = options?.refused;
  }
}

/** What comes of some work; undefined where the engine refuses what it was given. */
export async function unlessRefused<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}
