import { NeuroError } from '@neurodata/protocol';
import { BaseError, type Hex, HttpRequestError, NonceTooLowError, type PublicClient, TimeoutError, TransactionNotFoundError, TransactionReceiptNotFoundError, type TransactionReceipt, WaitForTransactionReceiptTimeoutError, keccak256 } from 'viem';

/** How long a transaction may be unknown to the chain before it is handed in again. */
const MISSING_MS = 2_500;

/**
 * Waits until a signed transaction is in a block. One that the chain does not know (any more), because a reorganisation, a
 * restart or a lost answer dropped it, is handed in again as it was signed, so that it happens once and not twice. While
 * the chain cannot be reached it goes on asking.
 *
 * @throws WaitForTransactionReceiptTimeoutError after `timeoutMs`; NeuroError CONFLICT where another transaction of the
 * same account took its place.
 */
export async function awaitReceipt(parameters: { publicClient: PublicClient; raw: Hex; timeoutMs: number }): Promise<TransactionReceipt> {
  const { publicClient, raw, timeoutMs } = parameters;
  const hash = keccak256(raw);
  const until = performance.now() + timeoutMs;
  let seenAt = performance.now();
  for (;;) {
    try {
      const receipt = await receiptOf(publicClient, hash);
      if (receipt) return receipt;
      if (performance.now() - seenAt > MISSING_MS) {
        seenAt = performance.now();
        if (!(await isKnown(publicClient, hash)) && !(await handIn(publicClient, raw))) {
          // It may have been the one that took the nonce: its block is there before its receipt is.
          const late = await receiptOf(publicClient, hash);
          if (late) return late;
          throw new NeuroError('Another transaction of this account took its place.', { code: 'CONFLICT', remedy: 'Send it again.', details: hash, retryable: true });
        }
      }
    } catch (error) {
      if (!isAway(error)) throw error;
    }
    if (performance.now() > until) throw new WaitForTransactionReceiptTimeoutError({ hash });
    await new Promise((resolve) => { setTimeout(resolve, publicClient.pollingInterval); });
  }
}

/** Whether an error says that the chain was not reached, so that nobody knows what it did with a transaction. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  return error.walk((cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError || (cause instanceof BaseError && cause.name === 'ResourceUnavailableRpcError')) !== null;
}

async function receiptOf(publicClient: PublicClient, hash: Hex): Promise<TransactionReceipt | undefined> {
  try {
    return await publicClient.getTransactionReceipt({ hash });
  } catch (error) {
    if (error instanceof TransactionReceiptNotFoundError) return undefined;
    throw error;
  }
}

async function isKnown(publicClient: PublicClient, hash: Hex): Promise<boolean> {
  try {
    await publicClient.getTransaction({ hash });
    return true;
  } catch (error) {
    if (error instanceof TransactionNotFoundError) return false;
    throw error;
  }
}

/** False where its nonce is used up. Whatever else a chain has against it may pass: it is asked again. */
async function handIn(publicClient: PublicClient, raw: Hex): Promise<boolean> {
  try {
    await publicClient.sendRawTransaction({ serializedTransaction: raw });
    return true;
  } catch (error) {
    if (isAway(error)) throw error;
    return !(error instanceof BaseError && (error.walk((cause) => cause instanceof NonceTooLowError) !== null || /nonce too low/i.test(error.details)));
  }
}
