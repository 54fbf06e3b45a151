import { type Purpose, assetRegistryAbi, encodeJobSpec, marketAbi, purposeData, trainingAbi, validatorRoutes } from '@neurodata/protocol';
import type { Description, JobSpec } from '@neurodata/protocol';
import {
  acceptOffer, approveCoin, batchBuy, buyLicense, callRoute, createListing, draftRun, freshIdentity, openJobCall, openOrderKey, openSubscriptionKey, planPurchase, planRun, poll, publishAsset, publishVersion, publishingFee, readGrants, readOrderState, readPolicy, readPurposes, readVersionStatus, requestKey,
  sealVersion, signOffer, signPermit, statePurpose, subscribe, waitForGrant, waitForKey, waitForVersion,
} from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Hex, decodeFunctionData, parseEventLogs } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSmallStack } from '../../test/smallStack.ts';
import type { SmallStack } from '../../test/smallStack.ts';
import type { HandlerContext } from '../api/handlers/Handler.ts';
import { preparePurchase, prepareRun } from '../api/handlers/prepared.ts';
import type { Service } from '../common/service.ts';
import { readCheckedSpec, readJob } from '../duty/readJob.ts';
import { purposeFile } from '../purposeFile.ts';
import { expectRunAdmitted } from './expectPurpose.ts';

const text = new TextEncoder().encode('a,b\n1,x\n2,y\n3,x\n4,y\n');
async function* content(): AsyncGenerator<Uint8Array> {
  yield text;
}
const research: Purpose = { use: 'research', sharesResult: true };
const described = (more: Partial<Description> = {}): Description => ({ title: 'For study', description: 'Four rows.', license: 'CC-BY-4.0', tags: [], limits: { uses: ['research', 'education'] }, ...more });
const file = { kind: 'dataset', content, fileName: 'tiny.csv', mediaType: 'text/csv', validatorsMayRead: true, rows: 4, columns: [{ name: 'a', kind: 'numeric', missing: 0, distinct: 4 }, { name: 'b', kind: 'categorical', missing: 0, distinct: 2 }] } as const;
const termsOf = <K extends string>(kind: K, algorithms: string[] = []) => ({ version: 1 as const, kind, license: 'CC-BY-4.0', validatorsMayRead: true, algorithms, modelShareBps: 0 });
const price = 10n ** 18n;

let stack: SmallStack;
let validators: Service[];
let publisher: NeuroClient;
let alice: NeuroClient;
let bob: NeuroClient;
let assetId: number;
let listings: Record<'download' | 'subscription' | 'compute', number>;

beforeAll(async () => {
  stack = await startSmallStack();
  validators = await Promise.all([0, 1, 2].map((index) => stack.validator(index)));
  for (const validator of validators) await validator.start();
  const people = await Promise.all([0, 1, 2].map((index) => stack.connect(stack.cast.people[index]!.account.privateKey)));
  [publisher, alice, bob] = people as [NeuroClient, NeuroClient, NeuroClient];
  ({ assetId } = await publishAsset({ ...file, client: publisher, description: described(), columns: [...file.columns] }));
  await waitForVersion({ client: publisher, assetId, version: 1, timeoutMs: 150_000 });
  const offer = { client: publisher, assetId, firstVersion: 1, price };
  listings = {
    download: (await createListing({ ...offer, kind: 'download', terms: termsOf('download') })).listingId,
    subscription: (await createListing({ ...offer, kind: 'subscription', periodMinutes: 1_440, terms: termsOf('subscription') })).listingId,
    compute: (await createListing({ ...offer, kind: 'compute', terms: termsOf('compute', ['logistic-regression']) })).listingId,
  };
}, 600_000);

afterAll(async () => {
  await Promise.all(validators?.map((validator) => validator.stop()) ?? []);
  await stack?.stop();
}, 60_000);

