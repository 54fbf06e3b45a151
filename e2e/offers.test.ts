import { sampleTable } from '@neurodata/engine';
import { formatAcceptance, formatOffer, marketAbi, neuroCoinAbi, parseAcceptance, parseNcr, parseOffer, privateOffersAbi } from '@neurodata/protocol';
import type { Terms } from '@neurodata/protocol';
import { acceptOffer, cancelAllOffers, cancelOffer, claimOrders, confirmOrder, createClient, linkSample, publishSample, readAsset, readListing, readOffer, readTerms, relayAcceptance, signAcceptance, signOffer, testPurchase, waitForGrant, waitForVersion } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeCsv, penguinsCsv } from './csv.ts';
import { startStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { publishPenguins } from './tell.ts';

/** Private offers and test purchases between people on a real chain, with real validators and a real storage. */

let stack: Stack;
let publisher: NeuroClient;
let alice: NeuroClient;
let carol: NeuroClient;
let assetId: number;

const terms: Terms = { version: 1, kind: 'download', license: 'LicenseRef-For-Alice', validatorsMayRead: true, algorithms: [], modelShareBps: 0, note: 'For one study.' };
const price = parseNcr('12.5');

beforeAll(async () => {
  stack = await startStack();
  [publisher, alice, carol] = (await Promise.all(['publisher', 'alice', 'carol'].map((name) => stack.client(name)))) as [NeuroClient, NeuroClient, NeuroClient];
  ({ assetId } = await publishPenguins(publisher, () => undefined));
}, 120_000);
afterAll(() => stack.stop());

const soon = async (seconds: number): Promise<number> => Number((await alice.publicClient.getBlock()).timestamp) + seconds;
const offerTo = async (buyer: NeuroClient, seconds = 600) => signOffer({ client: publisher, assetId, version: 1, buyer: buyer.account!.address, price, terms, expiry: await soon(seconds) });

test('signed, sent as text, accepted, granted, unsealed, paid', async () => {
  const { signed, offerHash } = await offerTo(alice);
  const received = parseOffer(formatOffer(signed, 'link'));
  expect(await readOffer({ client: alice, offer: received })).toEqual({ offerHash, signed, state: 'open' });
  // The contract computes the same name for it.
  const { privateOffers } = alice.config.deployment.addresses;
  expect(await alice.publicClient.readContract({ address: privateOffers, abi: privateOffersAbi, functionName: 'hashOf', args: [{ ...signed.offer, assetId: BigInt(assetId) }] })).toBe(offerHash);

  const bought = await acceptOffer({ client: alice, offer: received });
  expect(bought).toMatchObject({ offerHash, assetId, version: 1, price });
  await waitForGrant({ client: alice, orderId: bought.orderId, timeoutMs: 60_000 });
  const file = await readAsset({ client: alice, orderId: bought.orderId });
  expect(file.checks.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(Buffer.from(file.bytes).equals(Buffer.from(penguinsCsv()))).toBe(true);

  const order = await alice.api.getOrder({ orderId: bought.orderId });
  expect(order).toMatchObject({ price, assetId, version: 1, state: 'granted', turn: 'buyer', listingId: bought.listingId });
  expect(order.seller).toBe(publisher.account!.address);
  expect(order.activity.map(({ event }) => event)).toContain('OfferAccepted');
  expect(await readListing({ client: alice, listingId: bought.listingId })).toMatchObject({ retired: true, price, firstVersion: 1, lastVersion: 1 });
  expect(await readTerms({ client: alice, listingId: bought.listingId })).toEqual(terms);
  // What the page shows as the asset's price is what everybody pays.
  expect((await alice.api.getAsset({ assetId })).downloadPrice).toBe(parseNcr('25'));

  expect(await readOffer({ client: carol, offer: signed })).toMatchObject({ state: 'accepted', orderId: bought.orderId });
  await expect(acceptOffer({ client: alice, offer: signed })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('accepted before') });
  await confirmOrder({ client: alice, orderId: bought.orderId });
  expect((await claimOrders({ client: publisher, orderIds: [bought.orderId] })).paid).toBe(price - (price * 25n) / 10_000n);
});

test("nobody takes another's offer, and a changed one is nobody's", async () => {
  const { signed } = await offerTo(alice);
  await expect(acceptOffer({ client: carol, offer: signed })).rejects.toMatchObject({ code: 'NOT_ENTITLED' });
  const mine = { ...signed, offer: { ...signed.offer, buyer: carol.account!.address } };
  expect(await readOffer({ client: carol, offer: mine })).toMatchObject({ state: 'not-signed' });
  await expect(acceptOffer({ client: carol, offer: mine })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('not signed') });
  await expect(readOffer({ client: carol, offer: { ...signed, chainId: 1 } })).rejects.toMatchObject({ code: 'WRONG_CHAIN' });
  // The contract refuses as well, for clients that do not look first, and says why.
  const args = [{ ...mine.offer, assetId: BigInt(assetId) }, `0x${'11'.repeat(32)}`, mine.signature, { value: 0n, deadline: 0n, v: 0, r: `0x${'00'.repeat(32)}`, s: `0x${'00'.repeat(32)}` }] as const;
  await expect(carol.send({ address: signed.contract, abi: privateOffersAbi, functionName: 'accept', args, sentence: 'Accept' })).rejects.toMatchObject({ code: 'REVERTED', message: expect.stringContaining('seller has not signed') });
});

