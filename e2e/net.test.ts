import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startNet } from '@neurodata/node';
import type { RunningNet } from '@neurodata/node';
import { admittedByDefault } from '@neurodata/engine';
import { parseNcr, validatorsAbi } from '@neurodata/protocol';
import type { Terms } from '@neurodata/protocol';
import { buyLicense, confirmOrder, createClient, createListing, publishAsset, readAsset, startRun, waitForGrant, waitForVersion, watchJob } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { privateKeyToAccount } from 'viem/accounts';
import type { Hex } from 'viem';
import { expect, test } from 'vitest';
import { describeCsv, penguinsCsv, streamOf } from './csv.ts';
import { penguinTraining } from './tell.ts';

const minute = 60_000;
const root = path.resolve(import.meta.dirname, '..');
const terms = (kind: Terms['kind']): Terms => ({ version: 1, kind, license: 'CC0-1.0', validatorsMayRead: true, algorithms: kind === 'compute' ? admittedByDefault() : [], modelShareBps: 0 });

const main = path.join(root, 'apps/cli/src/main.ts');

function gatewayOf(net: RunningNet): string {
  return `http://127.0.0.1:${net.plan.nodes.find(({ role }) => role === 'gateway')!.port}`;
}

/** What `neurodata node recover-identity` or `rotate-identity` prints for a validator that is down. */
async function changeIdentity(net: RunningNet, what: 'recover' | 'rotate', name: string): Promise<{ publicKey: Hex; retired: Hex[] }> {
  const { stdout } = await promisify(execFile)(process.execPath, [main, '--json', '--url', gatewayOf(net), 'node', `${what}-identity`, '--home', path.join(net.folder, name)], { cwd: root });
  return JSON.parse(stdout) as { publicKey: Hex; retired: Hex[] };
}

async function people(net: RunningNet): Promise<NeuroClient[]> {
  const url = gatewayOf(net);
  const { items } = await (await createClient({ url })).api.listDemoAccounts();
  return Promise.all(['publisher', 'alice', 'bob'].map((name) => createClient({ url, account: privateKeyToAccount(items.find((one) => one.name === name)!.privateKey) })));
}

/** Sealed under 3 of the 4 validators' shares, listed for download and for runs, and live. */
async function publish(client: NeuroClient): Promise<{ download: number; compute: number }> {
  const csv = penguinsCsv();
  const { assetId } = await publishAsset({
    client, kind: 'dataset', content: () => streamOf(csv), fileName: 'penguins.csv', mediaType: 'text/csv', validatorsMayRead: true, threshold: 3, ...describeCsv(csv),
    description: { title: 'Palmer penguins', description: 'Sizes of 344 penguins.', license: 'CC0-1.0', tags: ['biology'] },
  });
  const { listingId: download } = await createListing({ client, assetId, firstVersion: 1, kind: 'download', price: parseNcr('25'), terms: terms('download') });
  const { listingId: compute } = await createListing({ client, assetId, firstVersion: 1, kind: 'compute', price: parseNcr('2'), terms: terms('compute') });
  await waitForVersion({ client, assetId, version: 1, status: 'live', timeoutMs: minute });
  return { download, compute };
}

async function buy(client: NeuroClient, listingId: number): Promise<Uint8Array> {
  const { orderId } = await buyLicense({ client, listingId });
  await waitForGrant({ client, orderId, timeoutMs: minute });
  const { bytes } = await readAsset({ client, orderId });
  await confirmOrder({ client, orderId });
  return bytes;
}

/** The key to which shares of the validator with this account are sealed, as the chain has it. */
async function sealingKeyOf(client: NeuroClient, folder: string, name: string): Promise<Hex> {
  const { address } = privateKeyToAccount((await readFile(path.join(folder, name, 'account.key'), 'utf8')).trim() as Hex);
  const contract = { address: client.config.deployment.addresses.validators, abi: validatorsAbi } as const;
  const validatorId = await client.publicClient.readContract({ ...contract, functionName: 'validatorIdOf', args: [address] });
  return (await client.publicClient.readContract({ ...contract, functionName: 'validator', args: [validatorId] })).encryptionKey;
}

test('a network of processes: keys are released while a validator is dead, and by one that rotated its identity and lost it; a run is trained and accepted', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-net-'));
  const net = await startNet({
    folder, size: { validators: 4, workers: 1, gateways: 1 }, port: 0, command: [process.execPath, main],
    environment: { ...process.env, NEURODATA_WEB: '0' }, say: () => undefined,
  });
  try {
    const [publisher, alice, bob] = (await people(net)) as [NeuroClient, NeuroClient, NeuroClient];
    const { download, compute } = await publish(publisher);
    const stateOf = async (name: string) => (await net.rows()).find((row) => row.name === name)!.state;
    const keyOf = (name: string) => sealingKeyOf(alice, folder, name);

    await net.kill('validator-2', 'SIGKILL');
    expect(await stateOf('validator-2')).toBe('down');
    expect(await buy(alice, download)).toEqual(penguinsCsv());

    const [identityFile, key] = [path.join(folder, 'validator-2', 'validator.identity'), await keyOf('validator-2')];
    const identity = await readFile(identityFile, 'utf8');
    await rm(identityFile);
    expect(await changeIdentity(net, 'recover', 'validator-2')).toMatchObject({ publicKey: key, retired: [] });
    expect(await readFile(identityFile, 'utf8')).toBe(identity);
    const rotated = await changeIdentity(net, 'rotate', 'validator-2');
    expect(rotated).toEqual({ publicKey: await keyOf('validator-2'), retired: [key], file: identityFile });
    expect(rotated.publicKey).not.toBe(key);
    await rm(identityFile);
    await rm(`${identityFile}.retired`);
    // By itself this time: the key of today, and the one before it, to which its share is sealed still.
    await net.restart('validator-2');
    // Of the three that live now, all are needed.
    await net.kill('validator-3', 'SIGKILL');
    expect(await buy(bob, download)).toEqual(penguinsCsv());
    await net.restart('validator-3');

    const { jobId } = await startRun({ client: bob, listingId: compute, version: 1, train: penguinTraining });
    const job = await watchJob({ client: bob, jobId, timeoutMs: 2 * minute });
    const worker = privateKeyToAccount((await readFile(path.join(folder, 'worker-1', 'account.key'), 'utf8')).trim() as Hex).address;
    expect(job).toMatchObject({ state: 'settled', worker, progress: { lossCurve: expect.arrayContaining([expect.any(Number)]) } });

    const rows = await net.rows();
    expect(rows.map(({ name, state }) => `${name} ${state}`)).toEqual(['chain ready', 'gateway-1 ready', 'validator-1 ready', 'validator-2 ready', 'validator-3 ready', 'validator-4 ready', 'worker-1 ready']);
    expect(new Set(rows.map(({ pid }) => pid)).size).toBe(7);
    // The gateway may tell the end before the worker has looked again.
    await expect.poll(async () => (await net.rows()).at(-1)!.lastDuty?.what, { timeout: 20_000 }).toMatch(/moved a stuck job on|a job has ended/);
  } finally {
    await net.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 240_000);
