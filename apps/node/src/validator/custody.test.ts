import { createIdentity } from '@neurodata/sealing';
import { custodyAbi, ownerProofId, requestDomain, shareRequestMessage, shareRequestTypes, validatorsAbi } from '@neurodata/protocol';
import type { ShareRequest } from '@neurodata/protocol';
import { buyLicense, confirmOrder, createListing, drillKeys, exportKey, openKeyExport, openOrderKey, publishAsset, readAccessLog, readAsset, readEpochs, readHandover, readKeyset, readManifest, readVersion, recoverContent, refreshKeys, waitForGrant, waitForHandover, waitForVersion } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesToHex } from 'viem';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Service } from '../common/service.ts';
import { startSmallStack } from '../../test/smallStack.ts';
import type { SmallStack } from '../../test/smallStack.ts';

const text = new TextEncoder().encode('a,b\n1,x\n2,y\n');
async function* content(): AsyncGenerator<Uint8Array> {
  yield text;
}

let stack: SmallStack;
let validators: Service[];
let publisher: NeuroClient;
let alice: NeuroClient;
let assetId: number;
let listingId: number;
/** Bought of the first holders, before any handover. */
let firstOrder: Hex;

beforeAll(async () => {
  stack = await startSmallStack({ validators: 4, custody: { intervalMs: 1_000, refreshAfterMs: 86_400_000, silentAfterMs: 86_400_000 } });
  validators = await Promise.all([0, 1, 2, 3].map((index) => stack.validator(index)));
  // One after the other, so that ids follow the cast.
  for (const validator of validators) await validator.start();
  publisher = await stack.connect(stack.cast.people[0]!.account.privateKey);
  alice = await stack.connect(stack.cast.people[1]!.account.privateKey);
  ({ assetId } = await publishAsset({
    client: publisher, kind: 'dataset', content, fileName: 'tiny.csv', mediaType: 'text/csv', validatorsMayRead: true, rows: 2, committee: [1, 2, 3], threshold: 2,
    columns: [{ name: 'a', kind: 'numeric', missing: 0, distinct: 2 }, { name: 'b', kind: 'categorical', missing: 0, distinct: 2 }],
    description: { title: 'Tiny', description: 'Two rows.', license: 'CC0-1.0', tags: [] },
  }));
  await waitForVersion({ client: publisher, assetId, version: 1, timeoutMs: 60_000 });
  ({ listingId } = await createListing({ client: publisher, assetId, firstVersion: 1, kind: 'download', price: 10n ** 18n, terms: { version: 1, kind: 'download', license: 'CC0-1.0', validatorsMayRead: true, algorithms: [], modelShareBps: 0 } }));
}, 300_000);

afterAll(async () => {
  await Promise.all(validators?.map((validator) => validator.stop()) ?? []);
  await stack?.stop();
}, 60_000);

async function buy(): Promise<`0x${string}`> {
  const { orderId } = await buyLicense({ client: alice, listingId });
  await waitForGrant({ client: alice, orderId, timeoutMs: 60_000 });
  return orderId;
}

test('holders prove their shares, and a silent one is named', async () => {
  const drill = await drillKeys({ client: alice, assetId, version: 1 });
  expect(drill).toMatchObject({ epoch: 0, threshold: 2, valid: 3, enough: true });
  expect(drill.holders.map(({ validatorId, state }) => [validatorId, state])).toEqual([[1, 'valid'], [2, 'valid'], [3, 'valid']]);
  await validators[2]!.stop();
  const again = await drillKeys({ client: alice, assetId, version: 1, timeoutMs: 3_000 });
  expect(again).toMatchObject({ valid: 2, enough: true });
  expect(again.holders[2]).toMatchObject({ validatorId: 3, state: 'silent' });
  validators[2] = await stack.validator(2);
  await validators[2].start();
}, 60_000);

