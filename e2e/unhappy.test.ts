import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson, marketAbi, neuroCoinAbi, parseNcr, assetRegistryAbi } from '@neurodata/protocol';
import type { Terms } from '@neurodata/protocol';
import { buyLicense, createClient, createListing, disputeOrder, poll, publishAsset, readAsset, readGrants, readOrderState, refundOrder, retireListing, sealVersion, signPermit, publishingFee, waitForGrant, waitForVersion, withdrawCredits } from '@neurodata/sdk';
import type { NeuroClient, SealVersionParameters } from '@neurodata/sdk';
import { parseEventLogs } from 'viem';
import type { Address, Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeCsv, penguinsCsv, streamOf } from './csv.ts';
import { defaultWindows } from '../apps/node/src/config.ts';
import { startStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { publishPenguins } from './tell.ts';
import type { Published } from './tell.ts';

let stack: Stack;
let publisher: NeuroClient;
let alice: NeuroClient;
let carol: NeuroClient;
let penguins: Published;

const terms: Terms = { version: 1, kind: 'download', license: 'CC0-1.0', validatorsMayRead: false, algorithms: [], modelShareBps: 0 };
const minute = 60_000;

beforeAll(async () => {
  stack = await startStack();
  [publisher, alice, carol] = (await Promise.all(['publisher', 'alice', 'carol'].map((name) => stack.client(name)))) as [NeuroClient, NeuroClient, NeuroClient];
  penguins = await publishPenguins(publisher, () => undefined);
});
afterAll(() => stack.stop());

const balanceOf = (account: Address): Promise<bigint> =>
  alice.publicClient.readContract({ address: alice.config.deployment.addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'balanceOf', args: [account] });

const stateOf = (orderId: Hex): Promise<string> => readOrderState({ client: alice, orderId });

test('a price that changed under the buyer reverts before anything is paid', async () => {
  const before = await balanceOf(alice.account!.address);
  const old = await createListing({ client: publisher, assetId: penguins.assetId, firstVersion: 1, kind: 'download', price: parseNcr('25'), terms });
  await retireListing({ client: publisher, listingId: old.listingId });
  const dearer = await createListing({ client: publisher, assetId: penguins.assetId, firstVersion: 1, kind: 'download', price: parseNcr('30'), terms });
  await expect(buyLicense({ client: alice, listingId: old.listingId })).rejects.toMatchObject({ code: 'REVERTED', message: expect.stringContaining('withdrawn') });
  await expect(buyLicense({ client: alice, listingId: dearer.listingId, maxPrice: parseNcr('25') })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('30 NCR') });
  // The contract refuses as well, for clients that do not look first.
  const args = [dearer.listingId, 1, parseNcr('25'), `0x${'11'.repeat(32)}`] as const;
  await expect(alice.send({ address: alice.config.deployment.addresses.market, abi: marketAbi, functionName: 'buy', args, sentence: 'Buy' })).rejects.toMatchObject({ code: 'REVERTED', message: expect.stringContaining('price is higher') });
  expect(await balanceOf(alice.account!.address)).toBe(before);
});

test('a wallet without funds is told so', async () => {
  const poor = await createClient({ url: stack.node.url, account: privateKeyToAccount(generatePrivateKey()) });
  await expect(buyLicense({ client: poor, listingId: penguins.download })).rejects.toMatchObject({ code: expect.stringMatching(/NO_FUNDS|REVERTED/), message: expect.stringMatching(/NCR|gas/) });
});

test('a client on the wrong chain is told so', async () => {
  const elsewhere: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (!String(input).endsWith('/api/v1/config')) return response;
    return new Response((await response.text()).replace('"chainId":31337', '"chainId":137'), { headers: { 'content-type': 'application/json' } });
  };
  await expect(createClient({ url: stack.node.url, fetch: elsewhere })).rejects.toMatchObject({ code: 'WRONG_CHAIN' });
});

test('publishing to validators that do not exist is refused', async () => {
  const csv = penguinsCsv();
  const description = { title: 'Nobody', description: 'Nobody holds its key.', license: 'CC0-1.0', tags: [] };
  const parameters = { client: publisher, kind: 'dataset' as const, content: () => streamOf(csv), fileName: 'a.csv', mediaType: 'text/csv', description, validatorsMayRead: true, ...describeCsv(csv) };
  await expect(publishAsset({ ...parameters, committee: [1, 2, 99] })).rejects.toMatchObject({ code: 'TOO_FEW_VALIDATORS' });
});

test('a silent buyer: after the window anybody may have the seller paid', async () => {
  const { orderId } = await buyLicense({ client: alice, listingId: penguins.download });
  await waitForGrant({ client: alice, orderId, timeoutMs: minute });
  const claim = () => carol.send({ address: alice.config.deployment.addresses.market, abi: marketAbi, functionName: 'claim', args: [publisher.account!.address, [orderId]], sentence: 'Claim for the seller' });
  await expect(claim()).rejects.toMatchObject({ code: 'REVERTED', message: expect.stringContaining('too early') });
  const before = await balanceOf(publisher.account!.address);
  await stack.node.chain.mine({ secondsLater: defaultWindows.confirm + 1 });
  await claim();
  expect(await stateOf(orderId)).toBe('claimed');
  const price = parseNcr('25');
  expect((await balanceOf(publisher.account!.address)) - before).toBe(price - (price * 25n) / 10_000n);
});

