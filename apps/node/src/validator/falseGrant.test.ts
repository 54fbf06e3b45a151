import { accusationsAbi, neuroCoinAbi, validatorsAbi } from '@neurodata/protocol';
import { sealGrant } from '@neurodata/sealing';
import { accuseGrant, buyLicense, confirmOrder, createListing, findFalseGrants, openSubscriptionKey, publishAsset, readAsset, readGrantFacts, readValidatorStatus, subscribe, waitForGrant, waitForVersion } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Service } from '../common/service.ts';
import { startSmallStack } from '../../test/smallStack.ts';
import type { SmallStack } from '../../test/smallStack.ts';

const text = new TextEncoder().encode('a,b\n1,x\n2,y\n');
async function* content(): AsyncGenerator<Uint8Array> {
  yield text;
}
const termsOf = <K extends string>(kind: K) => ({ version: 1 as const, kind, license: 'CC0-1.0', validatorsMayRead: true, algorithms: [], modelShareBps: 0 });

/** Well formed, and sealed to the right key: only the commitment shows that it is false. */
const lie: typeof sealGrant = (parameters) => {
  const { share } = parameters;
  return sealGrant({ ...parameters, share: { ...share, value: share.value.map((byte, index) => (index === 31 ? byte ^ 1 : byte)) } });
};

let stack: SmallStack;
let validators: Service[];
let alice: NeuroClient;
let assetId: number;

beforeAll(async () => {
  stack = await startSmallStack({ validators: 4 });
  validators = await Promise.all([0, 1, 2, 3].map((index) => stack.validator(index, index === 2 ? { sealGrant: lie } : {})));
  // One after the other, so that ids follow the cast.
  for (const validator of validators) await validator.start();
  const publisher = await stack.connect(stack.cast.people[0]!.account.privateKey);
  alice = await stack.connect(stack.cast.people[1]!.account.privateKey);
  ({ assetId } = await publishAsset({
    client: publisher, kind: 'dataset', content, fileName: 'tiny.csv', mediaType: 'text/csv', validatorsMayRead: true, rows: 2, committee: [1, 2, 3], threshold: 2,
    columns: [{ name: 'a', kind: 'numeric', missing: 0, distinct: 2 }, { name: 'b', kind: 'categorical', missing: 0, distinct: 2 }],
    description: { title: 'Tiny', description: 'Two rows.', license: 'CC0-1.0', tags: [] },
  }));
  await waitForVersion({ client: publisher, assetId, version: 1, timeoutMs: 60_000 });
  const offer = { client: publisher, assetId, firstVersion: 1, price: 10n ** 18n };
  await createListing({ ...offer, kind: 'download', terms: termsOf('download') });
  await createListing({ ...offer, kind: 'subscription', periodMinutes: 1_440, terms: termsOf('subscription') });
}, 300_000);

afterAll(async () => {
  await Promise.all(validators?.map((validator) => validator.stop()) ?? []);
  await stack?.stop();
}, 60_000);

async function until<T>(read: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 240; tries += 1) {
    const found = await read();
    if (found !== undefined) return found;
    await sleep(250);
  }
  throw new Error('it did not come');
}

const allGranted = (proofId: Hex) => until(async () => {
  const grants = await readGrantFacts({ client: alice, proofId });
  return grants.length === 3 ? grants : undefined;
});

const contractOf = () => ({ address: alice.config.deployment.addresses.accusations, abi: accusationsAbi }) as const;

async function endOf(roundId: Hex) {
  const [log] = await until(async () => {
    const logs = await alice.publicClient.getContractEvents({ ...contractOf(), eventName: 'AccusationEnded', args: { roundId }, fromBlock: 0n, strict: true });
    return logs.length > 0 ? logs : undefined;
  });
  return log!.args;
}

const lockedOf = async (validatorId: number) => (await alice.publicClient.readContract({ address: alice.config.deployment.addresses.validators, abi: validatorsAbi, functionName: 'validator', args: [validatorId] })).locked;
const owedTo = () => alice.publicClient.readContract({ ...contractOf(), functionName: 'owed', args: [alice.account!.address] });

const unit = 10n ** 18n;
const [loss, fee] = [2_000n * unit, (6n * unit) / 10n];
const reward = fee + (loss - fee) / 2n;

