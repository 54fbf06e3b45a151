import { profileCsv } from '@neurodata/engine';
import { createIdentity } from '@neurodata/sealing';
import { NeuroError, assetRegistryAbi, describeColumns, ownerProofId, requestDomain, sha256Hex, shareRequestMessage, shareRequestTypes } from '@neurodata/protocol';
import type { FolderFile, FolderTable, JobSpec, ManifestColumn, ShareRequest, Terms } from '@neurodata/protocol';
import {
  buyLicense, cancelSubscription, createListing, disputeOrder, folderContent, freshFileIdentity, openOrderKey, openSubscriptionKey, publishAsset, publishVersion, publishingFee, readAsset, readGrants, readKeyRequests, readOrderDispute, readRound, readVersion, refundOrder, requestKey,
  requestShares, sealFolderFile, signPermit, startRun, storeFolderFile, subscribe, waitForGrant, waitForKey, waitForVersion,
} from '@neurodata/sdk';
import type { NeuroClient, WalletAccount } from '@neurodata/sdk';
import { bytesToHex } from 'viem';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Service } from '../common/service.ts';
import { startSmallStack } from '../../test/smallStack.ts';
import type { SmallStack } from '../../test/smallStack.ts';
import { registerWorker } from '../worker/registerWorker.ts';
import { seedDatasets } from '../seed/index.ts';
import type { Seeded } from '../seed/index.ts';

const weights: JobSpec['train'] = {
  algorithm: 'linear-regression', task: 'regression', target: 'Body Mass (g)', features: [{ name: 'Flipper Length (mm)', kind: 'numeric' }], weight: null,
  preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' }, split: { rule: 'hash-rank', seed: 1, testFraction: 0.2 }, parameters: {}, limits: { maxSteps: 10, maxBytes: 10_000_000 },
};

let stack: SmallStack;
let validators: Service[];
let publisher: NeuroClient;
let seeded: Seeded[];

beforeAll(async () => {
  stack = await startSmallStack();
  validators = await Promise.all([0, 1, 2].map((index) => stack.validator(index)));
  for (const validator of validators) await validator.start();
  publisher = await stack.connect(stack.cast.people[0]!.account.privateKey);
  seeded = await seedDatasets({ client: publisher, log: stack.log });
});

afterAll(async () => {
  await Promise.all((validators ?? []).map((validator) => validator.stop()));
  await stack?.stop();
});

test('accepts the example datasets; seeding again changes nothing', async () => {
  for (const { assetId } of seeded) await waitForVersion({ client: publisher, assetId, version: 1, timeoutMs: 60_000 });
  expect(seeded.map(({ title }) => title)).toEqual(['Palmer Penguins', 'Seattle Weather 2012-2015']);
  const head = await publisher.publicClient.getTransactionCount({ address: stack.cast.people[0]!.account.address });
  expect(await seedDatasets({ client: publisher, log: stack.log })).toEqual(seeded);
  expect(await publisher.publicClient.getTransactionCount({ address: stack.cast.people[0]!.account.address })).toBe(head);
}, 120_000);

test('grants an order on chain, and after a restart those that came meanwhile', async () => {
  const [penguins] = seeded;
  const alice = await stack.connect(stack.cast.people[1]!.account.privateKey);
  const first = await buyLicense({ client: alice, listingId: penguins!.listingIds.download });
  await waitForGrant({ client: alice, orderId: first.orderId, timeoutMs: 30_000 });
  expect((await openOrderKey({ client: alice, orderId: first.orderId })).secret).toHaveLength(32);
  await Promise.all(validators.map((validator) => validator.stop()));
  const second = await buyLicense({ client: alice, listingId: penguins!.listingIds.download });
  validators = await Promise.all([0, 1, 2].map((index) => stack.validator(index)));
  for (const validator of validators) await validator.start();
  await waitForGrant({ client: alice, orderId: second.orderId, timeoutMs: 30_000 });
}, 120_000);

