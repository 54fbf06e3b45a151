import { NeuroError } from '@neurodata/protocol';
import { type Hex, type PublicClient, type ReplacementReturnType, type TransactionReceipt, BlockNotFoundError, TransactionNotFoundError, TransactionReceiptNotFoundError, WaitForTransactionReceiptTimeoutError } from 'viem';
import { isAway } from './awaitReceipt.ts';

/**
 * Waits until a transaction that a wallet has sent is in a block. Its signed bytes are the wallet's, so it is never handed in again
 * from here; its owner may speed it up there, and then the copy's receipt is given. While the chain cannot be reached it goes on asking.
 *
 * @throws WaitForTransactionReceiptTimeoutError after `timeoutMs`; NeuroError CONFLICT where another transaction of the same
 * account took its place.
 */
export async function awaitSent(parameters: { publicClient: PublicClient; hash: Hex; timeoutMs: number }): Promise<TransactionReceipt> {
  const { publicClient, hash, timeoutMs } = parameters;
  const until = performance.now() + timeoutMs;
  for (;;) {
    const left = until - performance.now();
    if (left <= 0) throw new WaitForTransactionReceiptTimeoutError({ hash });
    let replaced: ReplacementReturnType | undefined;
    try {
      const receipt = await publicClient.waitForTransactionReceipt({ hash, timeout: Math.ceil(left), onReplaced: (replacement) => { replaced = replacement; } });
      if (replaced && replaced.reason !== 'repriced') throw outdone(replaced);
      return receipt;
    } catch (error) {
      // A block may be there before its receipts are: viem then takes the transaction for its own replacement, and gives up.
      const isEarly = error instanceof TransactionReceiptNotFoundError || error instanceof TransactionNotFoundError || error instanceof BlockNotFoundError;
      if (!isEarly && !isAway(error)) throw error;
      await new Promise((resolve) => { setTimeout(resolve, publicClient.pollingInterval); });
    }
  }
}

function outdone({ reason, transaction }: ReplacementReturnType): NeuroError {
  const message = reason === 'cancelled' ? 'You cancelled it in your wallet.' : 'Another transaction of this account took its place.';
  return new NeuroError(message, { code: 'CONFLICT', remedy: 'It did not happen: send it again if you still want it.', details: transaction.hash, retryable: true });
}
