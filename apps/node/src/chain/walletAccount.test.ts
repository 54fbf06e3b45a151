import { NeuroError } from '@neurodata/protocol';
import { awaitSent, describeTypedData, walletAccount } from '@neurodata/sdk';
import type { WalletProvider } from '@neurodata/sdk';
import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Address, type Hex, type PublicClient, createPublicClient, custom, getAddress, http, recoverTypedDataAddress, toHex } from 'viem';
import { freePort } from '../freePort.ts';
import { resolveAnvil } from './resolveAnvil.ts';

/** anvil itself is the wallet: it holds keys, signs, and sends. Blocks are made only when they are asked for. */

let anvil: ChildProcess;
let url: string;
let publicClient: PublicClient;
let provider: WalletProvider;
let address: Address;
let block: { number: number; hash: Hex };

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  anvil = spawn(await resolveAnvil(), ['--port', String(port), '--no-mining', '--silent'], { stdio: 'ignore' });
  publicClient = createPublicClient({ transport: http(url, { retryCount: 20, retryDelay: 200 }), pollingInterval: 100 });
  provider = {
    request: async ({ method, params = [] }) => {
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
      const { result, error } = (await response.json()) as { result: unknown; error?: { message: string; code: number } };
      if (error) throw Object.assign(new Error(error.message), { code: error.code });
      return result;
    },
  };
  await publicClient.getChainId();
  const { hash } = await publicClient.getBlock({ blockNumber: 0n });
  block = { number: 0, hash };
  address = getAddress(((await provider.request({ method: 'eth_accounts' })) as Hex[])[0]!);
}, 60_000);
afterAll(() => { anvil.kill(); });

const wallet = (chain = { id: 31_337, block }) => walletAccount({ provider, address, chain });
const to = '0x00000000000000000000000000000000000000aa';
const mine = () => provider.request({ method: 'evm_mine' });
const refusal = (code: number) => Object.assign(new Error('no'), { code });

/** Sends, and has its replacement mined once the first has been seen. */
async function replaced(replacement: { to: Address; data: Hex; value?: Hex }): Promise<{ hash: Hex; copy: Hex; waiting: Promise<unknown> }> {
  const hash = await wallet().sendTransaction({ to, data: '0x01', gas: 50_000n });
  const { nonce } = await publicClient.getTransaction({ hash });
  const waiting = awaitSent({ publicClient, hash, timeoutMs: 20_000 }).catch((error: unknown) => error);
  await new Promise((resolve) => { setTimeout(resolve, 1_000); });
  const copy = (await provider.request({ method: 'eth_sendTransaction', params: [{ from: address, nonce: toHex(nonce), gas: toHex(60_000), maxFeePerGas: toHex(20n * 10n ** 9n), maxPriorityFeePerGas: toHex(10n ** 10n), ...replacement }] })) as Hex;
  await mine();
  return { hash, copy, waiting };
}

test('what the wallet sent is waited for, and what its owner sped up counts as the same', async () => {
  const { hash, copy, waiting } = await replaced({ to, data: '0x01' });
  expect(copy).not.toBe(hash);
  expect(await waiting).toMatchObject({ status: 'success', transactionHash: copy });
});

test('a block that is there before its receipts says nothing against a transaction', async () => {
  const hash = await wallet().sendTransaction({ to, data: '0x03', gas: 50_000n });
  let hidden = true;
  const late = createPublicClient({ pollingInterval: 100, transport: custom({ request: async (question: { method: string; params?: unknown }) => (hidden && question.method === 'eth_getTransactionReceipt' ? null : provider.request(question)) }) });
  const waiting = awaitSent({ publicClient: late, hash, timeoutMs: 20_000 });
  await new Promise((resolve) => { setTimeout(resolve, 600); });
  await mine();
  await new Promise((resolve) => { setTimeout(resolve, 1_500); });
  hidden = false;
  expect(await waiting).toMatchObject({ status: 'success', transactionHash: hash });
});