test('answers a subscription, also after a restart, and for a version that came meanwhile', async () => {
  const title = 'Tides';
  const publish = async (text: string, assetId?: number): Promise<{ assetId: number; version: number }> => {
    async function* content(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(text);
    }
    const file = { client: publisher, content, fileName: 'tides.csv', mediaType: 'text/csv', validatorsMayRead: false, description: { title, description: 'High and low.', license: 'CC0-1.0', tags: [] } };
    const published = await (assetId === undefined ? publishAsset({ ...file, kind: 'dataset' }) : publishVersion({ ...file, assetId }));
    await waitForVersion({ client: publisher, assetId: published.assetId, version: published.version, timeoutMs: 60_000 });
    return published;
  };
  const { assetId } = await publish('hour,height\n1,2\n');
  const terms: Terms = { version: 1, kind: 'subscription', license: 'CC0-1.0', validatorsMayRead: false, algorithms: [], modelShareBps: 0 };
  const { listingId } = await createListing({ client: publisher, assetId, firstVersion: 1, kind: 'subscription', price: 10n ** 18n, periodMinutes: 60, terms });
  const alice = await stack.connect(stack.cast.people[1]!.account.privateKey);
  const { subscriptionId } = await subscribe({ client: alice, listingId });
  expect(await waitForKey({ client: alice, subscriptionId, timeoutMs: 30_000 })).toBe(1);
  expect(new TextDecoder().decode((await readAsset({ client: alice, subscriptionId })).bytes)).toBe('hour,height\n1,2\n');
  await publish('hour,height\n1,3\n', assetId);
  await Promise.all(validators.map((validator) => validator.stop()));
  // Nobody answers the first: the second takes its place.
  await requestKey({ client: alice, subscriptionId, version: 1 });
  expect((await requestKey({ client: alice, subscriptionId })).version).toBe(2);
  validators = await Promise.all([0, 1, 2].map((index) => stack.validator(index)));
  for (const validator of validators) await validator.start();
  expect(await waitForKey({ client: alice, subscriptionId, timeoutMs: 30_000 })).toBe(2);
  expect(new TextDecoder().decode((await readAsset({ client: alice, subscriptionId })).bytes)).toBe('hour,height\n1,3\n');
  // The old one opens still, by what is on chain.
  expect((await openSubscriptionKey({ client: alice, subscriptionId, version: 1 })).facts.version).toBe(1);
  expect((await readKeyRequests({ client: alice, subscriptionId })).map(({ version, shares }) => [version, shares.length > 0])).toEqual([[1, true], [1, false], [2, true]]);
  await expect(cancelSubscription({ client: alice, subscriptionId })).resolves.toMatchObject({ refunded: 0n });
}, 120_000);

test('judges a dispute by what the content is', async () => {
  const [penguins] = seeded;
  const alice = await stack.connect(stack.cast.people[1]!.account.privateKey);
  const { orderId } = await buyLicense({ client: alice, listingId: penguins!.listingIds.download });
  await waitForGrant({ client: alice, orderId, timeoutMs: 30_000 });
  await disputeOrder({ client: alice, orderId, evidence: `0x${'11'.repeat(32)}` });
  await expect.poll(async () => (await readOrderDispute({ client: alice, orderId })).state, { timeout: 60_000, interval: 500 }).toBe('accepted');
}, 120_000);

test('refuses a version whose manifest tells another table', async () => {
  const csv = new TextEncoder().encode('a,b\n1,x\n2,y\n');
  async function* content(): AsyncGenerator<Uint8Array> {
    yield csv;
  }
  const { assetId, roundId } = await publishAsset({
    client: publisher, kind: 'dataset', content, fileName: 'lie.csv', mediaType: 'text/csv', validatorsMayRead: true, rows: 3,
    columns: [{ name: 'a', kind: 'numeric', missing: 0, distinct: 2 }, { name: 'b', kind: 'categorical', missing: 0, distinct: 2 }],
    description: { title: 'A lie', description: 'Three rows, it says.', license: 'CC0-1.0', tags: [] },
  });
  await waitForVersion({ client: publisher, assetId, version: 1, status: 'refused', timeoutMs: 60_000 });
  const round = await readRound({ client: publisher, roundId });
  expect(round.verdict).toBe('reject');
}, 120_000);

