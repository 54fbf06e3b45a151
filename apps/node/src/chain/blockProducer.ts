import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, Hex } from 'viem';
import { type Anvil, AnvilGone, blockGas } from './anvilProcess.ts';
import type { BlockEntry, BlockJournal } from './blockJournal.ts';
import { RpcFailure, rpcErrorCodes } from './jsonRpc.ts';
import { type MinedBlock, mineBlock } from './mineBlock.ts';
import type { StateCopies } from './stateCopies.ts';
import type { EvmSupervisor } from './superviseEvm.ts';
import { createTransactionQueue, type QueuedTransaction } from './transactionQueue.ts';

export type BlockProducer = {
  /** Resolves to the transaction's hash once the block that holds it is made and journalled. */
  submit: (transaction: QueuedTransaction) => Promise<Hex>;
  /** Makes one block now, with what waits; `secondsLater` moves the chain's clock on, for good. */
  produce: (parameters?: { secondsLater?: number }) => Promise<void>;
  stop: () => Promise<void>;
};

export type ProducerParameters = {
  evm: EvmSupervisor;
  journal: BlockJournal;
  copies: StateCopies;
  blockIdleSeconds: number;
  log: (line: string) => void;
};

const copyEvery = 200;
const quickBlocks = 5;
const gapCheckMs = 250;

function failureOf(error: unknown): RpcFailure {
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

/** Hands the transactions to the pool of `anvil` in order; answers those that it refuses and returns the others. */
async function fillPool(anvil: Anvil, transactions: readonly QueuedTransaction[]): Promise<{ accepted: QueuedTransaction[]; later: QueuedTransaction[] }> {
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

function settleAll(transactions: readonly QueuedTransaction[], block: MinedBlock): void {
  const included = new Set(block.transactions);
  for (const tx of transactions) {
    const message = `transaction ${tx.hash} could not be executed in block ${block.number}`;
    tx.settle(included.has(tx.hash) ? tx.hash : new RpcFailure({ code: rpcErrorCodes.rejected, message }));
  }
}

/**
 * Makes the blocks: at once when transactions wait, else empty ones, quickly after activity and slowly later. The intent
 * of a block is on disk before the block is made, and senders hear of it afterwards.
 */
export function createBlockProducer(parameters: ProducerParameters): BlockProducer {
  const { evm, journal, copies, blockIdleSeconds, log } = parameters;
  const queue = createTransactionQueue();
  let clockOffset = Math.max(0, evm.head().timestamp - Math.floor(Date.now() / 1_000));
  let emptySince = 0;
  let stopped = false;
  let draining = false;
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };

  const composeEntry = (transactions: readonly QueuedTransaction[]): BlockEntry => ({
    type: 'block', number: journal.lastNumber() + 1, gasLimit: chooseGasLimit(),
    // Equal timestamps are allowed (as on rollups): a burst of blocks must not run ahead of the real clock.
    timestamp: Math.max(Math.floor(Date.now() / 1_000) + clockOffset, evm.head().timestamp),
    transactions: transactions.map((tx) => tx.raw),
  });

  /** Carries out what the journal holds; if anvil dies meanwhile, its replacement replays the entry or is given it. */
  const carryOut = async (entry: BlockEntry, filled: Anvil | undefined): Promise<MinedBlock> => {
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
  };

  const produceOnce = async (force: boolean, secondsLater: number): Promise<number> => {
    const anvil = await evm.ready();
    const nonces = new Map<Address, number>();
    const nonceOf = async (sender: Address): Promise<number> => {
      const known = nonces.get(sender) ?? Number(await anvil.call('eth_getTransactionCount', [sender, 'latest']));
      nonces.set(sender, known);
      return known;
    };
    const chosen = await queue.take(nonceOf);
    let accepted: QueuedTransaction[] = [];
    try {
      const filled = await fillPool(anvil, chosen);
      ({ accepted } = filled);
      queue.putBack(filled.later);
    } catch (error) {
      queue.putBack(chosen);
      throw error;
    }
    if (accepted.length === 0 && !force) return 0;
    clockOffset += secondsLater;
    const entry = composeEntry(accepted);
    try {
      await journal.append(entry, { durable: true });
    } catch (error) {
      for (const tx of accepted) tx.settle(failureOf(error));
      await anvil.call('anvil_dropAllTransactions');
      throw error;
    }
    const block = await carryOut(entry, anvil);
    settleAll(accepted, block);
    emptySince = accepted.length > 0 ? 0 : emptySince + 1;
    if (block.number % copyEvery === 0) await copies.save(await evm.ready(), block).catch((error: unknown) => log(`chain: no state copy at block ${block.number}: ${String(error)}`));
    return accepted.length;
  };

  /** One block or, without `force`, none if nothing can go into it. anvil's death before the intent starts it again. */
  const produceSafely = async (force: boolean, secondsLater = 0): Promise<number> => {
    for (let tries = 0; ; tries += 1) {
      const anvil = await evm.ready();
      try {
        return await produceOnce(force, secondsLater);
      } catch (error) {
        if (!(error instanceof AnvilGone) || tries >= 5) throw error;
        await evm.replace(anvil);
      }
    }
  };

  const schedule = (): void => {
    clearTimeout(timer);
    if (stopped || blockIdleSeconds <= 0) return;
    timer = setTimeout(() => {
      exclusive(() => produceSafely(true)).catch((error: unknown) => log(`chain: no block: ${String(error)}`)).finally(schedule);
    }, (emptySince < quickBlocks ? Math.min(1, blockIdleSeconds) : blockIdleSeconds) * 1_000);
  };

  const drain = async (): Promise<void> => {
    if (draining) return;
    draining = true;
    try {
      while (!queue.isEmpty() && !stopped) {
        const made = await exclusive(() => produceSafely(false));
        if (made > 0) schedule();
        else if (!queue.isEmpty()) await sleep(gapCheckMs, undefined, { ref: false });
      }
    } catch (error) {
      queue.rejectAll(failureOf(error));
      log(`chain: transactions were turned away: ${String(error)}`);
    } finally {
      draining = false;
    }
  };

  schedule();
  return {
    submit: async (transaction) => {
      if (stopped) throw new RpcFailure({ code: rpcErrorCodes.unavailable, message: 'the chain is stopping' });
      const done = queue.add(transaction);
      void drain();
      return done;
    },
    produce: async ({ secondsLater = 0 } = {}) => {
      await exclusive(() => produceSafely(true, secondsLater));
      schedule();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await last;
      queue.rejectAll(new RpcFailure({ code: rpcErrorCodes.unavailable, message: 'the chain has stopped' }));
    },
  };
}
