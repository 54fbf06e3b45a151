import { randomBytes } from 'node:crypto';
import type { Address } from 'viem';
import { type Anvil, AnvilGone, blockGas } from './anvilProcess.ts';
import type { BlockEntry, BlockJournal } from './blockJournal.ts';
import { RpcFailure, rpcErrorCodes } from './jsonRpc.ts';
import { type MinedBlock, mineBlock } from './mineBlock.ts';
import type { EvmSupervisor } from './superviseEvm.ts';
import type { QueuedTransaction, TransactionQueue } from './transactionQueue.ts';

export type MakeBlockDeps = {
  evm: EvmSupervisor;
  journal: BlockJournal;
  queue: TransactionQueue;
  /** The chain's time in Unix seconds. */
  now: () => number;
};

/** Any error as the one that a caller of the RPC gets. */
export function toFailure(error: unknown): RpcFailure {
  if (error instanceof RpcFailure) return error;
  return new RpcFailure({ code: rpcErrorCodes.internal, message: error instanceof Error ? error.message : String(error) });
}

/**
 * The block's gas limit carries its entropy: it is in the header, so that nobody can tell a coming block's hash, from
 * which contracts draw. anvil 1.7.1 derives prevrandao from parent hash and number, which makes that unknown as well.
 */
function chooseGasLimit(): number {
  return blockGas + randomBytes(3).readUIntBE(0, 3);
}

type Filled = { accepted: QueuedTransaction[]; later: QueuedTransaction[] };

/** Hands the transactions to the pool of `anvil` in order; answers those that it refuses and sorts the others. */
async function fillPool(anvil: Anvil, transactions: readonly QueuedTransaction[]): Promise<Filled> {
  const accepted: QueuedTransaction[] = [];
  const later: QueuedTransaction[] = [];
  const broken = new Set<Address>();
  for (const tx of transactions) {
    if (broken.has(tx.sender)) {
      later.push(tx);
      continue;
    }
    try {
      await anvil.call('eth_sendRawTransaction', [tx.raw]);
      accepted.push(tx);
    } catch (error) {
      if (!(error instanceof RpcFailure)) throw error;
      broken.add(tx.sender);
      tx.settle(error);
    }
  }
  return { accepted, later };
}

async function takeAndFill(deps: MakeBlockDeps, anvil: Anvil): Promise<QueuedTransaction[]> {
  const nonces = new Map<Address, number>();
  const nonceOf = async (sender: Address): Promise<number> => {
    const known = nonces.get(sender) ?? Number(await anvil.call('eth_getTransactionCount', [sender, 'latest']));
    nonces.set(sender, known);
    return known;
  };
  const chosen = await deps.queue.take(nonceOf);
  try {
    const { accepted, later } = await fillPool(anvil, chosen);
    deps.queue.putBack(later);
    return accepted;
  } catch (error) {
    deps.queue.putBack(chosen);
    throw error;
  }
}

function composeEntry(deps: MakeBlockDeps, transactions: readonly QueuedTransaction[]): BlockEntry {
  return {
    type: 'block',
    number: deps.journal.lastNumber() + 1,
    // Equal timestamps are allowed (as on rollups): a burst of blocks must not run ahead of the real clock.
    timestamp: Math.max(deps.now(), deps.evm.head().timestamp),
    gasLimit: chooseGasLimit(),
    transactions: transactions.map((tx) => tx.raw),
  };
}

/** Carries out what the journal holds; if anvil dies meanwhile, its replacement has replayed the entry or is given it. */
async function carryOut(deps: MakeBlockDeps, entry: BlockEntry, filled: Anvil): Promise<MinedBlock> {
  const { evm, journal } = deps;
  for (;;) {
    const anvil = await evm.ready();
    if (evm.head().number >= entry.number) return evm.head();
    try {
      const block = await mineBlock({ anvil, entry, submit: anvil !== filled });
      if (block.number !== entry.number) throw new Error(`block ${entry.number} came out as number ${block.number}`);
      await journal.append({ type: 'mined', number: block.number, hash: block.hash });
      evm.advance(block);
      return block;
    } catch (error) {
      if (!(error instanceof AnvilGone)) throw error;
      await evm.replace(anvil);
    }
  }
}

function settleAll(transactions: readonly QueuedTransaction[], block: MinedBlock): void {
  const included = new Set(block.transactions);
  for (const tx of transactions) {
    const message = `transaction ${tx.hash} could not be executed in block ${block.number}`;
    tx.settle(included.has(tx.hash) ? tx.hash : new RpcFailure({ code: rpcErrorCodes.rejected, message }));
  }
}

async function makeOnce(deps: MakeBlockDeps, force: boolean): Promise<{ block: MinedBlock; filled: number } | undefined> {
  const anvil = await deps.evm.ready();
  const accepted = await takeAndFill(deps, anvil);
  if (accepted.length === 0 && !force) return undefined;
  const entry = composeEntry(deps, accepted);
  try {
    await deps.journal.append(entry, { durable: true });
  } catch (error) {
    for (const tx of accepted) tx.settle(toFailure(error));
    await anvil.call('anvil_dropAllTransactions');
    throw error;
  }
  try {
    const block = await carryOut(deps, entry, anvil);
    settleAll(accepted, block);
    return { block, filled: accepted.length };
  } catch (error) {
    const failure = toFailure(error);
    for (const tx of accepted) tx.settle(failure);
    throw error;
  }
}

/**
 * Makes one block of what waits in the queue, or, without `force`, none if nothing can go into it. The intent is on disk
 * before the block is made, and senders hear of it afterwards. Lives through the end of anvil. One call at a time.
 */
export async function makeBlock(deps: MakeBlockDeps, force: boolean): Promise<{ block: MinedBlock; filled: number } | undefined> {
  for (let tries = 0; ; tries += 1) {
    const anvil = await deps.evm.ready();
    try {
      return await makeOnce(deps, force);
    } catch (error) {
      if (!(error instanceof AnvilGone) || tries >= 5) throw error;
      await deps.evm.replace(anvil);
    }
  }
}
