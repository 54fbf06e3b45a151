import { neuroCoinAbi, parseNcr } from '@neurodata/protocol';
import {
  cancelSubscription, claimSubscriptions, createListing, publishAsset, publishVersion, readAsset, readSubscription, renewSubscription, requestKey, subscribe, waitForKey, waitForVersion, withdrawCredits,
} from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { expect, test } from 'vitest';
import { startStack } from './stack.ts';

const minutes = 60_000;
const price = parseNcr('4');
const day = 86_400;

async function publish(client: NeuroClient, text: string, assetId?: number): Promise<number> {
  async function* content(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(text);
  }
  const file = { client, content, fileName: 'tides.csv', mediaType: 'text/csv', validatorsMayRead: false, description: { title: 'Tides', description: 'High and low water, hour by hour.', license: 'CC0-1.0', tags: ['sea'] } };
  const published = await (assetId === undefined ? publishAsset({ ...file, kind: 'dataset' }) : publishVersion({ ...file, assetId }));
  await waitForVersion({ client, assetId: published.assetId, version: published.version, timeoutMs: minutes });
  return published.assetId;
}

test('a subscription: keys of two versions, renewed cheaply, cancelled to the coin, and its seller paid', async () => {
  const stack = await startStack();
  try {
    const [seller, alice] = await Promise.all([stack.client('publisher'), stack.client('alice')]);
    const assetId = await publish(seller, 'hour,height\n1,2\n');
    const terms = { version: 1 as const, kind: 'subscription' as const, license: 'CC0-1.0', validatorsMayRead: false, algorithms: [], modelShareBps: 0 };
    const { listingId } = await createListing({ client: seller, assetId, firstVersion: 1, kind: 'subscription', price, periodMinutes: 1440, terms });
    const balance = async (client: NeuroClient): Promise<bigint> => (await client.api.getAccount({ address: client.account!.address })).balance;
    const before = await balance(alice);

    const { subscriptionId, paidUntil } = await subscribe({ client: alice, listingId, periods: 3 });
    expect(await balance(alice)).toBe(before - 3n * price);
    await waitForKey({ client: alice, subscriptionId, timeoutMs: minutes });
    expect(new TextDecoder().decode((await readAsset({ client: alice, subscriptionId })).bytes)).toBe('hour,height\n1,2\n');

    await publish(seller, 'hour,height\n1,2\n2,3\n', assetId);
    expect((await requestKey({ client: alice, subscriptionId })).version).toBe(2);
    await waitForKey({ client: alice, subscriptionId, timeoutMs: minutes });
    const second = await readAsset({ client: alice, subscriptionId });
    expect(new TextDecoder().decode(second.bytes)).toBe('hour,height\n1,2\n2,3\n');
    expect(second.checks.every(({ status }) => status === 'passed')).toBe(true);
    expect(new TextDecoder().decode((await readAsset({ client: alice, subscriptionId, version: 1 })).bytes)).toBe('hour,height\n1,2\n');

    // Without an allowance a permit comes along; with one the short way is taken.
    expect((await renewSubscription({ client: alice, subscriptionId })).paidUntil).toBe(paidUntil + day);
    const { neuroCoin, subscriptions } = alice.config.deployment.addresses;
    await alice.send({ address: neuroCoin, abi: neuroCoinAbi, functionName: 'approve', args: [subscriptions, 2n ** 256n - 1n], sentence: 'Let subscriptions take NCR' });
    const renewed = await renewSubscription({ client: alice, subscriptionId });
    expect(renewed.paidUntil).toBe(paidUntil + 2 * day);
    expect(renewed.gasUsed).toBeLessThanOrEqual(45_000n);

    // The first period was used: it is the seller's at once. The four after it are not.
    expect(await alice.api.getSubscription({ subscriptionId })).toMatchObject({ running: true, refundable: 4n * price, held: 5n * price, keptUntil: paidUntil - 2 * day });
    const { claimed, toSeller } = await claimSubscriptions({ client: seller });
    expect(claimed).toEqual([subscriptionId]);
    expect(toSeller).toBe(price - (price * 25n) / 10_000n);
    const cancelled = await cancelSubscription({ client: alice, subscriptionId });
    expect(cancelled).toMatchObject({ refunded: 4n * price, paidUntil: paidUntil - 2 * day });
    expect((await withdrawCredits({ client: alice, from: 'subscriptions' })).paid).toBe(4n * price);
    expect(await balance(alice)).toBe(before - price);
    expect((await withdrawCredits({ client: seller, from: 'subscriptions' })).paid).toBe(toSeller);

    const rows = await alice.api.getSubscription({ subscriptionId });
    expect(rows).toMatchObject({ held: 0n, refundable: 0n, paidUntil: paidUntil - 2 * day, running: true });
    expect((await readSubscription({ client: alice, subscriptionId })).held).toBe(0n);
    await stack.restart();
    expect(await alice.api.getSubscription({ subscriptionId })).toEqual(rows);
    expect(new TextDecoder().decode((await readAsset({ client: alice, subscriptionId })).bytes)).toBe('hour,height\n1,2\n2,3\n');
  } finally {
    await stack.stop();
  }
}, 240_000);
