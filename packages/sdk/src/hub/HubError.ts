import { NeuroError, httpStatusByCode } from '@neurodata/protocol';
import { toNeuroError } from '../errors.ts';

/** What the clients branch on: the header `X-Error-Code`. */
export type HubErrorCode = 'RepoNotFound' | 'RevisionNotFound' | 'EntryNotFound' | 'GatedRepo' | 'Unauthorized' | 'PaymentRequired' | 'BadRequest' | 'MissingRequiredParameter' | 'InvalidParameter' | 'TooBigContent' | 'RangeNotSatisfiable' | 'NotReady' | 'ContentMismatch' | 'Unavailable';

export type HubErrorParameters = { status: number; code: HubErrorCode; headers?: Record<string, string> };

/** A refusal in the words of the wire: `message` is shown to people by the clients, so it says what to do. */
export class HubError extends Error {
  override readonly name = 'HubError';
  readonly status: number;
  readonly code: HubErrorCode;
  readonly headers: Record<string, string>;

  constructor(message: string, { status, code, headers = {} }: HubErrorParameters) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** What the caller is told of any error. Of an unexpected one: nothing of its inside. */
export function toHubError(error: unknown): HubError {
  if (error instanceof HubError) return error;
  const known = error instanceof NeuroError ? error : toNeuroError(error);
  if (known.code === 'INTERNAL') return new HubError('Something went wrong inside.', { status: 500, code: 'Unavailable' });
  if (known.code === 'CONTENT_MISMATCH') return new HubError(known.message, { status: 502, code: 'ContentMismatch' });
  if (known.code === 'NOT_READY') return new HubError(known.message, { status: 503, code: 'NotReady', headers: { 'retry-after': '5' } });
  return new HubError(known.message, { status: httpStatusByCode[known.code], code: 'Unavailable' });
}

/** A header holds printable ASCII only. */
export const headerText = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 1_000);
