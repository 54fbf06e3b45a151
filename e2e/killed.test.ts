import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { neuroCoinAbi } from '@neurodata/protocol';
import { buyLicense, confirmOrder, createClient, poll, readAsset, startRun, waitForGrant, watchJob } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import type { Address } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { expect, test } from 'vitest';
import { freePort } from '../apps/node/src/freePort.ts';
import { startChildNode } from './childNode.ts';
import { penguinsCsv } from './csv.ts';
import { penguinTraining, publishPenguins } from './tell.ts';

const minute = 60_000;

/** Balances of everybody who ever received a coin. */
async function balances(client: NeuroClient): Promise<Map<Address, bigint>> {
  const coin = { address: client.config.deployment.addresses.neuroCoin, abi: neuroCoinAbi } as const;
  const transfers = await client.publicClient.getContractEvents({ ...coin, eventName: 'Transfer', strict: true, fromBlock: 0n });
  const holders = [...new Set(transfers.map(({ args }) => args.to))];
  return new Map(await Promise.all(holders.map(async (holder): Promise<[Address, bigint]> => [holder, await client.publicClient.readContract({ ...coin, functionName: 'balanceOf', args: [holder] })])));
}

test('killed in the middle, again and again: the story is finished, no coin and no row lost', async () => {
  const home = await mkdtemp(path.join(os.tmpdir(), 'neurodata-'));
  const port = await freePort();
  let node = await startChildNode({ home, port });
  const killAndRestart = async (): Promise<void> => {
    await node.kill('SIGKILL');
    node = await startChildNode({ home, port });
  };
  try {
    const { items } = await (await createClient({ url: node.url })).api.listDemoAccounts();
    const connect = (name: string): Promise<NeuroClient> => createClient({ url: node.url, account: privateKeyToAccount(items.find((one) => one.name === name)!.privateKey) });
    const [publisher, alice, bob] = (await Promise.all(['publisher', 'alice', 'bob'].map(connect))) as [NeuroClient, NeuroClient, NeuroClient];
    const penguins = await publishPenguins(publisher, () => undefined);

    const { orderId } = await buyLicense({ client: alice, listingId: penguins.download });
    const rich = await balances(alice);
    await killAndRestart();
    expect((await balances(alice)).get(alice.account!.address)).toBe(rich.get(alice.account!.address));
    await waitForGrant({ client: alice, orderId, timeoutMs: minute });
    expect((await readAsset({ client: alice, orderId })).bytes).toEqual(penguinsCsv());

    const { jobId } = await startRun({ client: bob, listingId: penguins.compute, version: 1, train: penguinTraining });
    const reached = (states: string[]) => poll({ what: `The job to be ${states.join(' or ')}`, remedy: 'Look at the worker.', timeoutMs: minute, intervalMs: 50, ask: async () => (states.includes((await bob.api.getJob({ jobId })).state) ? true : undefined) });
    await reached(['claimed', 'submitted']);
    process.kill(await node.evm(), 'SIGKILL');
    await reached(['submitted', 'settled']);
    await killAndRestart();
    const job = await watchJob({ client: bob, jobId, timeoutMs: 2 * minute });
    expect(job.state).toBe('settled');
    await confirmOrder({ client: alice, orderId });

    const [rows, coins] = [await Promise.all([alice.api.listOrders({}), alice.api.listJobs({}), alice.api.listAssets({})]), await balances(alice)];
    await killAndRestart();
    expect(await Promise.all([alice.api.listOrders({}), alice.api.listJobs({}), alice.api.listAssets({})])).toEqual(rows);
    const after = await balances(alice);
    expect(after).toEqual(coins);
    const supply = await alice.publicClient.readContract({ address: alice.config.deployment.addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'totalSupply' });
    expect([...after.values()].reduce((sum, amount) => sum + amount, 0n)).toBe(supply);
  } finally {
    await node.kill('SIGTERM');
    await rm(home, { recursive: true, force: true });
  }
}, 240_000);