test('takes a folder of whose other tables the truth is told, and refuses one of which it is not', async () => {
  const store = async (name: string, text: string): Promise<FolderFile> => {
    const bytes = new TextEncoder().encode(text);
    const [file, identity] = [{ path: name, format: 'text/csv', size: bytes.length, sha256: sha256Hex(bytes).slice(2) }, freshFileIdentity()];
    return storeFolderFile({ storage: publisher.storage, sealed: sealFolderFile({ content: piecesOf(bytes), file, identity }), file, identity });
  };
  async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const rows = await store('rows.csv', 'a,b\n1,x\n2,y\n3,x\n');
  const files = [await store('codes.csv', 'code,name\n1,one\n2,two\n'), rows];
  const codes: FolderTable = { path: 'codes.csv', mediaType: 'text/csv', rows: 2, columns: [{ name: 'code', kind: 'numeric', missing: 0, distinct: 2 }, { name: 'name', kind: 'categorical', missing: 0, distinct: 2 }] };
  const publish = (table: FolderTable, sealed = files) => publishAsset({
    client: publisher, kind: 'dataset', validatorsMayRead: true, rows: 3, columns: [{ name: 'a', kind: 'numeric', missing: 0, distinct: 3 }, { name: 'b', kind: 'categorical', missing: 0, distinct: 2 }],
    description: { title: 'Two tables', description: 'A folder.', license: 'CC0-1.0', tags: [] }, ...folderContent({ name: 'two', files: sealed, main: 'rows.csv', tables: [table] }),
  });
  const honest = await publish(codes);
  await waitForVersion({ client: publisher, assetId: honest.assetId, version: 1, status: 'live', timeoutMs: 60_000 });
  const lie = await publish({ ...codes, columns: [codes.columns[0]!, { ...codes.columns[1]!, distinct: 1 }] });
  await waitForVersion({ client: publisher, assetId: lie.assetId, version: 1, status: 'refused', timeoutMs: 60_000 });
  const harmful = await publish(codes, [await store('codes.csv', 'code,name\n1,one\n2,=SUM(A1)\n'), rows]);
  await waitForVersion({ client: publisher, assetId: harmful.assetId, version: 1, status: 'refused', timeoutMs: 60_000 });
}, 180_000);

test('takes rounded statistics that hold, and refuses those that do not', async () => {
  const csv = new TextEncoder().encode(['a,b', ...Array.from({ length: 40 }, (_, row) => `${row * 2.5},${row % 2 === 0 ? 'x' : 'y'}`)].join('\n'));
  async function* content(): AsyncGenerator<Uint8Array> {
    yield csv;
  }
  const profile = profileCsv(csv);
  const columns = describeColumns({ ...profile, choice: { topOf: ['b'] } });
  const [numbers, texts] = columns;
  if (!numbers?.statistics || !('step' in numbers.statistics) || !texts) throw new Error('statistics were expected');
  expect(columns.map(({ statistics }) => statistics)).toEqual([{ min: 0, max: 98, mean: 49, deviation: 29, quartiles: [24, 49, 73], step: 1, histogram: { edges: [0, 25, 50, 75, 100], shares: [0.25, 0.25, 0.25, 0.25], width: 5, leastRows: 10 } }, { top: [{ value: 'x', share: 0.5 }, { value: 'y', share: 0.5 }] }]);
  const publish = async (title: string, said: ManifestColumn[]): Promise<number> => {
    const { assetId } = await publishAsset({
      client: publisher, kind: 'dataset', content, fileName: 'numbers.csv', mediaType: 'text/csv', validatorsMayRead: true, rows: profile.rows, columns: said,
      description: { title, description: 'Forty numbers.', license: 'CC0-1.0', tags: [] },
    });
    return assetId;
  };
  const lie = await publish('A wrong mean', [{ ...numbers, statistics: { ...numbers.statistics, mean: 52 } }, texts]);
  await waitForVersion({ client: publisher, assetId: await publish('Right statistics', columns), version: 1, timeoutMs: 60_000 });
  await waitForVersion({ client: publisher, assetId: lie, version: 1, status: 'refused', timeoutMs: 60_000 });
}, 150_000);

