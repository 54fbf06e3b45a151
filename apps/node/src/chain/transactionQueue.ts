import { type Address, type Hex, isHex, keccak256, parseTransaction, recoverTransactionAddress, type TransactionSerialized } from 'viem';
import { blockGas } from './anvilProcess.ts';
import { RpcFailure, rpcErrorCodes } from './jsonRpc.ts';

/** A signed transaction that waits for its block, and the promises of those who sent it. */
export type QueuedTransaction = {
  raw: Hex;
  hash: Hex;
  sender: Address;
  nonce: number;
  gas: bigint;
  arrivedAt: number;
  settle: (outcome: Hex | RpcFailure) => void;
  settled: Promise<Hex>;
};

export type TransactionQueue = {
  /** Adds it, or joins it to the same one that already waits. Resolves to its hash once it is in a block. */
  add: (transaction: QueuedTransaction) => Promise<Hex>;
  /** Those that can go into the next block, in order; `nonceOf` gives a sender's next nonce on chain. Removes them. */
  take: (nonceOf: (sender: Address) => Promise<number>) => Promise<QueuedTransaction[]>;
  putBack: (transactions: readonly QueuedTransaction[]) => void;
  isEmpty: () => boolean;
  rejectAll: (failure: RpcFailure) => void;
};

const gapWaitMs = 5_000;
const maxQueued = 2_000;
const maxPerBlock = 200;
const maxRawBytes = 512 * 1024;

function rejected(message: string): RpcFailure {
  return new RpcFailure({ code: rpcErrorCodes.rejected, message });
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message.split('\n', 1)[0] ?? error.message : String(error);
}

/**
 * Parses a raw signed transaction and finds who signed it.
 *
 * @throws RpcFailure when it cannot be decoded, is for another chain, or asks for more than a block can give.
 */
export async function decodeTransaction(raw: unknown, chainId: number): Promise<QueuedTransaction> {
  if (!isHex(raw)) throw new RpcFailure({ code: rpcErrorCodes.invalidParams, message: 'eth_sendRawTransaction takes one 0x-prefixed signed transaction.' });
  if (raw.length > 2 * maxRawBytes) throw rejected(`transaction too large: more than ${maxRawBytes} bytes`);
  const bytes = raw.toLowerCase() as TransactionSerialized;
  let parsed: ReturnType<typeof parseTransaction>;
  let sender: Address;
  try {
    parsed = parseTransaction(bytes);
    sender = await recoverTransactionAddress({ serializedTransaction: bytes });
  } catch (error) {
    throw rejected(`transaction cannot be decoded: ${describe(error)}`);
  }
  if (parsed.type === 'eip4844') throw rejected('blob transactions are not served on this chain');
  if (parsed.chainId !== undefined && parsed.chainId !== chainId) {
    throw rejected(`invalid chain id for signer: have ${parsed.chainId}, want ${chainId}`);
  }
  const gas = parsed.gas ?? 0n;
  if (gas > BigInt(blockGas)) throw rejected(`exceeds block gas limit: ${gas} > ${blockGas}`);
  const { promise, resolve, reject } = Promise.withResolvers<Hex>();
  const settle = (outcome: Hex | RpcFailure): void => { if (outcome instanceof RpcFailure) reject(outcome); else resolve(outcome); };
  promise.catch(() => undefined);
  return { raw: bytes, hash: keccak256(bytes), sender, nonce: parsed.nonce ?? 0, gas, arrivedAt: Date.now(), settle, settled: promise };
}

type Account = { onChain: number; next: number };

/** Chooses in order of arrival, each sender's nonces without a gap, within the gas of one block. */
async function choose(waiting: ReadonlyMap<Hex, QueuedTransaction>, nonceOf: (sender: Address) => Promise<number>): Promise<QueuedTransaction[]> {
  const accounts = new Map<Address, Account>();
  const held = new Map<string, QueuedTransaction>();
  const chosen: QueuedTransaction[] = [];
  let gas = 0n;
  const accountOf = async (sender: Address): Promise<Account> => {
    const onChain = await nonceOf(sender);
    const account = accounts.get(sender) ?? { onChain, next: onChain };
    accounts.set(sender, account);
    return account;
  };
  const chooseIfFits = (tx: QueuedTransaction): boolean => {
    if (chosen.length >= maxPerBlock || gas + tx.gas > BigInt(blockGas)) return false;
    chosen.push(tx);
    gas += tx.gas;
    return true;
  };
  for (const tx of waiting.values()) {
    const account = await accountOf(tx.sender);
    // Handed on although it is used up: the EVM's own refusal is the right answer.
    if (tx.nonce < account.onChain && !chooseIfFits(tx)) break;
    // A second transaction with a nonce of this block stays for the next one, where it is refused, and replaces nothing.
    if (tx.nonce < account.next) continue;
    held.set(`${tx.sender}:${tx.nonce}`, held.get(`${tx.sender}:${tx.nonce}`) ?? tx);
    for (;;) {
      const follower = held.get(`${tx.sender}:${account.next}`);
      if (follower === undefined) break;
      if (!chooseIfFits(follower)) return chosen;
      account.next += 1;
    }
  }
  return chosen;
}

/** Holds what was sent and is in no block yet. A nonce above the next one waits 5 s for those below it to arrive. */
export function createTransactionQueue(): TransactionQueue {
  const waiting = new Map<Hex, QueuedTransaction>();
  const taken = new Map<Hex, QueuedTransaction>();
  const rejectGaps = async (nonceOf: (sender: Address) => Promise<number>): Promise<void> => {
    for (const tx of waiting.values()) {
      if (Date.now() - tx.arrivedAt < gapWaitMs) continue;
      const expected = await nonceOf(tx.sender);
      if (tx.nonce <= expected) continue;
      waiting.delete(tx.hash);
      tx.settle(rejected(`nonce too high: ${tx.sender} has next nonce ${expected}, the transaction has ${tx.nonce}`));
    }
  };
  return {
    add: (transaction) => {
      const known = waiting.get(transaction.hash) ?? taken.get(transaction.hash);
      if (known !== undefined) return known.settled;
      if (waiting.size >= maxQueued) return Promise.reject(new RpcFailure({ code: rpcErrorCodes.limit, message: 'too many transactions wait; try again in a moment' }));
      waiting.set(transaction.hash, transaction);
      return transaction.settled;
    },
    take: async (nonceOf) => {
      await rejectGaps(nonceOf);
      const chosen = await choose(waiting, nonceOf);
      for (const tx of chosen) {
        waiting.delete(tx.hash);
        taken.set(tx.hash, tx);
        tx.settled.finally(() => taken.delete(tx.hash)).catch(() => undefined);
      }
      return chosen;
    },
    putBack: (transactions) => {
      const others = [...waiting.values()];
      waiting.clear();
      for (const tx of [...transactions, ...others]) waiting.set(tx.hash, tx);
    },
    isEmpty: () => waiting.size === 0,
    rejectAll: (failure) => {
      for (const tx of [...waiting.values(), ...taken.values()]) tx.settle(failure);
      waiting.clear();
    },
  };
}
