import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Abi, type AccessList, type Address, decodeErrorResult, encodeDeployData, encodeFunctionData, type Hex, type TransactionReceipt, toHex } from 'viem';
import { mnemonicToAccount, type HDAccount } from 'viem/accounts';
import { type ChainClients, createChainClients } from '../../apps/node/src/chain/createChainClients.ts';
import { RpcFailure, rpcError, rpcResult } from '../../apps/node/src/chain/jsonRpc.ts';
import { startTracingAnvil, type TracingAnvil } from './anvil.ts';

/** The public test mnemonic of anvil: play money only. */
const mnemonic = 'test test test test test test test test test test test junk';
const chainId = 31_337;
const accountCount = 20;

export type Call = { from: Address; address: Address; abi: Abi; functionName: string; args: readonly unknown[]; accessList?: AccessList };

/** A fresh EVM (Cancun rules) whose every transaction is a block of its own, so each begins with cold storage. */
export type Evm = {
  clients: ChainClients;
  accounts: HDAccount[];
  folder: string;
  rpc: TracingAnvil['call'];
  /** Sends one call as a transaction and returns its receipt. Throws with the decoded revert when it fails. */
  send: (call: Call) => Promise<TransactionReceipt>;
  deploy: (parameters: { from: Address; abi: Abi; bytecode: Hex; args: readonly unknown[] }) => Promise<Address>;
  read: <T>(call: Omit<Call, 'from'>) => Promise<T>;
  mine: (blocks: number) => Promise<void>;
  /** Moves the clock on by `seconds` and makes a block. */
  skip: (seconds: number) => Promise<void>;
  stop: () => Promise<void>;
};

function describeRevert(error: unknown, abi: Abi): string {
  const data: unknown = error instanceof RpcFailure ? error.error.data : undefined;
  if (typeof data === 'string' && data.length >= 10) {
    try {
      const { errorName, args } = decodeErrorResult({ abi, data: data as Hex });
      return `${errorName}(${((args ?? []) as readonly unknown[]).map(String).join(', ')})`;
    } catch {
      return data;
    }
  }
  return error instanceof Error ? error.message : String(error);
}

/** anvil answers before the block is there. */
async function findReceipt(clients: ChainClients, hash: Hex): Promise<TransactionReceipt> {
  for (let tries = 0; tries < 2_000; tries += 1) {
    const receipt = await clients.publicClient.getTransactionReceipt({ hash }).catch(() => undefined);
    if (receipt !== undefined) return receipt;
    await sleep(5);
  }
  throw new Error(`anvil made no block with ${hash}.`);
}

async function submit(anvil: TracingAnvil, parameters: { transaction: Record<string, unknown>; what: string; abi: Abi; clients: ChainClients }): Promise<TransactionReceipt> {
  const { transaction, what, abi, clients } = parameters;
  // A call first: its failure says why, a receipt only that.
  await anvil.call('eth_call', [transaction, 'latest']).catch((error: unknown) => { throw new Error(`${what} reverts: ${describeRevert(error, abi)}`); });
  const hash = (await anvil.call('eth_sendTransaction', [{ ...transaction, gas: toHex(25_000_000) }])) as Hex;
  const receipt = await findReceipt(clients, hash);
  if (receipt.status !== 'success') throw new Error(`${what} failed in ${hash}.`);
  return receipt;
}

/** Starts anvil for measurements. Throws NeuroError NOT_READY when there is none for this platform. */
export async function startEvm(): Promise<Evm> {
  const folder = await mkdtemp(path.join(tmpdir(), 'neurodata-gas-'));
  const anvil = await startTracingAnvil({ chainId, accounts: accountCount });
  const clients = createChainClients({
    chainId,
    rpc: async ({ id, method, params }) => anvil.call(method, params as readonly unknown[]).then(
      (result) => rpcResult(id ?? null, result),
      (error: unknown) => { if (error instanceof RpcFailure) return rpcError(id ?? null, error.error); throw error; },
    ),
  });
  const mine = async (blocks: number): Promise<void> => void await anvil.call('anvil_mine', [toHex(blocks), toHex(1)]);
  return {
    clients, folder, rpc: anvil.call, mine,
    accounts: Array.from({ length: accountCount }, (_, addressIndex) => mnemonicToAccount(mnemonic, { addressIndex })),
    send: ({ from, address, abi, functionName, args, accessList }) => submit(anvil, {
      transaction: { from, to: address, data: encodeFunctionData({ abi, functionName, args }), ...(accessList === undefined ? {} : { accessList }) }, what: functionName, abi, clients,
    }),
    deploy: async ({ from, abi, bytecode, args }) => {
      const { contractAddress } = await submit(anvil, { transaction: { from, data: encodeDeployData({ abi, bytecode, args }) }, what: 'deployment', abi, clients });
      if (!contractAddress) throw new Error('A deployment made no contract.');
      return contractAddress;
    },
    read: async <T>({ address, abi, functionName, args }: Omit<Call, 'from'>) => (await clients.publicClient.readContract({ address, abi, functionName, args })) as T,
    skip: async (seconds) => { await anvil.call('evm_increaseTime', [toHex(seconds)]); await mine(1); },
    stop: async () => { await anvil.stop(); await rm(folder, { recursive: true, force: true }); },
  };
}