test('refuses a copied keyset: the shares in it are bound to their publisher', async () => {
  const thief = await stack.connect(stack.cast.people[3]!.account.privateKey);
  const { assetRegistry } = thief.config.deployment.addresses;
  const { manifestDigest, contentRoot, contentCommitment, keyCommitment, committee, threshold } = await readVersion({ client: thief, assetId: seeded[0]!.assetId, version: 1 });
  const permit = await signPermit({ client: thief, spender: assetRegistry, value: await publishingFee(thief) });
  const { logs } = await thief.send({
    address: assetRegistry, abi: assetRegistryAbi, functionName: 'publish', sentence: 'Publish a copy',
    args: [0, { manifestDigest, contentRoot, contentCommitment, keyCommitment, committee, threshold, validatorsMayRead: true }, permit],
  });
  const assetId = Number(logs.find(({ eventName }) => eventName === 'AssetPublished')?.args['assetId']);
  await waitForVersion({ client: thief, assetId, version: 1, status: 'refused', timeoutMs: 60_000 });
}, 120_000);

test('reads a table as what it is, and refuses one whose manifest says another format', async () => {
  const publish = async (mediaType: string): Promise<number> => {
    async function* content(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('{"hour":1,"height":2.5}\n{"hour":2,"height":null}\n');
    }
    const columns = [{ name: 'hour', kind: 'numeric' as const, missing: 0, distinct: 2 }, { name: 'height', kind: 'numeric' as const, missing: 1, distinct: 1 }];
    const { assetId } = await publishAsset({
      client: publisher, kind: 'dataset', content, fileName: 'tides', mediaType, rows: 2, columns, validatorsMayRead: true,
      description: { title: `Tides as ${mediaType}`, description: 'High and low.', license: 'CC0-1.0', tags: [] },
    });
    return assetId;
  };
  await waitForVersion({ client: publisher, assetId: await publish('application/x-ndjson'), version: 1, timeoutMs: 60_000 });
  await waitForVersion({ client: publisher, assetId: await publish('text/csv'), version: 1, status: 'refused', timeoutMs: 60_000 });
}, 150_000);

test('accepts a version that it may not read by what can be seen of it', async () => {
  async function* content(): AsyncGenerator<Uint8Array> {
    yield crypto.getRandomValues(new Uint8Array(50_000));
  }
  const { assetId } = await publishAsset({
    client: publisher, kind: 'dataset', content, fileName: 'noise.bin', mediaType: 'application/octet-stream', validatorsMayRead: false,
    description: { title: 'Noise', description: 'Fifty thousand random bytes.', license: 'CC0-1.0', tags: [] },
  });
  await waitForVersion({ client: publisher, assetId, version: 1, timeoutMs: 60_000 });
}, 120_000);

