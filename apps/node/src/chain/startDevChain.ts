import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hex } from 'viem';
import { NeuroError } from '@neurodata/protocol';
import { AnvilGone, type AnvilParameters, endLeftoverAnvil, keptStates, startAnvil } from './anvilProcess.ts';
import { type BlockJournal, type GenesisEntry, openBlockJournal } from './blockJournal.ts';
import { type BlockProducer, createBlockProducer } from './blockProducer.ts';
import { demoAccounts } from './demoAccounts.ts';
import { filterRpc } from './filterRpc.ts';
import { lockFolder } from './folderLock.ts';
import { type JsonRpcRequest, type JsonRpcResponse, RpcFailure, rpcError, rpcErrorCodes, rpcResult } from './jsonRpc.ts';
import { readBlock } from './mineBlock.ts';
import { resolveAnvil } from './resolveAnvil.ts';
import { restoreChain } from './restoreChain.ts';
import { createStateCopies } from './stateCopies.ts';
import { type EvmSupervisor, superviseEvm } from './superviseEvm.ts';
import { decodeTransaction } from './transactionQueue.ts';

export type DevChain = {
  chainId: number;
  /** The public door: what `filterRpc` allows. Waits up to 30 s while the EVM is being restored. Never throws. */
  rpc: (request: JsonRpcRequest) => Promise<JsonRpcResponse>;
  /** The newest block; timestamp in Unix seconds. */
  head: () => { number: bigint; hash: Hex; timestamp: bigint };
  /** Makes blocks now. `secondsLater` moves the chain's clock on before the first. Not reachable through `rpc`. */
  mine: (parameters?: { blocks?: number; secondsLater?: number }) => Promise<void>;
  /**
   * Loads the EVM anew from its own state, once in a chain's life: whoever deploys contracts calls it when they are there.
   * anvil's state root counts the empty slots that a reverted call has read, but only of contracts which it loaded, not of
   * those that it created: without this, what follows could come out with another hash after a restart.
   */
  settle: () => Promise<void>;
  /** The play-money accounts that the genesis block gives 10,000 ether each. */
  accounts: { address: Hex; privateKey: Hex }[];
  stop: () => Promise<void>;
};

export type StartDevChainParameters = {
  /** Holds journal, state copies and lock; made if missing. */
  folder: string;
  chainId?: number;
  log: (line: string) => void;
  /** Seconds between empty blocks at rest; 0 makes none by itself. */
  blockIdleSeconds?: number;
  /** How many of the funded accounts to name in `accounts`; the genesis block funds 40, or this many if more. */
  accounts?: number;
};

const readyTimeoutMs = 30_000;
/** So that a later start may ask for more accounts. */
const fundedAtLeast = 40;

async function bornNow(parameters: AnvilParameters): Promise<GenesisEntry> {
  const anvil = await startAnvil(parameters);
  try {
    const engine = String(await anvil.call('web3_clientVersion'));
    const { chainId, accounts, genesisTimestamp: timestamp } = parameters;
    return { type: 'genesis', chainId, timestamp, accounts, engine, hash: (await readBlock(anvil, 0)).hash };
  } finally {
    await anvil.kill();
  }
}

async function openGenesis(journal: BlockJournal, parameters: AnvilParameters): Promise<GenesisEntry> {
  const known = journal.genesis();
  if (known !== undefined) return known;
  const entry = await bornNow(parameters);
  await journal.append(entry, { durable: true });
  return entry;
}

/** What the chain was born with decides; a start that asks for something else is refused. */
function chooseGenesis(journal: BlockJournal, wanted: { folder: string; chainId: number; accounts: number }): { genesisTimestamp: number; accounts: number } {
  const known = journal.genesis();
  if (known === undefined) return { genesisTimestamp: Math.floor(Date.now() / 1_000), accounts: Math.max(wanted.accounts, fundedAtLeast) };
  if (known.chainId === wanted.chainId && known.accounts >= wanted.accounts) return { genesisTimestamp: known.timestamp, accounts: known.accounts };
  throw new NeuroError(`The chain in ${wanted.folder} has id ${known.chainId} and ${known.accounts} funded accounts, not ${wanted.chainId} and ${wanted.accounts}.`, {
    code: 'WRONG_CHAIN', remedy: 'Go back to that setting, or choose another state folder.',
  });
}

