import { NeuroError, sha256Hex } from '@neurodata/protocol';
import type { Hex } from 'viem';
import { withDeadline } from '../common/retry.ts';
import { storable } from '../common/storable.ts';

const deadlineMs = 15_000;
const longestWaitSeconds = 600;

export type FetchDocumentParameters<Row> = {
  digest: Hex;
  /** How often it was tried before. */
  attempts: number;
  /** E.g. "The manifest". */
  what: string;
  /** The block whose sha256 is `digest`; rejects while nobody has it. */
  read: (digest: Hex) => Promise<Uint8Array>;
  /** What the row keeps of it; throws where it is no such document. */
  toRow: (bytes: Uint8Array) => Row | Promise<Row>;
};

export type Fetched<Row> =
  | { state: 'wanted'; attempts: number; retryAt: number; reason: string }
  | { state: 'unreadable'; attempts: number; reason: string }
  | ({ state: 'read'; attempts: number; reason: null } & Row);

/** Fetches a document once: unreachable ones are wanted again later, bad ones never again. */
export async function fetchDocument<Row>(parameters: FetchDocumentParameters<Row>): Promise<Fetched<Row>> {
  const { digest, what, read, toRow } = parameters;
  const attempts = parameters.attempts + 1;
  let bytes: Uint8Array;
  try {
    bytes = await withDeadline(read(digest), { ms: deadlineMs, what: `${what} ${digest}` });
    if (sha256Hex(bytes) !== digest) throw new NeuroError(`Other bytes came for ${what} ${digest}.`, { code: 'CONTENT_MISMATCH', retryable: true });
  } catch (error) {
    const retryAt = nowSeconds() + Math.min(2 ** Math.min(parameters.attempts, 12), longestWaitSeconds);
    return { state: 'wanted', attempts, retryAt, reason: storable(error instanceof Error ? error.message : String(error)).slice(0, 500) };
  }
  try {
    return { ...(await toRow(bytes)), state: 'read', attempts, reason: null };
  } catch (error) {
    const reason = error instanceof NeuroError ? `${error.message} ${error.details ?? ''}` : String(error);
    return { state: 'unreadable', attempts, reason: storable(reason).slice(0, 500) };
  }
}

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);