test('hands a share to nobody whom the chain does not entitle', async () => {
  const [penguins] = seeded;
  const { assetId } = penguins!;
  const alice = privateKeyToAccount(stack.cast.people[1]!.account.privateKey);
  const facts = await readVersion({ client: publisher, assetId, version: 1 });
  const now = Number((await publisher.publicClient.getBlock()).timestamp);
  const fresh = (): ShareRequest => ({
    account: alice.address, assetId, version: 1, proofId: facts.roundId, validatorId: 1,
    recipientKey: bytesToHex(createIdentity().publicKey), expiresAt: now + 200,
  });
  const { chainId, addresses } = publisher.config.deployment;
  const ask = async (request: ShareRequest, domain: { chainId?: number; by?: Hex } = {}): Promise<unknown> => {
    const signer = domain.by ? privateKeyToAccount(domain.by) : alice;
    const signature = await signer.signTypedData({
      domain: requestDomain({ chainId: domain.chainId ?? chainId, market: addresses.market }), types: shareRequestTypes, primaryType: 'ShareRequest', message: shareRequestMessage(request),
    });
    const response = await fetch(`${stack.endpoints[0]}/shares`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ request, signature }) });
    const { code, title } = await response.json() as { code: string; title: string };
    return `${response.status} ${code}: ${title.replaceAll(/0x[0-9a-fA-F]+/g, '0x..')}`;
  };
  expect(await ask(fresh())).toMatchInlineSnapshot(`"403 NOT_ENTITLED: Account 0x.. is not entitled to asset 1 version 1 through 0x... Ask while your job or round is open, with the account that it names."`);
  expect(await ask({ ...fresh(), proofId: `0x02${'00'.repeat(31)}` })).toMatchInlineSnapshot(`"403 NOT_ENTITLED: Account 0x.. is not entitled to asset 1 version 1 through 0x... Ask while your job or round is open, with the account that it names."`);
  expect(await ask({ ...fresh(), proofId: `0x01${'00'.repeat(31)}` })).toMatchInlineSnapshot(`"403 FORBIDDEN: Shares for orders are granted on chain only. Wait for the grants of your order and read them from the chain."`);
  expect(await ask({ ...fresh(), proofId: `0x04${'00'.repeat(31)}` })).toMatchInlineSnapshot(`"403 FORBIDDEN: Shares for subscriptions are granted on chain only. Wait for the grants of your subscription and read them from the chain."`);
  expect(await ask({ ...fresh(), proofId: `0x09${'00'.repeat(31)}` })).toMatchInlineSnapshot(`"400 BAD_INPUT: 0x.. is neither an order, a job, a round, a subscription nor an owner's id."`);
  expect(await ask({ ...fresh(), validatorId: 2 })).toMatchInlineSnapshot(`"403 FORBIDDEN: This is validator 1; the request is for validator 2. Sign a request that names the validator whom you ask."`);
  expect(await ask({ ...fresh(), expiresAt: now - 1 })).toMatchInlineSnapshot(`"403 FORBIDDEN: The request has expired. Sign a new one; the time of the chain's newest block counts."`);
  expect(await ask({ ...fresh(), expiresAt: now + 1_000 })).toMatchInlineSnapshot(`"403 FORBIDDEN: The request is valid for more than 300 seconds. Sign one that expires within five minutes; the time of the chain's newest block counts."`);
  expect(await ask(fresh(), { chainId: chainId + 1 })).toMatchInlineSnapshot(`"403 FORBIDDEN: The request was not signed by 0x.. for this deployment. Sign it with that account, for this chain and Market."`);
  expect(await ask(fresh(), { by: stack.cast.people[2]!.account.privateKey })).toMatchInlineSnapshot(`"403 FORBIDDEN: The request was not signed by 0x.. for this deployment. Sign it with that account, for this chain and Market."`);
  const garbage = await fetch(`${stack.endpoints[0]}/shares`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"request":1}' });
  expect(garbage.status).toBe(400);
  expect((await fetch(`${stack.endpoints[0]}/healthz`)).status).toBe(200);
  const member = await stack.connect(stack.cast.validators[0]!.privateKey);
  // Its round is over, so a member is as little entitled as anybody.
  await expect(requestShares({ client: member, assetId, version: 1, proofId: facts.roundId, timeoutMs: 0 })).rejects.toMatchObject({ code: 'TOO_FEW_VALIDATORS' });
}, 60_000);