/** An order that its buyer pays for and says nothing about, as a client from before would. */
async function buySilently(client: NeuroClient): Promise<{ orderId: Hex }> {
  const { listing, version, maxPrice } = await planPurchase({ client, listingId: listings.download });
  const permit = await signPermit({ client, spender: client.config.deployment.addresses.market, value: listing.price });
  const { publicKey } = await freshIdentity(client, 'silent');
  const { receipt } = await client.send({ address: client.config.deployment.addresses.market, abi: marketAbi, functionName: 'buyWithPermit', args: [listings.download, version, maxPrice, publicKey, permit], sentence: 'Buy' });
  return { orderId: parseEventLogs({ abi: marketAbi, eventName: 'OrderOpened', logs: receipt.logs })[0]!.args.orderId };
}

test('nobody pays for a purpose that the terms do not admit, or without one', async () => {
  const before = await alice.publicClient.getTransactionCount({ address: alice.account!.address });
  await expect(buyLicense({ client: alice, listingId: listings.download })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('for a purpose only') });
  await expect(buyLicense({ client: alice, listingId: listings.download, purpose: { use: 'commercial', sharesResult: false } })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('do not admit commercial use') });
  await expect(subscribe({ client: alice, listingId: listings.subscription })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  expect(await alice.publicClient.getTransactionCount({ address: alice.account!.address })).toBe(before);
}, 60_000);

