/** What the chain's tests share: a folder, a contract that logs and stores, accounts that sign, RPC that must succeed. */
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Hex, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { DevChain } from './startDevChain.ts';

/** Logs its calldata under topic 0x2a and stores prevrandao under the block's number; see the runtime below. */
export const loggerCode: Hex = '0x600d600a5f39600d5ff3365f5f37602a365fa144435500';
/** Stores blockhash(number - first word of calldata) under the block's number. */
export const blockhashCode: Hex = '0x6008600a5f3960085ff35f35430340435500';

/** Reads the slot that calldata names, and reverts. */
export const revertingCode: Hex = '0x6006600a5f3960065ff35f35545f5ffd';

export const makeFolder = (): Promise<string> => mkdtemp(path.join(tmpdir(), 'chain-'));

export async function ask<T = unknown>(chain: Pick<DevChain, 'rpc'>, method: string, params: readonly unknown[] = []): Promise<T> {
  const response = await chain.rpc({ jsonrpc: '2.0', id: 1, method, params });
  if ('error' in response) throw new Error(`${method}: ${response.error.message}`);
  return response.result as T;
}

export type Signer = (request?: { to?: Hex; data?: Hex; value?: bigint; nonce?: number; gas?: bigint; maxFeePerGas?: bigint }) => Promise<Hex>;

/** Signs transactions of one of the chain's accounts, counting nonces from 0 unless told otherwise. */
export function createSigner(chain: DevChain, index: number, firstNonce = 0): Signer {
  const privateKey = chain.accounts[index]?.privateKey;
  if (privateKey === undefined) throw new Error(`no account ${index}`);
  const account = privateKeyToAccount(privateKey);
  let next = firstNonce;
  return ({ nonce = next, gas = 200_000n, maxFeePerGas = 10n ** 10n, ...request } = {}) => {
    next = nonce + 1;
    return account.signTransaction({ type: 'eip1559', chainId: chain.chainId, nonce, gas, maxFeePerGas, maxPriorityFeePerGas: 1n, ...request });
  };
}

/** Everything that must be the same again: each block with its transactions, all logs, receipts, balances, storage. */
export async function photograph(chain: DevChain, upTo: bigint): Promise<unknown> {
  const blocks: { hash: Hex; transactions: { hash: Hex }[] }[] = [];
  for (let number = 0n; number <= upTo; number += 1n) blocks.push(await ask(chain, 'eth_getBlockByNumber', [toHex(number), true]));
  const receipts = [];
  for (const { transactions } of blocks) for (const { hash } of transactions) receipts.push(await ask(chain, 'eth_getTransactionReceipt', [hash]));
  const balances = [];
  for (const { address } of chain.accounts) balances.push(await ask(chain, 'eth_getBalance', [address, toHex(upTo)]), await ask(chain, 'eth_getTransactionCount', [address, toHex(upTo)]));
  return { blocks, receipts, balances, logs: await ask(chain, 'eth_getLogs', [{ fromBlock: '0x0', toBlock: toHex(upTo) }]) };
}

export async function anvilPid(folder: string): Promise<number> {
  return (JSON.parse(await readFile(path.join(folder, 'anvil.pid'), 'utf8')) as { pid: number }).pid;
}