test('cancelled alone, or all at once', async () => {
  const [one, two, three] = [await offerTo(alice), await offerTo(alice), await offerTo(carol)];
  await cancelOffer({ client: publisher, offerHash: one.offerHash });
  expect(await readOffer({ client: alice, offer: one.signed })).toMatchObject({ state: 'cancelled' });
  expect(await readOffer({ client: alice, offer: two.signed })).toMatchObject({ state: 'open' });
  await cancelAllOffers({ client: publisher });
  for (const { signed } of [two, three]) expect(await readOffer({ client: alice, offer: signed })).toMatchObject({ state: 'withdrawn' });
  await expect(acceptOffer({ client: alice, offer: two.signed })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('withdrawn') });
  const { signed } = await offerTo(alice);
  expect(signed.offer.counter).toBe(two.signed.offer.counter + 1n);
  expect(await readOffer({ client: alice, offer: signed })).toMatchObject({ state: 'open' });
});

test('only an owner offers, and not what is over', async () => {
  const expiry = await soon(600);
  await expect(signOffer({ client: carol, assetId, version: 1, buyer: alice.account!.address, price, terms, expiry })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('not-owner') });
  await expect(signOffer({ client: publisher, assetId, version: 2, buyer: alice.account!.address, price, terms, expiry })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('not-live') });
  await expect(offerTo(alice, -1)).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('expired') });
  await expect(signOffer({ client: publisher, assetId, version: 1, buyer: alice.account!.address, price: 2n ** 96n, terms, expiry })).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('an account without an allowance pays with its signature, in one transaction', async () => {
  const { market, neuroCoin } = alice.config.deployment.addresses;
  await alice.send({ address: neuroCoin, abi: neuroCoinAbi, functionName: 'approve', args: [market, 0n], sentence: 'Approve nothing' });
  const nonce = await alice.publicClient.getTransactionCount({ address: alice.account!.address });
  const { orderId } = await acceptOffer({ client: alice, offer: (await offerTo(alice)).signed });
  expect(await alice.publicClient.getTransactionCount({ address: alice.account!.address })).toBe(nonce + 1);
  expect((await alice.publicClient.readContract({ address: market, abi: marketAbi, functionName: 'order', args: [orderId] })).buyer).toBe(alice.account!.address);
});

test('a buyer without gas signs, and somebody else sends it', async () => {
  const key = generatePrivateKey();
  const poor = await createClient({ url: stack.node.url, account: privateKeyToAccount(key) });
  const { address } = poor.account!;
  await carol.send({ address: carol.config.deployment.addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'transfer', args: [address, price], sentence: 'Give NCR' });
  const { signed } = await offerTo(poor);
  const acceptance = parseAcceptance(formatAcceptance(await signAcceptance({ client: poor, offer: signed, deadline: await soon(600) })));
  await expect(relayAcceptance({ client: carol, acceptance: { ...acceptance, recipientKey: `0x${'11'.repeat(32)}` } })).rejects.toMatchObject({ code: 'REVERTED', message: expect.stringContaining('buyer has not signed') });
  const { orderId } = await relayAcceptance({ client: carol, acceptance });
  await waitForGrant({ client: poor, orderId, timeoutMs: 60_000 });
  expect((await readAsset({ client: poor, orderId })).bytes.length).toBe(penguinsCsv().length);
  expect(await poor.publicClient.getTransactionCount({ address })).toBe(0);
  expect((await poor.api.getOrder({ orderId })).buyer).toBe(address);
  expect(() => parseAcceptance('{}')).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
});

test('a test purchase: the free sample goes the whole way of a purchase', async () => {
  await expect(testPurchase({ client: alice, assetId })).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('no sample') });
  const { bytes: csv } = await sampleTable(penguinsCsv(), { rows: 5 });
  const description = { title: 'Palmer penguins', description: 'Sizes of 344 penguins.', license: 'CC0-1.0', tags: ['biology'] };
  const sample = await publishSample({ client: publisher, assetId, description, table: csv, ...describeCsv(csv), fileName: 'penguins.csv', validatorsMayRead: true });
  await waitForVersion({ client: publisher, assetId: sample.sampleAssetId, version: 1, status: 'live', timeoutMs: 60_000 });
  expect(await alice.api.getAsset({ assetId })).toMatchObject({ sampleAssetId: sample.sampleAssetId, activity: expect.arrayContaining([expect.objectContaining({ event: 'SampleLinked' })]) });
  expect(await alice.api.getAsset({ assetId: sample.sampleAssetId })).toMatchObject({ rows: 5, downloadPrice: 0n, title: 'Palmer penguins (sample)' });

  const before = (await alice.api.getAccount({ address: alice.account!.address })).balance;
  const bought = await testPurchase({ client: alice, assetId });
  expect(bought).toMatchObject({ assetId: sample.sampleAssetId, sampleAssetId: sample.sampleAssetId, price: 0n });
  await waitForGrant({ client: alice, orderId: bought.orderId, timeoutMs: 60_000 });
  expect((await readAsset({ client: alice, orderId: bought.orderId })).bytes).toEqual(csv);
  await confirmOrder({ client: alice, orderId: bought.orderId });
  expect((await alice.api.getOrder({ orderId: bought.orderId })).state).toBe('released');
  expect((await alice.api.getAccount({ address: alice.account!.address })).balance).toBe(before);

  await linkSample({ client: publisher, assetId, sampleAssetId: 0 });
  expect((await alice.api.getAsset({ assetId })).sampleAssetId).toBeUndefined();
  await expect(linkSample({ client: carol, assetId, sampleAssetId: 0 })).rejects.toMatchObject({ code: 'REVERTED' });
  await expect(linkSample({ client: publisher, assetId, sampleAssetId: assetId })).rejects.toMatchObject({ code: 'REVERTED', message: expect.stringContaining('cannot be a sample') });
});