test('validators grant once the buyer has signed, and take no promise of another, of another order, under other terms, or a second one', async () => {
  const { orderId, purposeProblem } = await buyLicense({ client: alice, listingId: listings.download, purpose: research });
  expect(purposeProblem).toBeUndefined();
  await waitForGrant({ client: alice, orderId, timeoutMs: 150_000 });
  expect((await openOrderKey({ client: alice, orderId })).secret).toHaveLength(32);

  const silent = await buySilently(bob);
  await sleep(6_000);
  expect([await readOrderState({ client: bob, orderId: silent.orderId }), (await readGrants({ client: bob, orderId: silent.orderId })).length]).toEqual(['open', 0]);
  const { limitsDigest } = await readPolicy({ client: bob, assetId, version: 1 });
  const { chainId, addresses: { market } } = bob.config.deployment;
  const statement = { account: bob.account!.address, proofId: silent.orderId, assetId, limitsDigest, ...research, signedAt: 1_700_000_000 };
  const post = async (signer: NeuroClient, changed: Partial<typeof statement>) => callRoute({
    url: stack.endpoints[0]!, route: validatorRoutes.statePurpose, input: { statement: { ...statement, ...changed }, signature: await signer.account!.signTypedData(purposeData({ chainId, market, statement: { ...statement, ...changed } })) },
  });
  await expect(post(alice, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(post(alice, { account: alice.account!.address })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(post(bob, { proofId: orderId })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(post(bob, { limitsDigest: `0x${'11'.repeat(32)}` })).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(post(bob, { proofId: `0x01${'22'.repeat(31)}` })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(post(bob, { use: 'commercial' as 'research' })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('do not admit commercial use') });
  // Signed for another chain.
  const elsewhere = await bob.account!.signTypedData(purposeData({ chainId: chainId + 1, market, statement }));
  await expect(callRoute({ url: stack.endpoints[0]!, route: validatorRoutes.statePurpose, input: { statement, signature: elsewhere } })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect((await readGrants({ client: bob, orderId: silent.orderId })).length).toBe(0);

  expect((await statePurpose({ client: bob, proofId: silent.orderId, assetId, version: 1, purpose: research })).kept).toEqual([1, 2, 3]);
  await waitForGrant({ client: bob, orderId: silent.orderId, timeoutMs: 150_000 });
  expect((await statePurpose({ client: bob, proofId: silent.orderId, assetId, version: 1, purpose: research })).kept).toEqual([1, 2, 3]);
  await expect(statePurpose({ client: bob, proofId: silent.orderId, assetId, version: 1, purpose: { use: 'education', sharesResult: true } })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('Another purpose was signed') });
  const kept = await purposeFile(path.join(stack.folder, '1.purposes.jsonl'));
  expect(kept.find({ proofId: silent.orderId, limitsDigest })?.statement).toMatchObject({ account: bob.account!.address, use: 'research', sharesResult: true });
  expect((await readFile(path.join(stack.folder, '1.purposes.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(2);
  const shown = await readPurposes({ client: publisher, assetId, version: 1 });
  expect(shown.problems).toEqual([]);
  expect(shown.items.map(({ statement, keptBy }) => [statement.proofId, statement.account, statement.use, keptBy]).sort()).toEqual([[orderId, alice.account!.address, 'research', [1, 2, 3]], [silent.orderId, bob.account!.address, 'research', [1, 2, 3]]].sort());
  // Nobody but the owner is told.
  expect((await readPurposes({ client: bob, assetId, version: 1 })).problems.map(({ reason }) => reason)).toEqual([1, 2, 3].map(() => expect.stringContaining('is not owned by')));
}, 600_000);

test('a private offer asks for a purpose too, and what is promised for a subscription holds for versions under the same terms', async () => {
  const { timestamp } = await publisher.publicClient.getBlock();
  const { signed } = await signOffer({ client: publisher, assetId, version: 1, buyer: bob.account!.address, price, terms: termsOf('download'), expiry: Number(timestamp) + 3_600 });
  await expect(acceptOffer({ client: bob, offer: signed })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  const accepted = await acceptOffer({ client: bob, offer: signed, purpose: research });
  await waitForGrant({ client: bob, orderId: accepted.orderId, timeoutMs: 150_000 });

  const { subscriptionId } = await subscribe({ client: alice, listingId: listings.subscription, purpose: research });
  await waitForKey({ client: alice, subscriptionId, timeoutMs: 150_000 });
  const second = await publishVersion({ ...file, client: publisher, assetId, description: described(), columns: [...file.columns] });
  await waitForVersion({ client: publisher, assetId, version: second.version, timeoutMs: 150_000 });
  await requestKey({ client: alice, subscriptionId });
  expect(await waitForKey({ client: alice, subscriptionId, timeoutMs: 150_000 })).toBe(2);
  expect((await openSubscriptionKey({ client: alice, subscriptionId, version: 2 })).secret).toHaveLength(32);

  const third = await publishVersion({ ...file, client: publisher, assetId, description: described({ limits: { uses: ['education'] } }), columns: [...file.columns] });
  await waitForVersion({ client: publisher, assetId, version: third.version, timeoutMs: 150_000 });
  await requestKey({ client: alice, subscriptionId });
  await expect(waitForKey({ client: alice, subscriptionId, timeoutMs: 6_000 })).rejects.toMatchObject({ code: 'TIMEOUT' });
  await expect(statePurpose({ client: alice, proofId: subscriptionId, assetId, version: 3, purpose: research })).rejects.toMatchObject({ code: 'CONFLICT' });
  await statePurpose({ client: alice, proofId: subscriptionId, assetId, version: 3, purpose: { use: 'education', sharesResult: false } });
  expect(await waitForKey({ client: alice, subscriptionId, timeoutMs: 150_000 })).toBe(3);
}, 600_000);

test('a batch is paid for an admitted purpose only, and who says nothing gets no key of it', async () => {
  const [purchases, { market }] = [[1, 2].map(() => ({ listingId: listings.download, version: 1 })), bob.config.deployment.addresses];
  await approveCoin({ client: bob, spender: market, amount: 4n * price });
  const before = await bob.publicClient.getTransactionCount({ address: bob.account!.address });
  await expect(batchBuy({ client: bob, purchases })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('for a purpose only') });
  await expect(batchBuy({ client: bob, purchases, purpose: { use: 'commercial', sharesResult: false } })).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await bob.publicClient.getTransactionCount({ address: bob.account!.address })).toBe(before);

  // By a client that does not care.
  const keys = await Promise.all([1, 2].map(async (index) => (await freshIdentity(bob, `silent ${index}`)).publicKey));
  const { receipt } = await bob.send({ address: market, abi: marketAbi, functionName: 'batchBuy', args: [keys.map((recipientKey) => ({ listingId: listings.download, version: 1, maxPrice: price, recipientKey }))], sentence: 'Buy' });
  const silent = parseEventLogs({ abi: marketAbi, eventName: 'OrderOpened', logs: receipt.logs }).map(({ args }) => args.orderId);
  const { orders } = await batchBuy({ client: bob, purchases, purpose: research });
  expect(orders.map(({ purposeProblem }) => purposeProblem)).toEqual([undefined, undefined]);
  for (const { orderId } of orders) await waitForGrant({ client: bob, orderId, timeoutMs: 150_000 });
  // These were asked for before.
  expect(await Promise.all(silent.map(async (orderId) => [await readOrderState({ client: bob, orderId }), (await readGrants({ client: bob, orderId })).length]))).toEqual([['open', 0], ['open', 0]]);
}, 300_000);

test('what a node prepares for a wallet asks for a purpose, and gives the promise to sign with it', async () => {
  const { config, publicClient, storage } = bob;
  const context = { config, client: publicClient, storage } as unknown as HandlerContext;
  const account = bob.account!;
  const { publicKey: recipientKey } = await freshIdentity(bob, 'prepared');
  const prepare = (purpose?: Purpose) => preparePurchase(context, { params: { listingId: listings.download }, body: { account: account.address, recipientKey, version: 1, purpose } } as Parameters<typeof preparePurchase>[1]);
  await expect(prepare()).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(prepare({ use: 'commercial', sharesResult: false })).rejects.toMatchObject({ code: 'CONFLICT' });
  await approveCoin({ client: bob, spender: config.deployment.addresses.market, amount: price });
  const { calls, promise } = await prepare(research);
  const { functionName, args } = decodeFunctionData({ abi: marketAbi, data: calls.at(-1)!.data });
  if (functionName !== 'buy' || !promise) throw new Error('expected a purchase with a promise');
  const signature = await account.signTypedData(JSON.parse(promise.typedData) as Parameters<typeof account.signTypedData>[0]);
  const { receipt } = await bob.send({ address: config.deployment.addresses.market, abi: marketAbi, functionName, args, sentence: 'Buy' });
  expect(parseEventLogs({ abi: marketAbi, eventName: 'OrderOpened', logs: receipt.logs })[0]!.args.orderId).toBe(promise.statement.proofId);
  await sleep(4_000);
  expect(await readGrants({ client: bob, orderId: promise.statement.proofId })).toEqual([]);
  expect(promise.validators).toEqual([1, 2, 3]);
  for (const index of [0, 1, 2]) await callRoute({ url: stack.endpoints[index]!, route: validatorRoutes.statePurpose, input: { statement: promise.statement, signature } });
  await waitForGrant({ client: bob, orderId: promise.statement.proofId, timeoutMs: 150_000 });

  const prepareJob = (purpose?: Purpose) => prepareRun(context, { params: { listingId: listings.compute }, body: { account: account.address, recipientKey, version: 1, train, waits: true, purpose } } as Parameters<typeof prepareRun>[1]);
  await expect(prepareJob()).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(prepareJob({ use: 'commercial', sharesResult: false })).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(JSON.parse((await prepareJob(research)).spec)).toMatchObject({ purpose: research });
}, 300_000);

const train: JobSpec['train'] = {
  algorithm: 'logistic-regression', task: 'classification', target: 'b', features: [{ name: 'a', kind: 'numeric' }], weight: null, preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 }, parameters: {}, limits: { maxSteps: 100, maxBytes: 1_000_000_000 },
};

async function openJob(client: NeuroClient, purpose: Purpose | undefined): Promise<Hex> {
  const plan = await planRun({ client, listingId: listings.compute, version: 1, train, purpose: research, waits: true });
  const { purpose: _, ...rest } = plan.spec;
  const { bytes, digest: specDigest } = encodeJobSpec({ ...rest, ...(purpose ? { purpose } : {}) });
  await client.storage.addRaw(bytes);
  const permit = await signPermit({ client, spender: client.config.deployment.addresses.training, value: plan.quote.total });
  const { publicKey: recipientKey } = await freshIdentity(client, 'run');
  const { receipt } = await client.send(openJobCall({ config: client.config, plan: { ...plan, specDigest }, recipientKey, permit }));
  return parseEventLogs({ abi: trainingAbi, eventName: 'JobOpened', logs: receipt.logs })[0]!.args.jobId;
}

test('a run is refused before it is paid, by workers before they claim it, and by validators before they give out a share', async () => {
  const asked = { client: bob, listingId: listings.compute, version: 1, train };
  await expect(draftRun(asked)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(draftRun({ ...asked, purpose: { use: 'commercial', sharesResult: false } })).rejects.toMatchObject({ code: 'CONFLICT' });
  const { facts } = await readPolicy({ client: bob, assetId, version: 1 });
  for (const [purpose, problem] of [[undefined, 'nobody has said what it is wanted for'], [{ use: 'commercial', sharesResult: false } as const, 'do not admit commercial use']] as const) {
    const jobId = await openJob(bob, purpose);
    expect(await readCheckedSpec(bob, await readJob(bob, jobId))).toMatchObject({ problem: expect.stringContaining(problem), otherEngine: false });
    await expect(expectRunAdmitted({ setup: { client: bob }, facts, jobId })).rejects.toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining(problem) });
  }
  const jobId = await openJob(bob, research);
  expect(await readCheckedSpec(bob, await readJob(bob, jobId))).toMatchObject({ spec: { purpose: research } });
  await expectRunAdmitted({ setup: { client: bob }, facts, jobId });
}, 300_000);

test('what is made of it inherits its limits, and validators reject what does not', async () => {
  const parents = [{ assetId, version: 1, shareBps: 0 }];
  const own = { title: 'Made of it', description: 'Rows.', tags: [] };
  await expect(publishAsset({ ...file, client: bob, description: { ...own, license: 'CC0-1.0' }, parents, columns: [...file.columns] })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('names its author') });
  const child = await publishAsset({ ...file, client: bob, description: { ...own, license: 'CC-BY-4.0' }, parents, columns: [...file.columns] });
  await waitForVersion({ client: bob, assetId: child.assetId, version: 1, timeoutMs: 150_000 });
  expect((await readPolicy({ client: bob, assetId: child.assetId, version: 1 })).limits).toEqual({ uses: ['research', 'health-research', 'education'] });

  // By a client that does not care.
  const sealed = await sealVersion({ ...file, client: bob, description: { ...own, license: 'CC-BY-4.0' }, columns: [...file.columns] });
  const permit = await signPermit({ client: bob, spender: bob.config.deployment.addresses.assetRegistry, value: await publishingFee(bob) });
  const { receipt } = await bob.send({ address: bob.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'publishDerived', args: [0, sealed.input, [{ assetId: BigInt(assetId), version: 1, shareBps: 0 }], permit], sentence: 'Publish' });
  const [published] = parseEventLogs({ abi: assetRegistryAbi, eventName: 'VersionPublished', logs: receipt.logs });
  const status = await poll({ what: 'the verdict', timeoutMs: 150_000, remedy: '', ask: async () => {
    const now = await readVersionStatus({ client: bob, assetId: Number(published!.args.assetId), version: 1 });
    return now === 'pending' ? undefined : now;
  } });
  expect(status).toBe('refused');
}, 600_000);