test('a refresh gives all holders other shares of the same secret, and nobody loses an order', async () => {
  const before = firstOrder = await buy();
  const { epoch } = await refreshKeys({ client: publisher, assetId, version: 1 });
  const facts = await waitForHandover({ client: publisher, assetId, version: 1, epoch, timeoutMs: 150_000 });
  expect(facts).toMatchObject({ epoch: 1, committee: [1, 2, 3], threshold: 2 });
  const confirmed = await Promise.all((await listConfirmed(epoch)).map(({ transactionHash }) => publisher.publicClient.getTransactionReceipt({ hash: transactionHash })));
  const gas = confirmed.map(({ gasUsed }) => Number(gasUsed));
  expect(gas).toHaveLength(2);
  // The last one switches.
  expect(Math.max(...gas)).toBeLessThan(140_000);
  expect(Math.min(...gas)).toBeLessThan(75_000);
  const [first, next] = await Promise.all([0, 1].map((which) => readKeyset({ client: alice, facts, epoch: which })));
  expect(next!.keyset.commitments[0]).toBe(first!.keyset.commitments[0]);
  expect(next!.keyset.commitments[1]).not.toBe(first!.keyset.commitments[1]);
  // Who held the key in the second of the change still grants what is opened in it.
  await sleep(2_000);
  const after = await buy();
  const [old, fresh] = await Promise.all([openOrderKey({ client: alice, orderId: before }), openOrderKey({ client: alice, orderId: after })]);
  expect(fresh.secret).toEqual(old.secret);
  expect([old.keyset.version, fresh.keyset.version]).toEqual([1, 2]);
  expect((await readAsset({ client: alice, orderId: after })).bytes).toEqual(text);
  expect(await drillKeys({ client: alice, assetId, version: 1 })).toMatchObject({ epoch: 1, valid: 3 });
}, 300_000);