function withTimeout<T>(promise: Promise<T>, message: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new RpcFailure({ code: rpcErrorCodes.unavailable, message })), readyTimeoutMs);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function explain(failure: RpcFailure): { code: number; message: string; data?: unknown } {
  if (!failure.message.includes('BlockOutOfRangeError')) return failure.error;
  return { ...failure.error, message: `The state of that block is not kept: calls reach ${keptStates} blocks back at most. (${failure.message})` };
}

/** A read that fails does not condemn the EVM: its end is noticed elsewhere, and this waits for the next one. */
async function read(evm: EvmSupervisor, request: JsonRpcRequest): Promise<unknown> {
  for (let tries = 0; ; tries += 1) {
    const anvil = await withTimeout(evm.ready(), 'The chain is being restored; try again in a moment.');
    try {
      return await anvil.call(request.method, request.params);
    } catch (error) {
      if (!(error instanceof AnvilGone) || tries >= 10 || error.cause instanceof DOMException) throw error;
      await sleep(50);
    }
  }
}

function createDoor(parameters: { chainId: number; evm: EvmSupervisor; producer: BlockProducer }): DevChain['rpc'] {
  const { chainId, evm, producer } = parameters;
  return async (unfiltered) => {
    const filtered = filterRpc(unfiltered);
    if ('refused' in filtered) return filtered.refused;
    const { request } = filtered;
    try {
      if (request.method !== 'eth_sendRawTransaction') return rpcResult(request.id, await read(evm, request));
      const transaction = await decodeTransaction(request.params?.[0], chainId);
      return rpcResult(request.id, await withTimeout(producer.submit(transaction), 'The transaction is in no block yet; look for its receipt.'));
    } catch (error) {
      if (error instanceof RpcFailure) return rpcError(request.id, explain(error));
      return rpcError(request.id, { code: rpcErrorCodes.internal, message: error instanceof Error ? error.message : String(error) });
    }
  };
}

/**
 * Starts the embedded EVM chain, or takes it up where its journal ends: same blocks, same hashes, whatever was killed in
 * between. A transaction that `rpc` has acknowledged is on disk and in a block.
 *
 * @throws NeuroError CONFLICT when another process runs it, WRONG_CHAIN for other settings than it was made with,
 * INTERNAL when the journal is damaged or does not reproduce its hashes, NOT_READY when there is no anvil.
 * @example const chain = await startDevChain({ folder: 'state/chain', log: console.log });
 */
export async function startDevChain(parameters: StartDevChainParameters): Promise<DevChain> {
  const { chainId = 31_337, log, blockIdleSeconds = 15, accounts = 10 } = parameters;
  const folder = path.resolve(parameters.folder);
  const binary = await resolveAnvil();
  const lock = await lockFolder(folder);
  const undo: (() => Promise<void>)[] = [lock.release];
  try {
    if (await endLeftoverAnvil(folder)) log('chain: ended an anvil that an earlier process had left running');
    const journal = await openBlockJournal({ file: path.join(folder, 'journal.ndjson'), log });
    undo.unshift(journal.close);
    const fresh: AnvilParameters = { binary, folder, chainId, ...chooseGenesis(journal, { folder, chainId, accounts }) };
    await openGenesis(journal, fresh);
    const copies = createStateCopies(path.join(folder, 'copies'), journal.settledAt);
    const began = performance.now();
    const evm = await superviseEvm({ restore: () => restoreChain({ anvil: fresh, journal, copies, log }), log });
    undo.unshift(evm.stop);
    log(`chain ${chainId}: block ${evm.head().number}, ready after ${Math.round(performance.now() - began)} ms`);
    const producer = createBlockProducer({ evm, journal, copies, blockIdleSeconds, log });
    undo.unshift(producer.stop);
    return {
      chainId,
      accounts: demoAccounts(accounts),
      rpc: createDoor({ chainId, evm, producer }),
      head: () => ({ number: BigInt(evm.head().number), hash: evm.head().hash, timestamp: BigInt(evm.head().timestamp) }),
      mine: async ({ blocks = 1, secondsLater = 0 } = {}) => {
        for (let block = 0; block < blocks; block += 1) await producer.produce({ secondsLater: block === 0 ? secondsLater : 0 });
      },
      settle: async () => { if (journal.settledAt() === undefined) await producer.settle(); },
      stop: async () => { for (const step of undo.splice(0)) await step(); },
    };
  } catch (error) {
    for (const step of undo) await step();
    throw error;
  }
}
