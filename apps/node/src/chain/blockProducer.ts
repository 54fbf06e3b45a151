import { setTimeout as sleep } from 'node:timers/promises';
import type { Hex } from 'viem';
import type { BlockJournal } from './blockJournal.ts';
import { RpcFailure, rpcErrorCodes } from './jsonRpc.ts';
import { makeBlock, toFailure } from './makeBlock.ts';
import type { MinedBlock } from './mineBlock.ts';
import type { StateCopies } from './stateCopies.ts';
import type { EvmSupervisor } from './superviseEvm.ts';
import { createTransactionQueue, type QueuedTransaction } from './transactionQueue.ts';

export type BlockProducer = {
  /** Resolves to the transaction's hash once the block that holds it is made and journalled. */
  submit: (transaction: QueuedTransaction) => Promise<Hex>;
  /** Makes one block now, with what waits; `secondsLater` moves the chain's clock on, for good. */
  produce: (parameters?: { secondsLater?: number }) => Promise<void>;
  /** Loads the EVM anew from its own state, between two blocks. */
  settle: () => Promise<void>;
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
const quickBlocks = 10;
const quickSeconds = 0.4;
const gapCheckMs = 250;

/** Runs one piece of work after the other, whatever became of those before. */
function createLane(): { run: <T>(work: () => Promise<T>) => Promise<T>; idle: () => Promise<unknown> } {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (work) => {
      const done = last.then(work);
      last = done.catch(() => undefined);
      return done;
    },
    idle: () => last,
  };
}

/** The real clock, moved on by what the time machine added; after a restart the head block tells by how much. */
function createClock(head: MinedBlock): { now: () => number; moveOn: (seconds: number) => void } {
  const real = (): number => Math.floor(Date.now() / 1_000);
  let offset = Math.max(0, head.timestamp - real());
  return { now: () => real() + offset, moveOn: (seconds) => { offset += seconds; } };
}

type Pace = { made: (filled: number) => void; schedule: () => void; stop: () => void };

/** Asks for empty blocks: quick ones for a while after activity, then at rest. */
function createPace(blockIdleSeconds: number, makeEmpty: () => Promise<unknown>): Pace {
  let emptySince = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const schedule = (): void => {
    clearTimeout(timer);
    if (stopped || blockIdleSeconds <= 0) return;
    const seconds = emptySince < quickBlocks ? Math.min(quickSeconds, blockIdleSeconds) : blockIdleSeconds;
    timer = setTimeout(() => { void makeEmpty().finally(schedule); }, seconds * 1_000);
  };
  return {
    schedule,
    made: (filled) => { emptySince = filled > 0 ? 0 : emptySince + 1; },
    stop: () => { stopped = true; clearTimeout(timer); },
  };
}

/** Makes the blocks: at once when transactions wait, else empty ones, quickly after activity and slowly later. */
export function createBlockProducer(parameters: ProducerParameters): BlockProducer {
  const { evm, journal, copies, blockIdleSeconds, log } = parameters;
  const queue = createTransactionQueue();
  const lane = createLane();
  const clock = createClock(evm.head());
  const deps = { evm, journal, queue, now: clock.now };
  const state = { stopped: false, draining: false };

  const make = async (force: boolean): Promise<number> => {
    const made = await makeBlock(deps, force);
    if (made === undefined) return 0;
    pace.made(made.filled);
    if (made.block.number % copyEvery === 0) {
      const anvil = await evm.ready();
      await copies.save(anvil, made.block).catch((error: unknown) => log(`chain: no state copy at block ${made.block.number}: ${String(error)}`));
    }
    return made.filled;
  };
  const pace = createPace(blockIdleSeconds, () => lane.run(() => make(true)).catch((error: unknown) => log(`chain: no block: ${String(error)}`)));

  const drain = async (): Promise<void> => {
    if (state.draining) return;
    state.draining = true;
    try {
      while (!queue.isEmpty() && !state.stopped) {
        const filled = await lane.run(() => make(false));
        if (filled > 0) pace.schedule();
        else if (!queue.isEmpty()) await sleep(gapCheckMs, undefined, { ref: false });
      }
    } catch (error) {
      queue.rejectAll(toFailure(error));
      log(`chain: transactions were turned away: ${String(error)}`);
    } finally {
      state.draining = false;
    }
  };

  pace.schedule();
  return {
    submit: async (transaction) => {
      if (state.stopped) throw new RpcFailure({ code: rpcErrorCodes.unavailable, message: 'the chain is stopping' });
      const done = queue.add(transaction);
      void drain();
      return done;
    },
    produce: async ({ secondsLater = 0 } = {}) => {
      await lane.run(() => {
        clock.moveOn(secondsLater);
        return make(true);
      });
      pace.schedule();
    },
    settle: () => lane.run(async () => {
      const anvil = await evm.ready();
      const { number, hash } = evm.head();
      await copies.save(anvil, { number, hash });
      await journal.append({ type: 'settled', number }, { durable: true });
      await evm.replace(anvil);
    }),
    stop: async () => {
      state.stopped = true;
      pace.stop();
      await lane.idle();
      queue.rejectAll(new RpcFailure({ code: rpcErrorCodes.unavailable, message: 'the chain has stopped' }));
    },
  };
}