test('a holder that leaves is replaced by a draw, by itself, and the key is granted by the others', async () => {
  const leaving = await stack.connect(stack.cast.validators[1]!.privateKey);
  await leaving.send({ address: leaving.config.deployment.addresses.validators, abi: validatorsAbi, functionName: 'deregister', args: [], sentence: 'Leave' });
  await validators[1]!.stop();
  const facts = await waitForHandover({ client: publisher, assetId, version: 1, epoch: 2, timeoutMs: 120_000 });
  expect(facts.committee).toEqual([1, 4, 3]);
  expect((await readEpochs({ client: alice, facts })).map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
  expect(await drillKeys({ client: alice, assetId, version: 1 })).toMatchObject({ epoch: 2, valid: 3, enough: true });
  expect((await readAsset({ client: alice, orderId: await buy() })).bytes).toEqual(text);
  expect((await readVersion({ client: alice, assetId, version: 1 })).keyCommitment).not.toBe(facts.keysetDigest);
}, 240_000);

test('a lost browser is not a lost purchase, once nothing of it can be returned, also where other holders granted it', async () => {
  for (const orderId of [await buy(), firstOrder]) {
    // The same wallet elsewhere: its stored identities are gone.
    const elsewhere = await stack.connect(stack.cast.people[1]!.account.privateKey);
    await expect(readAsset({ client: elsewhere, orderId })).rejects.toMatchObject({ code: 'NO_KEY' });
    await confirmOrder({ client: alice, orderId });
    expect((await readAsset({ client: elsewhere, orderId })).bytes).toEqual(text);
    const stranger = await stack.connect(stack.cast.people[2]!.account.privateKey);
    await expect(readAsset({ client: stranger, orderId })).rejects.toMatchObject({ code: 'NO_KEY' });
  }
}, 120_000);

test("the owner's export opens the content with nothing else, and nobody else gets one", async () => {
  const facts = await readVersion({ client: publisher, assetId, version: 1 });
  const { 'nd:sealed': sealed } = await readManifest({ client: publisher, facts });
  const identity = createIdentity();
  for (const [lock, opener] of [[{ passphrase: 'four words are enough' }, { passphrase: 'four words are enough' }], [{ recipients: [identity.publicKey] }, { identities: [identity] }]] as const) {
    const file = await exportKey({ client: publisher, assetId, version: 1, lock: 'recipients' in lock ? { recipients: [...lock.recipients] } : lock });
    const key = await openKeyExport({ file, ...('identities' in opener ? { identities: [...opener.identities] } : opener) });
    const pieces: Uint8Array[] = [];
    for await (const piece of recoverContent({ ciphertext: publisher.storage.readFile({ cid: sealed.cid }), key })) pieces.push(piece);
    expect(Buffer.concat(pieces)).toEqual(Buffer.from(text));
    await expect(openKeyExport({ file, passphrase: 'a guess' })).rejects.toMatchObject({ code: 'NO_KEY' });
  }
  await expect(exportKey({ client: alice, assetId, version: 1, lock: { passphrase: 'x' }, timeoutMs: 0 })).rejects.toMatchObject({ code: 'TOO_FEW_VALIDATORS' });
}, 120_000);

test('share requests are refused and logged: replayed, expired, of others, stolen, of an order that may be refunded', async () => {
  const owner = privateKeyToAccount(stack.cast.people[0]!.account.privateKey);
  const { chainId, addresses } = publisher.config.deployment;
  const now = Number((await publisher.publicClient.getBlock()).timestamp);
  const fresh = (change: Partial<ShareRequest> = {}): ShareRequest => ({
    account: owner.address, assetId, version: 1, proofId: ownerProofId(assetId, 1), validatorId: 1, recipientKey: bytesToHex(createIdentity().publicKey), expiresAt: now + 200, ...change,
  });
  const sign = (request: ShareRequest, { by = stack.cast.people[0]!.account.privateKey, chain = chainId } = {}) => privateKeyToAccount(by)
    .signTypedData({ domain: requestDomain({ chainId: chain, market: addresses.market }), types: shareRequestTypes, primaryType: 'ShareRequest', message: shareRequestMessage(request) });
  const post = async (request: ShareRequest, signature: string, node = 0): Promise<string> => {
    const response = await fetch(`${stack.endpoints[node]}/shares`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ request, signature }) });
    return response.ok ? 'granted' : (await response.json() as { code: string }).code;
  };
  const good = fresh();
  const signature = await sign(good);
  expect(await post(good, signature)).toBe('granted');
  expect(await post(good, signature)).toBe('FORBIDDEN');
  expect(await post(good, signature, 2)).toBe('FORBIDDEN');
  const later = fresh();
  expect(await post({ ...later, recipientKey: bytesToHex(createIdentity().publicKey) }, await sign(later))).toBe('FORBIDDEN');
  expect(await post(later, await sign(later, { chain: chainId + 1 }))).toBe('FORBIDDEN');
  expect(await post(later, await sign(later, { by: stack.cast.people[2]!.account.privateKey }))).toBe('FORBIDDEN');
  const expired = fresh({ expiresAt: now - 1 });
  expect(await post(expired, await sign(expired))).toBe('FORBIDDEN');
  const alicesKey = stack.cast.people[1]!.account.privateKey;
  const open = await buy();
  const unfinished = fresh({ account: privateKeyToAccount(alicesKey).address, proofId: open });
  expect(await post(unfinished, await sign(unfinished, { by: alicesKey }))).toBe('FORBIDDEN');
  const foreign = fresh({ account: privateKeyToAccount(alicesKey).address });
  expect(await post(foreign, await sign(foreign, { by: alicesKey }))).toBe('NOT_ENTITLED');
  // What was answered is known after a restart, too.
  await validators[0]!.stop();
  validators[0] = await stack.validator(0);
  await validators[0].start();
  expect(await post(good, signature)).toBe('FORBIDDEN');

  const [log] = await readAccessLog({ client: publisher, assetId, version: 1 });
  expect(log).toMatchObject({ validatorId: 1 });
  expect(log!.items.slice(0, 8).map(({ outcome, code, account }) => [outcome, code, account === owner.address ? 'owner' : 'alice'])).toMatchInlineSnapshot(`
    [
      [
        "refused",
        "FORBIDDEN",
        "owner",
      ],
      [
        "refused",
        "NOT_ENTITLED",
        "alice",
      ],
      [
        "refused",
        "FORBIDDEN",
        "alice",
      ],
      [
        "refused",
        "FORBIDDEN",
        "owner",
      ],
      [
        "refused",
        "FORBIDDEN",
        "owner",
      ],
      [
        "refused",
        "FORBIDDEN",
        "owner",
      ],
      [
        "refused",
        "FORBIDDEN",
        "owner",
      ],
      [
        "refused",
        "FORBIDDEN",
        "owner",
      ],
    ]
  `);
  // Whoever carries an answer may keep it back, but leaves nothing out of it, and passes no other one off as it.
  const forge = (change: (value: { items: unknown[] }) => unknown) => readAccessLog({
    assetId, version: 1,
    client: { ...publisher, fetch: async (input, init) => Response.json(change(await (await publisher.fetch(input, init)).json() as { items: unknown[] })) },
  });
  const [first] = await forge((value) => value);
  expect(first!.problem).toBeUndefined();
  let answered: unknown;
  for (const change of [(value: { items: unknown[] }) => ({ ...value, items: [...value.items, log!.items[0]] }), (value: { items: unknown[] }) => ({ ...value, validatorId: 2 }), (value: { items: unknown[] }) => (answered ??= value)]) {
    const logs = await forge(change);
    // The one that gave the first answer is told from the others by its signature, which is of its own request.
    expect(logs.filter(({ problem }) => /was not signed by validator/.test(problem ?? '')).length).toBeGreaterThanOrEqual(2);
  }
  const theirs = await readAccessLog({ client: alice, assetId, version: 1 });
  expect(theirs.every(({ items, problem }) => items.length === 0 && /is not owned by/.test(problem ?? ''))).toBe(true);
}, 120_000);

