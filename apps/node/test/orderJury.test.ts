import { neuroCoinAbi, parseNcr } from '@neurodata/protocol';
import {
  type NeuroClient, buyLicense, commitVote, disputeOrder, drawJury, escalateDispute, joinJury, poll, readDispute, readJuryCost, readOrderDispute, readOrderState, resolveDispute, revealVote, stakeCoins, submitOrderEvidence,
  waitForGrant, waitForVersion,
} from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Service } from '../src/common/service.ts';
import { seedDatasets, type Seeded } from '../src/seed/index.ts';
import { type SmallStack, startSmallStack } from './smallStack.ts';

/** Seconds; the test turns the clock itself. */
const windows = { drawWindow: 600, commitWindow: 600, revealWindow: 600, appealWindow: 600 };

let stack: SmallStack;
let validators: Service[];
let publisher: NeuroClient;
let buyer: NeuroClient;
let jurors: NeuroClient[];
let seeded: Seeded[];

beforeAll(async () => {
  stack = await startSmallStack({ change: (params) => ({ ...params, disputes: { ...params.disputes, ...windows } }) });
  validators = await Promise.all([0, 1, 2].map((index) => stack.validator(index)));
  for (const validator of validators) await validator.start();
  const clients = await Promise.all(stack.cast.people.map(({ account }) => stack.connect(account.privateKey)));
  [publisher, buyer] = [clients[0]!, clients[1]!];
  // Buyer and seller hold tickets as well, and are never drawn.
  jurors = clients.slice(0, 4);
  seeded = await seedDatasets({ client: publisher, log: stack.log });
  for (const { assetId } of seeded) await waitForVersion({ client: publisher, assetId, version: 1, timeoutMs: 60_000 });
}, 120_000);

afterAll(async () => {
  await Promise.all((validators ?? []).map((validator) => validator.stop()));
  await stack?.stop();
});

const addressOf = (client: NeuroClient): Address => client.account!.address;
const balanceOf = (client: NeuroClient): Promise<bigint> => client.publicClient.readContract({ address: client.config.deployment.addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'balanceOf', args: [addressOf(client)] });

/** An order whose content the validators have accepted against the buyer. */
async function accepted(): Promise<{ orderId: Hex; price: bigint }> {
  const listing = seeded[0]!.listingIds.download;
  const before = await balanceOf(buyer);
  const { orderId } = await buyLicense({ client: buyer, listingId: listing });
  const price = before - (await balanceOf(buyer));
  await waitForGrant({ client: buyer, orderId, timeoutMs: 30_000 });
  await expect(readOrderDispute({ client: buyer, orderId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await disputeOrder({ client: buyer, orderId, evidence: 'The description says something else.' });
  await poll({ what: 'the verdict', remedy: 'Look at the validators.', timeoutMs: 60_000, ask: async () => ((await readOrderDispute({ client: buyer, orderId })).state === 'accepted' ? true : undefined) });
  return { orderId, price };
}

test('validators accept, the buyer asks jurors, they rule for the buyer, and the price comes back', { timeout: 180_000 }, async () => {
  for (const client of jurors) {
    await stakeCoins({ client, amount: parseNcr('3000') });
    await joinJury({ client, tickets: 3 });
  }
  const { orderId, price } = await accepted();
  await expect(escalateDispute({ client: publisher, orderId })).rejects.toMatchObject({ code: 'REVERTED', details: expect.stringContaining('NotParty') });
  await expect(resolveDispute({ client: publisher, orderId })).rejects.toThrow(/too early/);
  const cost = await readJuryCost(buyer);
  const asked = await escalateDispute({ client: buyer, orderId });
  expect(asked.cost).toBe(cost);
  const { disputeId } = asked;
  expect(await readOrderDispute({ client: buyer, orderId })).toMatchObject({ state: 'jury', disputeId, until: undefined, bySeller: false, cost, bond: 0n });
  await submitOrderEvidence({ client: publisher, orderId, text: 'It is what was committed to.' });
  await expect(resolveDispute({ client: buyer, orderId })).rejects.toMatchObject({ code: 'CONFLICT' });

  await drawJury({ client: buyer, disputeId });
  const seats = (await readDispute({ client: buyer, disputeId })).rounds[0]!.seats.map(({ juror }) => juror);
  expect(seats).not.toContain(addressOf(buyer));
  expect(seats).not.toContain(addressOf(publisher));
  const seated = jurors.filter((client) => seats.includes(addressOf(client)));
  for (const client of seated) await commitVote({ client, disputeId, ruling: 1 });
  for (const client of seated) await revealVote({ client, disputeId });
  await stack.chain.mine({ secondsLater: 1_900 });

  const before = await balanceOf(buyer);
  expect(await resolveDispute({ client: jurors[2]!, orderId })).toMatchObject({ state: 'refunded' });
  const roundFee = buyer.config.roundFee;
  expect(await balanceOf(buyer)).toBe(before + price + roundFee);
  expect(await readOrderDispute({ client: buyer, orderId })).toMatchObject({ state: 'upheld' });
});

test('nobody asks jurors: anybody releases the price after the window', { timeout: 180_000 }, async () => {
  const { orderId } = await accepted();
  await stack.chain.mine({ secondsLater: 601 });
  await expect(escalateDispute({ client: buyer, orderId })).rejects.toThrow(/too late/);
  expect(await resolveDispute({ client: jurors[3]!, orderId })).toMatchObject({ state: 'released' });
  expect(await readOrderState({ client: buyer, orderId })).toBe('released');
});