test('what its owner cancelled, or replaced by something else, is named', async () => {
  expect(await (await replaced({ to: address, data: '0x' })).waiting).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('You cancelled it') });
  expect(await (await replaced({ to, data: '0x02' })).waiting).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('took its place') });
}, 60_000);

test('nothing is asked on another network, on a namesake, or of another account', async () => {
  const send = (account: ReturnType<typeof wallet>) => account.sendTransaction({ to, data: '0x', gas: 50_000n });
  await expect(send(wallet({ id: 1, block }))).rejects.toMatchObject({ code: 'WRONG_CHAIN', message: expect.stringContaining('network 31337; this market is on network 1') });
  await expect(send(wallet({ id: 31_337, block: { number: 0, hash: `0x${'12'.repeat(32)}` } }))).rejects.toMatchObject({ code: 'WRONG_CHAIN', message: expect.stringContaining('another one') });
  await expect(send(walletAccount({ provider, address: to, chain: { id: 31_337, block } }))).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('another account') });
});

test('what a wallet refuses is said in words, and asked once', async () => {
  const cases = [[4001, 'REJECTED'], [4100, 'CONFLICT'], [4900, 'UNREACHABLE'], [-32002, 'CONFLICT']] as const;
  for (const [code, expected] of cases) {
    let asked = 0;
    const counting: WalletProvider = { request: (question) => {
      if (question.method !== 'eth_sendTransaction') return provider.request(question);
      asked += 1;
      return Promise.reject(refusal(code));
    } };
    await expect(walletAccount({ provider: counting, address, chain: { id: 31_337, block } }).sendTransaction({ to, data: '0x', gas: 50_000n })).rejects.toMatchObject({ name: 'NeuroError', code: expected });
    expect(asked).toBe(1);
  }
});

test('what a provider of ours says itself is kept', async () => {
  const late = new NeuroError('Your wallet has not answered.', { code: 'TIMEOUT' });
  const own: WalletProvider = { request: (question) => (question.method === 'personal_sign' || question.method === 'eth_sendTransaction' ? Promise.reject(late) : provider.request(question)) };
  const account = walletAccount({ provider: own, address, chain: { id: 31_337, block } });
  await expect(account.signMessage({ message: 'hello' })).rejects.toBe(late);
  await expect(account.sendTransaction({ to, data: '0x', gas: 50_000n })).rejects.toBe(late);
});

test('a permit is signed by the wallet, and read out before', async () => {
  const coin = getAddress('0x00000000000000000000000000000000000000c0');
  const market = getAddress('0x00000000000000000000000000000000000000d0');
  const typed = {
    domain: { name: 'NeuroCoin', version: '1', chainId: 31_337, verifyingContract: coin }, primaryType: 'Permit',
    types: { Permit: [{ name: 'owner', type: 'address' }, { name: 'spender', type: 'address' }, { name: 'value', type: 'uint256' }, { name: 'nonce', type: 'uint256' }, { name: 'deadline', type: 'uint256' }] },
    message: { owner: address, spender: market, value: 25n * 10n ** 17n, nonce: 0n, deadline: 1_900_000_000n },
  } as const;
  const signature = await wallet().signTypedData(typed);
  expect(await recoverTypedDataAddress({ ...typed, signature })).toBe(address);
  const config = { deployment: { chainId: 31_337, block: 0, addresses: { neuroCoin: coin, market } } } as unknown as Parameters<typeof describeTypedData>[0]['config'];
  expect(describeTypedData({ config, typed })).toEqual({
    sentence: 'Let the market take 2.5 NCR for what you buy',
    domain: [['For', 'NeuroCoin, version 1'], ['Chain', '31337'], ['Checked by', `neuroCoin (${coin})`]],
    fields: [['owner', address], ['spender', `market (${market})`], ['value', '2.5 NCR'], ['nonce', '0'], ['deadline', '2030-03-17 17:46 UTC']],
  });
  expect(describeTypedData({ config, typed: { types: {}, primaryType: 'Odd', domain: { name: 'X' }, message: { of: { deep: 5n } } } })).toEqual({ sentence: 'Sign a statement (Odd)', domain: [['For', 'X']], fields: [['of', '{"deep":"5"}']] });
});