test('a false share is named, slashed and paid for, and a true one cannot be accused', async () => {
  const { orderId } = await buyLicense({ client: alice, listingId: 1 });
  await waitForGrant({ client: alice, orderId, timeoutMs: 60_000 });
  const grants = await allGranted(orderId);
  expect(grants.map(({ sealedShare }) => sealedShare.length / 2 - 1)).toEqual([209, 209, 209]);
  const found = await findFalseGrants({ client: alice, proofId: orderId });
  expect(found.map(({ grant, state, atStake, disclosure }) => [grant.validatorId, state, atStake, disclosure.length])).toEqual([[3, 'none', 10_000n * unit, 2 + 2 * 96]]);
  await expect(accuseGrant({ client: alice, proofId: orderId, validatorId: 1 })).rejects.toMatchObject({ code: 'BAD_INPUT' });

  const { roundId } = await accuseGrant({ client: alice, proofId: orderId, validatorId: 3 });
  const { committee } = await until(async () => {
    const round = await alice.publicClient.readContract({ address: alice.config.deployment.addresses.validators, abi: validatorsAbi, functionName: 'round', args: [roundId] });
    return round.committee.length > 0 ? round : undefined;
  });
  expect([...committee].sort()).toEqual([1, 2, 4]);
  expect(await endOf(roundId)).toMatchObject({ state: 2, lost: loss, toAccuser: reward });
  // What was lost is filled up from free stake, of which it has none.
  expect(await lockedOf(3)).toBe(8_000n * unit);
  expect(await owedTo()).toBe(reward);
  expect((await findFalseGrants({ client: alice, proofId: orderId })).map(({ state }) => state)).toEqual(['guilty']);
  await expect(accuseGrant({ client: alice, proofId: orderId, validatorId: 3 })).rejects.toMatchObject({ code: 'REVERTED' });
  expect((await readAsset({ client: alice, orderId })).bytes).toEqual(text);
  const status = await readValidatorStatus({ client: alice, who: 3 });
  expect(status.accusations).toMatchObject([{ roundId, proofId: orderId, accuser: alice.account!.address, state: 'guilty', lost: loss, toAccuser: reward }]);
  expect([status.rewards.slashed, status.costs.overruled]).toEqual([loss, 1_000n * unit]);

  // With the disclosure of another grant, and of a grant that there is not.
  const { envelope } = grants.find(({ validatorId }) => validatorId === 1)!;
  const { disclosure } = found[0]!;
  for (const args of [[orderId, 1, envelope], [orderId, 4, envelope]] as const) {
    await alice.send({ address: alice.config.deployment.addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'approve', args: [contractOf().address, fee], sentence: 'Approve' });
    const { receipt } = await alice.send({ ...contractOf(), functionName: 'accuse', args: [...args, disclosure, { value: 0n, deadline: 0n, v: 0, r: `0x${'00'.repeat(32)}`, s: `0x${'00'.repeat(32)}` }], sentence: 'Accuse' });
    expect(await endOf(receipt.logs.find(({ address }) => address.toLowerCase() === contractOf().address.toLowerCase())!.topics[1]!)).toMatchObject({ state: 3, lost: 0n, toAccuser: 0n });
  }
  expect([await lockedOf(1), await lockedOf(4), await owedTo()]).toEqual([10_000n * unit, 10_000n * unit, reward]);
}, 240_000);

test("so is what a subscriber was granted", async () => {
  const { subscriptionId } = await subscribe({ client: alice, listingId: 2, periods: 1 });
  await allGranted(subscriptionId);
  expect((await findFalseGrants({ client: alice, proofId: subscriptionId })).map(({ grant }) => grant.validatorId)).toEqual([3]);
  const { roundId } = await accuseGrant({ client: alice, proofId: subscriptionId, validatorId: 3 });
  expect(await endOf(roundId)).toMatchObject({ state: 2, lost: loss });
  expect(await lockedOf(3)).toBe(6_000n * unit);
  expect((await openSubscriptionKey({ client: alice, subscriptionId })).badShares).toMatchObject([{ validatorId: 3 }]);
}, 120_000);

test('what was paid for opens also where too few true shares were granted: its holders are asked', async () => {
  await validators[0]!.stop();
  const { orderId } = await buyLicense({ client: alice, listingId: 1 });
  await waitForGrant({ client: alice, orderId, timeoutMs: 60_000 });
  await expect(readAsset({ client: alice, orderId })).rejects.toMatchObject({ code: 'TOO_FEW_VALIDATORS' });
  await confirmOrder({ client: alice, orderId });
  validators[0] = await stack.validator(0, {});
  await validators[0].start();
  const { bytes } = await until(() => readAsset({ client: alice, orderId }).catch((error: unknown) => void (error as Error)));
  expect(bytes).toEqual(text);
  expect(await readGrantFacts({ client: alice, proofId: orderId })).toHaveLength(2);
}, 120_000);
