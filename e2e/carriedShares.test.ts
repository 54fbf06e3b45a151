import { requestDomain, shareRequestMessage, shareRequestTypes } from '@neurodata/protocol';
import type { ShareRequest } from '@neurodata/protocol';
import { buyLicense, confirmOrder, createClient, readAsset, waitForGrant } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { createIdentity } from '@neurodata/sealing';
import { bytesToHex } from 'viem';
import type { Hex, LocalAccount } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { penguinsCsv } from './csv.ts';
import { startStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { publishPenguins } from './tell.ts';

/** What pages ask validators for through their node: it carries, and entitles nobody. */

let stack: Stack;
let alice: NeuroClient;
let assetId: number;
let orderId: Hex;
const asked: string[] = [];

/** As a page of this account in a browser that has nothing stored: all that it calls is its node. */
async function pageOf(name: string): Promise<NeuroClient> {
  return createClient({
    url: stack.node.url, account: accountOf(name), relay: true,
    fetch: (input, init) => {
      asked.push(new URL(input instanceof Request ? input.url : input).origin);
      return fetch(input, init);
    },
  });
}

function accountOf(name: string): LocalAccount {
  return privateKeyToAccount(stack.node.cast.people.find((one) => one.name === name)!.account.privateKey);
}

beforeAll(async () => {
  stack = await startStack();
  alice = await stack.client('alice');
  const published = await publishPenguins(await stack.client('publisher'), () => undefined);
  ({ assetId } = published);
  ({ orderId } = await buyLicense({ client: alice, listingId: published.download }));
  await waitForGrant({ client: alice, orderId, timeoutMs: 60_000 });
}, 180_000);
afterAll(() => stack.stop());

const post = async (body: unknown, { validatorId = 1, headers = {} }: { validatorId?: number; headers?: Record<string, string> } = {}): Promise<string> => {
  const response = await fetch(`${stack.node.url}/api/v1/validators/${validatorId}/shares`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  return response.ok ? 'carried' : (await response.json() as { code: string }).code;
};

test('a buyer whose keys are gone has them sealed to a new one, once nothing of the price can be returned', async () => {
  await expect(readAsset({ client: await pageOf('alice'), orderId })).rejects.toMatchObject({ code: 'NO_KEY' });
  await confirmOrder({ client: alice, orderId });
  const { bytes } = await readAsset({ client: await pageOf('alice'), orderId });
  expect(Buffer.from(bytes).equals(Buffer.from(penguinsCsv()))).toBe(true);
  await expect(readAsset({ client: await pageOf('carol'), orderId })).rejects.toMatchObject({ code: 'NO_KEY' });
  expect(new Set(asked)).toEqual(new Set([new URL(stack.node.url).origin]));
}, 90_000);

test('what is carried helps nobody whom the chain does not entitle', async () => {
  const { chainId, addresses } = alice.config.deployment;
  const now = Number((await alice.publicClient.getBlock()).timestamp);
  const request: ShareRequest = { account: accountOf('alice').address, assetId, version: 1, proofId: orderId, validatorId: 1, recipientKey: bytesToHex(createIdentity().publicKey), expiresAt: now + 200 };
  const sign = (said: ShareRequest, by = 'alice') => accountOf(by).signTypedData({ domain: requestDomain({ chainId, market: addresses.market }), types: shareRequestTypes, primaryType: 'ShareRequest', message: shareRequestMessage(said) });
  const signature = await sign(request);
  const thief = bytesToHex(createIdentity().publicKey);
  // Another's key or name put into what alice signed, and another's signature.
  expect(await post({ request: { ...request, recipientKey: thief }, signature })).toBe('FORBIDDEN');
  expect(await post({ request: { ...request, account: accountOf('carol').address }, signature })).toBe('FORBIDDEN');
  expect(await post({ request, signature: await sign(request, 'carol') })).toBe('FORBIDDEN');
  const carols = { ...request, account: accountOf('carol').address };
  expect(await post({ request: carols, signature: await sign(carols, 'carol') })).toBe('NOT_ENTITLED');
  // To another validator than the one that it names; to none; longer than any; kept under a key for a second call.
  expect(await post({ request, signature }, { validatorId: 2 })).toBe('FORBIDDEN');
  expect(await post({ request, signature }, { validatorId: 99 })).toBe('NOT_FOUND');
  expect(await post({ request, signature: `0x${'5a'.repeat(5_000)}` })).toBe('TOO_LARGE');
  expect(await post({ request, signature }, { headers: { 'idempotency-key': 'again' } })).toBe('BAD_INPUT');
  expect(await post({ request, signature }, { headers: { origin: 'https://elsewhere.example' } })).toBe('FORBIDDEN');
  expect(await post({ request, signature })).toBe('carried');
  // Whoever heard it on the way sends it once more.
  expect(await post({ request, signature })).toBe('FORBIDDEN');
}, 60_000);