test('nobody deals to a handover that replaces a holder who is there, and it holds up no other', async () => {
  const { custody } = publisher.config.deployment.addresses;
  const pushy = await stack.connect(stack.cast.validators[2]!.privateKey);
  await pushy.send({ address: custody, abi: custodyAbi, functionName: 'open', args: [BigInt(assetId), 1, [1]], sentence: 'Push validator 1 out' });
  const opener = privateKeyToAccount(stack.cast.validators[2]!.privateKey).address;
  await expect.poll(async () => (await readHandover({ client: alice, assetId, version: 1, opener })).committee, { timeout: 120_000, interval: 500 }).toEqual([4, 3]);
  const ask = await fetch(`${stack.endpoints[3]}/dealings`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ assetId, version: 1, opener }) });
  expect([ask.status, (await ask.json() as { title: string }).title]).toEqual([403, expect.stringContaining('it would replace validator 1, who answers')]);
  const { epoch } = await refreshKeys({ client: publisher, assetId, version: 1 });
  expect(await waitForHandover({ client: publisher, assetId, version: 1, epoch, timeoutMs: 150_000 })).toMatchObject({ epoch: 3, committee: [1, 4, 3] });
}, 300_000);

test('a handover that is opened in the moment in which the last one ends is not taken for it', async () => {
  const epochOf = async (): Promise<number> => (await readVersion({ client: publisher, assetId, version: 1 })).epoch;
  for (const wanted of [4, 5, 6]) {
    await refreshKeys({ client: publisher, assetId, version: 1 });
    await expect.poll(epochOf, { timeout: 60_000, interval: 10 }).toBe(wanted);
  }
}, 200_000);

test('nodes that stop in the middle of a handover finish it when they are back', async () => {
  const { epoch } = await refreshKeys({ client: publisher, assetId, version: 1 });
  await expect.poll(async () => (await listConfirmed(epoch)).length, { timeout: 120_000, interval: 50 }).toBeGreaterThan(0);
  const there = [0, 2, 3];
  await Promise.all(there.map((index) => validators[index]!.stop()));
  for (const index of there) {
    validators[index] = await stack.validator(index);
    await validators[index].start();
  }
  expect(await waitForHandover({ client: publisher, assetId, version: 1, epoch, timeoutMs: 150_000 })).toMatchObject({ epoch: 7, committee: [1, 4, 3] });
  expect(await drillKeys({ client: alice, assetId, version: 1 })).toMatchObject({ epoch: 7, valid: 3 });
}, 300_000);

test('a holder that is silent is replaced at the word of another, if the others find it silent too', async () => {
  await validators[3]!.stop();
  const holder = await stack.connect(stack.cast.validators[0]!.privateKey);
  const { epoch } = await refreshKeys({ client: holder, assetId, version: 1, without: [4] });
  expect(await waitForHandover({ client: publisher, assetId, version: 1, epoch, timeoutMs: 150_000 })).toMatchObject({ epoch: 8, committee: [1, 3], threshold: 2 });
  expect((await readAsset({ client: alice, orderId: await sleep(2_000).then(buy) })).bytes).toEqual(text);
}, 300_000);

test('a holder changes its key: the old one opens what was sealed to it, and is not needed once the key was handed on', async () => {
  const restart = async (): Promise<void> => {
    await validators[0]!.stop();
    validators[0] = await stack.validator(0);
    await validators[0].start();
  };
  const holder = await stack.connect(stack.cast.validators[0]!.privateKey);
  const fresh = createIdentity();
  await holder.send({ address: holder.config.deployment.addresses.validators, abi: validatorsAbi, functionName: 'setKey', args: [bytesToHex(fresh.publicKey)], sentence: 'Seal to another key' });
  stack.retired[0] = [stack.identities[0]!];
  stack.identities[0] = fresh;
  await restart();
  // Both of the two holders are needed.
  expect((await readAsset({ client: alice, orderId: await buy() })).bytes).toEqual(text);
  const { epoch } = await refreshKeys({ client: publisher, assetId, version: 1 });
  const facts = await waitForHandover({ client: publisher, assetId, version: 1, epoch, timeoutMs: 150_000 });
  const { keyset } = await readKeyset({ client: alice, facts });
  expect(keyset.members[0]).toMatchObject({ validatorId: 1, recipient: bytesToHex(fresh.publicKey) });
  stack.retired[0] = [];
  await restart();
  expect(await drillKeys({ client: alice, assetId, version: 1 })).toMatchObject({ epoch: 9, valid: 2, enough: true });
}, 300_000);

async function listConfirmed(epoch: number) {
  const { custody } = publisher.config.deployment.addresses;
  const opened = await publisher.publicClient.getContractEvents({ address: custody, abi: custodyAbi, eventName: 'HandoverOpened', args: { assetId: BigInt(assetId) }, strict: true, fromBlock: 0n });
  const from = opened.findLast(({ args }) => args.epoch === epoch)?.blockNumber ?? 0n;
  return publisher.publicClient.getContractEvents({ address: custody, abi: custodyAbi, eventName: 'HandoverConfirmed', args: { assetId: BigInt(assetId) }, fromBlock: from });
}
