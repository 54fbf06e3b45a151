import { validatorsAbi } from '@neurodata/protocol';
import { buyLicense, createListing, drillKeys, openOrderKey, publishAsset, readAsset, readEpochs, readKeyset, readVersion, refreshKeys, waitForGrant, waitForHandover, waitForVersion } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
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
}, 180_000);

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
  const before = await buy();
  const { epoch } = await refreshKeys({ client: publisher, assetId, version: 1 });
  const facts = await waitForHandover({ client: publisher, assetId, version: 1, epoch, timeoutMs: 90_000 });
  expect(facts).toMatchObject({ epoch: 1, committee: [1, 2, 3], threshold: 2 });
  const [first, next] = await Promise.all([0, 1].map((which) => readKeyset({ client: alice, facts, epoch: which })));
  expect(next!.keyset.commitments[0]).toBe(first!.keyset.commitments[0]);
  expect(next!.keyset.commitments[1]).not.toBe(first!.keyset.commitments[1]);
  const after = await buy();
  const [old, fresh] = await Promise.all([openOrderKey({ client: alice, orderId: before }), openOrderKey({ client: alice, orderId: after })]);
  expect(fresh.secret).toEqual(old.secret);
  expect([old.keyset.version, fresh.keyset.version]).toEqual([1, 2]);
  expect((await readAsset({ client: alice, orderId: after })).bytes).toEqual(text);
  expect(await drillKeys({ client: alice, assetId, version: 1 })).toMatchObject({ epoch: 1, valid: 3 });
}, 180_000);

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