/** A publisher who commits to one file and stores another. Validators that may not read cannot see it. */
async function publishWrongCiphertext(): Promise<{ assetId: number; listingId: number }> {
  const csv = penguinsCsv();
  const parameters: SealVersionParameters = {
    client: publisher, content: () => streamOf(csv), fileName: 'penguins.csv', mediaType: 'text/csv', validatorsMayRead: false, threshold: 2, ...describeCsv(csv),
    description: { title: 'Not what it says', description: 'The ciphertext is of another file.', license: 'CC0-1.0', tags: [] },
  };
  const promised = await sealVersion(parameters);
  const delivered = await sealVersion({ ...parameters, content: () => streamOf(new TextEncoder().encode('a,b\n1,2\n')) });
  const [mine, other] = await Promise.all([promised, delivered].map(async ({ manifestCid }) => JSON.parse(new TextDecoder().decode(await publisher.storage.readRaw(manifestCid)))));
  const manifest = { ...mine, distribution: other.distribution, 'nd:sealed': { ...mine['nd:sealed'], cid: other['nd:sealed'].cid, size: other['nd:sealed'].size } };
  const { digest: manifestDigest } = await publisher.storage.addRaw(canonicalJson(manifest));
  const { assetRegistry } = publisher.config.deployment.addresses;
  const permit = await signPermit({ client: publisher, spender: assetRegistry, value: await publishingFee(publisher) });
  const sent = await publisher.send({ address: assetRegistry, abi: assetRegistryAbi, functionName: 'publish', args: [0, { ...promised.input, manifestDigest }, permit], sentence: 'Publish a lie' });
  const [event] = parseEventLogs({ abi: assetRegistryAbi, eventName: 'VersionPublished', logs: sent.receipt.logs });
  const assetId = Number(event!.args.assetId);
  const { listingId } = await createListing({ client: publisher, assetId, firstVersion: 1, kind: 'download', price: parseNcr('5'), terms });
  await waitForVersion({ client: publisher, assetId, version: 1, status: 'live', timeoutMs: minute });
  return { assetId, listingId };
}

test("wrong ciphertext: the buyer's check fails, the machine check refunds, and every other order of it too", async () => {
  const lie = await publishWrongCiphertext();
  const before = await balanceOf(alice.account!.address);
  const mine = await buyLicense({ client: alice, listingId: lie.listingId });
  const carols = await buyLicense({ client: carol, listingId: lie.listingId });
  await Promise.all([waitForGrant({ client: alice, orderId: mine.orderId, timeoutMs: minute }), waitForGrant({ client: carol, orderId: carols.orderId, timeoutMs: minute })]);
  await expect(readAsset({ client: alice, orderId: mine.orderId })).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
  await disputeOrder({ client: alice, orderId: mine.orderId, evidence: 'It does not open with the key that was granted.' });
  await poll({ what: 'The ruling', remedy: 'Look at the validators.', timeoutMs: minute, ask: async () => ((await stateOf(mine.orderId)) === 'refunded' ? true : undefined) });
  await withdrawCredits({ client: alice, from: 'orderDisputes' });
  expect(await balanceOf(alice.account!.address)).toBe(before);
  await refundOrder({ client: publisher, orderId: carols.orderId });
  expect(await stateOf(carols.orderId)).toBe('refunded');
});

test('a block that rotted on disk is refused by its CID, never delivered', async () => {
  const asset = await alice.api.getAsset({ assetId: penguins.assetId });
  const { orderId } = await buyLicense({ client: alice, listingId: penguins.download });
  await waitForGrant({ client: alice, orderId, timeoutMs: minute });
  const { bytes } = await readAsset({ client: alice, orderId });
  expect(bytes).toEqual(penguinsCsv());
  const cid = JSON.parse(new TextDecoder().decode(await alice.storage.readRaw(asset.versions[0]!.manifestCid)))['nd:sealed'].cid as string;
  const folder = path.join(stack.home, 'blocks');
  const name = (await readdir(folder, { recursive: true })).find((entry) => entry.includes(cid))!;
  const whole = await readFile(path.join(folder, name));
  await writeFile(path.join(folder, name), Buffer.concat([whole.subarray(0, 100), Buffer.from([whole[100]! ^ 1]), whole.subarray(101)]));
  await expect(readAsset({ client: alice, orderId })).rejects.toMatchObject({ message: expect.stringContaining(cid) });
  await writeFile(path.join(folder, name), whole);
  expect((await readAsset({ client: alice, orderId })).bytes).toEqual(penguinsCsv());
});

test('no grant by the deadline: anybody refunds, and no share was handed out', async () => {
  await Promise.all(stack.node.validators.map((validator) => validator.stop()));
  const before = await balanceOf(alice.account!.address);
  const { orderId } = await buyLicense({ client: alice, listingId: penguins.download });
  await expect(refundOrder({ client: carol, orderId })).rejects.toMatchObject({ code: 'REVERTED', message: expect.stringContaining('too early') });
  await stack.node.chain.mine({ secondsLater: defaultWindows.grant + 1 });
  await refundOrder({ client: carol, orderId });
  expect(await balanceOf(alice.account!.address)).toBe(before);
  expect(await stateOf(orderId)).toBe('refunded');
  expect(await readGrants({ client: alice, orderId })).toEqual([]);
  await expect(carol.publicClient.readContract({ address: alice.config.deployment.addresses.market, abi: marketAbi, functionName: 'entitled', args: [alice.account!.address, BigInt(penguins.assetId), 1, orderId] })).resolves.toBe(false);
});
