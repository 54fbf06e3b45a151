import { awaitReceipt } from '@neurodata/sdk';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keccak256 } from 'viem';
import { createChainClients } from './clients.ts';
import { type DevChain, startDevChain } from './startDevChain.ts';
import { createSigner, makeFolder } from './testing.ts';

let chain: DevChain;
let folder: string;

beforeAll(async () => {
  folder = await makeFolder();
  chain = await startDevChain({ folder, log: () => undefined, blockIdleSeconds: 0 });
});
afterAll(async () => {
  await chain.stop();
  await rm(folder, { recursive: true, force: true });
});

/** `away`: for which the chain is not reached. */
function clientOf(away: { until: number } = { until: 0 }) {
  const rpc: DevChain['rpc'] = (request) => {
    if (performance.now() < away.until) throw Object.assign(new Error('The chain is away.'), { code: -32002 });
    return chain.rpc(request);
  };
  return createChainClients({ chainId: chain.chainId, rpc }).publicClient;
}

const signed = async (account: number, extra: { value?: bigint } = {}) => {
  const to = chain.accounts[9]!.address;
  const nonce = await clientOf().getTransactionCount({ address: chain.accounts[account]!.address });
  return createSigner(chain, account)({ nonce, to, ...extra });
};

test('a transaction that the chain lost is handed in again, as it was signed, and happens once', async () => {
  const publicClient = clientOf();
  const raw = await signed(1, { value: 5n });
  const before = await publicClient.getBalance({ address: chain.accounts[9]!.address });
  // Two who wait for it, as two tabs would.
  const receipts = await Promise.all([1, 2].map(() => awaitReceipt({ publicClient, raw, timeoutMs: 20_000 })));
  expect(receipts.map(({ status, transactionHash }) => [status, transactionHash])).toEqual([['success', keccak256(raw)], ['success', keccak256(raw)]]);
  expect(await publicClient.getBalance({ address: chain.accounts[9]!.address }) - before).toBe(5n);
});

test('a chain that is away is asked again until it is back', async () => {
  const away = { until: performance.now() + 1_500 };
  const raw = await signed(2);
  await clientOf().sendRawTransaction({ serializedTransaction: raw });
  expect(await awaitReceipt({ publicClient: clientOf(away), raw, timeoutMs: 20_000 })).toMatchObject({ status: 'success' });
  await expect(awaitReceipt({ publicClient: clientOf({ until: Infinity }), raw, timeoutMs: 500 })).rejects.toThrow(/Timed out/);
});

test('another transaction in its place is named', async () => {
  const publicClient = clientOf();
  const [raw, other] = [await signed(3, { value: 1n }), await signed(3, { value: 2n })];
  await publicClient.sendRawTransaction({ serializedTransaction: other });
  await expect(awaitReceipt({ publicClient, raw, timeoutMs: 20_000 })).rejects.toMatchObject({ code: 'CONFLICT', details: keccak256(raw), retryable: true });
});
