import { NeuroError } from '@neurodata/protocol';
import { type Address, type Hex, TransactionNotFoundError, TransactionReceiptNotFoundError } from 'viem';
import type { ChainReader } from './createClient.ts';
import { type DecodedCall, type DecodedEvent, decodeCall, decodeEvent } from './decodeCall.ts';
import { toNeuroError } from './errors.ts';

/** A transaction and what came of it. `mined` is absent while it waits; `at` in unix seconds, `fee` in wei. */
export type TransactionFacts = DecodedCall & {
  hash: Hex; from: Address; to: Address | null; value: bigint; nonce: number; input: Hex;
  mined?: { block: number; index: number; at: number; succeeded: boolean; gasUsed: number; fee: bigint; created?: Address; events: (DecodedEvent & { index: number })[]; unknownEvents: number };
};

/** Reads one transaction, its call and events decoded by the system's ABIs. Throws `NOT_FOUND`. */
export async function readTransaction(parameters: { client: ChainReader; hash: Hex }): Promise<TransactionFacts> {
  const { client: { publicClient, config }, hash } = parameters;
  try {
    const { from, to, value, nonce, input } = await publicClient.getTransaction({ hash });
    const facts: TransactionFacts = { hash, from, to, value, nonce, input, ...decodeCall(config, { to, input, value }) };
    const receipt = await publicClient.getTransactionReceipt({ hash }).catch((error: unknown) => {
      if (error instanceof TransactionReceiptNotFoundError) return undefined;
      throw error;
    });
    if (!receipt) return facts;
    const { timestamp } = await publicClient.getBlock({ blockNumber: receipt.blockNumber });
    const events = receipt.logs.flatMap((log) => {
      const event = decodeEvent(config, log);
      return event ? [{ ...event, index: log.logIndex }] : [];
    });
    const mined = {
      block: Number(receipt.blockNumber), index: receipt.transactionIndex, at: Number(timestamp), succeeded: receipt.status === 'success', gasUsed: Number(receipt.gasUsed), fee: receipt.gasUsed * receipt.effectiveGasPrice,
      ...(receipt.contractAddress ? { created: receipt.contractAddress } : {}), events, unknownEvents: receipt.logs.length - events.length,
    };
    return { ...facts, mined };
  } catch (error) {
    if (error instanceof TransactionNotFoundError) throw new NeuroError('There is no such transaction.', { code: 'NOT_FOUND', remedy: 'Check the hash; a transaction that was just sent may need a moment.' });
    throw toNeuroError(error);
  }
}
