import type { Hex } from 'viem';
import type { Anvil } from './anvilProcess.ts';
import type { BlockEntry } from './blockJournal.ts';
import { RpcFailure } from './jsonRpc.ts';

/** What is known of a block after it was made. Timestamp in Unix seconds. */
export type MinedBlock = { number: number; hash: Hex; timestamp: number; transactions: readonly Hex[] };

type RawBlock = { number: Hex; hash: Hex; timestamp: Hex; transactions: Hex[] };

/** Reads a block of anvil, with the hashes of its transactions. */
export async function readBlock(anvil: Anvil, number: number | 'latest'): Promise<MinedBlock> {
  const tag = number === 'latest' ? number : `0x${number.toString(16)}`;
  const block = (await anvil.call('eth_getBlockByNumber', [tag, false])) as RawBlock | null;
  if (block === null) throw new Error(`anvil has no block ${number}`);
  return { number: Number(block.number), hash: block.hash, timestamp: Number(block.timestamp), transactions: block.transactions };
}

/**
 * Makes the block that the entry describes. With `submit`, hands its transactions to the pool first (they are there
 * already when the entry was just composed). Transactions that turn out not to be executable are left out by anvil;
 * the pool is empty afterwards in every case, so the block depends on the entry and its parent alone.
 */
export async function mineBlock(parameters: { anvil: Anvil; entry: BlockEntry; submit: boolean }): Promise<MinedBlock> {
  const { anvil, entry, submit } = parameters;
  if (submit) {
    for (const raw of entry.transactions) {
      await anvil.call('eth_sendRawTransaction', [raw]).catch((error: unknown) => {
        // Refused now means refused or left out before; the block hash is checked by the caller.
        if (!(error instanceof RpcFailure)) throw error;
      });
    }
  }
  await anvil.call('evm_setBlockGasLimit', [`0x${entry.gasLimit.toString(16)}`]);
  await anvil.call('evm_setNextBlockTimestamp', [entry.timestamp]);
  await anvil.call('evm_mine');
  const block = await readBlock(anvil, 'latest');
  if (block.transactions.length < entry.transactions.length) await anvil.call('anvil_dropAllTransactions');
  return block;
}