test('a wallet signs for one validator after the other, for no more than are needed, and is not asked again once its owner refused', async () => {
  const { assetId } = seeded[0]!;
  const key = privateKeyToAccount(stack.cast.people[0]!.account.privateKey);
  const signed: number[] = [];
  let refuses = false;
  const wallet: WalletAccount = {
    type: 'wallet', address: key.address, signMessage: key.signMessage, sendTransaction: async () => { throw new Error('nothing is sent'); },
    signTypedData: (async (typed: { message: { validatorId: number } }) => {
      signed.push(typed.message.validatorId);
      if (refuses) throw new NeuroError('You refused this in your wallet.', { code: 'REJECTED' });
      return key.signTypedData(typed as unknown as Parameters<typeof key.signTypedData>[0]);
    }) as unknown as WalletAccount['signTypedData'],
  };
  const ask = () => requestShares({ client: { ...publisher, account: wallet }, assetId, version: 1, proofId: ownerProofId(assetId, 1) });
  const { committee, threshold } = await readVersion({ client: publisher, assetId, version: 1 });
  expect([committee, threshold]).toEqual([[1, 2, 3], 2]);
  await ask();
  expect(signed.splice(0)).toEqual([1, 2]);
  refuses = true;
  await expect(ask()).rejects.toMatchObject({ code: 'REJECTED' });
  expect(signed.splice(0)).toEqual([1]);
  refuses = false;
  await validators[0]!.stop();
  try {
    await ask();
    expect(signed).toEqual([1, 2, 3]);
  } finally {
    validators[0] = await stack.validator(0);
    await validators[0].start();
  }
}, 60_000);

test('what has ended entitles to nothing: a refunded order, an ended subscription, a job of somebody else', async () => {
  const [penguins] = seeded;
  const { assetId } = penguins!;
  const [alice, bob] = await Promise.all([1, 2].map((person) => stack.connect(stack.cast.people[person]!.account.privateKey))) as [NeuroClient, NeuroClient];
  const terms: Terms = { version: 1, kind: 'subscription', license: 'CC0-1.0', validatorsMayRead: true, algorithms: [], modelShareBps: 0 };
  const { listingId } = await createListing({ client: publisher, assetId, firstVersion: 1, kind: 'subscription', price: 10n ** 18n, periodMinutes: 60, terms });
  const { subscriptionId } = await subscribe({ client: alice, listingId });
  await waitForKey({ client: alice, subscriptionId, timeoutMs: 30_000 });

  await Promise.all(validators.map((validator) => validator.stop()));
  const { orderId } = await buyLicense({ client: alice, listingId: penguins!.listingIds.download });
  await stack.chain.mine({ blocks: 3, secondsLater: 4_000 });
  await refundOrder({ client: alice, orderId });
  await registerWorker({ client: await stack.connect(stack.cast.workers[0]!.privateKey), endpoint: 'http://127.0.0.1:1', offer: { cores: 1, memoryMiB: 8_192, pricePerUnit: 1n } });
  const { jobId } = await startRun({ client: bob, listingId: penguins!.listingIds.compute, version: 1, train: weights });
  await expect(requestKey({ client: alice, subscriptionId })).rejects.toMatchObject({ code: 'REVERTED' });
  validators = await Promise.all([0, 1, 2].map((index) => stack.validator(index)));
  for (const validator of validators) await validator.start();

  const ask = (client: NeuroClient, proofId: Hex): Promise<string> => requestShares({ client, assetId, version: 1, proofId, timeoutMs: 0 }).then(() => 'opened', (error: unknown) => (error as { details?: string }).details ?? '');
  const nobody = (reason: RegExp): unknown => expect.stringMatching(new RegExp(`^(Validator \\d: ${reason.source}[^\\n]*\\n?){3}$`));
  expect(await ask(alice, orderId)).toEqual(nobody(/Shares for orders are granted on chain only/));
  expect(await ask(alice, subscriptionId)).toEqual(nobody(/Shares for subscriptions are granted on chain only/));
  // Neither he who pays for a run may see its rows, nor anybody else but its worker.
  expect(await ask(bob, jobId)).toEqual(nobody(/Account 0x[0-9a-fA-F]+ is not entitled/));
  expect(await ask(alice, jobId)).toEqual(nobody(/Account 0x[0-9a-fA-F]+ is not entitled/));
  expect(await readGrants({ client: alice, orderId })).toEqual([]);
}, 120_000);
