import { createRequire } from 'node:module';
import { marketAbi, neuroCoinAbi } from '@neurodata/protocol';
import { bytecode } from '@neurodata/protocol/bytecode';
import { buyLicense, createClient } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { type Abi, type Address, type Hex, createWalletClient, erc20Abi, getAddress, http, parseAbi, parseEventLogs, parseUnits, zeroAddress } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { createIndexer } from '../indexer/createIndexer.ts';
import { bytes32, createWorld } from '../indexer/testing/world.ts';
import type { World } from '../indexer/testing/world.ts';
import { log, serveApi, until } from './testing.ts';
import type { ServedApi } from './testing.ts';

/** Sales in coins of other people: one that takes permits (another NeuroCoin) and one that does not (npm's Ocean token). */

const ocean = createRequire(import.meta.url)('@oceanprotocol/contracts/artifacts/contracts/utils/OceanToken.sol/OceanToken.json') as { bytecode: Hex };
const coin = (amount: string): bigint => parseUnits(amount, 18);

let world: World;
let db: Database;
let served: ServedApi;
let buyer: NeuroClient;
let withPermit: Address;
let plain: Address;
let assetId: bigint;

beforeAll(async () => {
  world = await createWorld();
  const { owner, buyer: account } = world.accounts;
  const allocations = [{ to: account, amount: coin('1000') }];
  withPermit = await deploy(neuroCoinAbi as Abi, bytecode.NeuroCoin, ['Other Coin', 'OTH', owner, allocations, []]);
  plain = await deploy(parseAbi(['constructor(address)']), ocean.bytecode, [owner]);
  await write(owner, plain, parseAbi(['function mint(address to, uint256 amount)']), 'mint', [account, coin('1000')]);
  for (const token of [withPermit, plain]) await world.send(owner, 'market', 'allowToken', [token, true]);
  const { assetId: id, roundId } = await world.publish('Sold in many coins');
  await world.decide(roundId);
  assetId = id;
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  served = await serveApi({ chain: world, db });
  buyer = await createClient({ url: served.api.url, account: mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex: 2 }), readOwnWrites: false });
  expect(buyer.account!.address.toLowerCase()).toBe(account.toLowerCase());
});
afterAll(async () => {
  await served.close();
  await db.close();
  await world.stop();
});

const wallet = () => createWalletClient({ transport: http(world.url) });
const mined = (hash: Hex) => until(() => world.publicClient.getTransactionReceipt({ hash }).catch(() => undefined));

async function deploy(abi: Abi, code: Hex, args: readonly unknown[]): Promise<Address> {
  const receipt = await mined(await wallet().deployContract({ abi, bytecode: code, args, account: world.accounts.owner, chain: null, gas: 8_000_000n }));
  return receipt.contractAddress!;
}

async function write(from: Address, address: Address, abi: Abi, functionName: string, args: readonly unknown[]): Promise<void> {
  await mined(await wallet().writeContract({ address, abi, functionName, args, account: from, chain: null, gas: 500_000n }));
}

async function listIn(token: Address, price: bigint): Promise<number> {
  const input = { assetId, firstVersion: 1, lastVersion: 0, kind: 0, price, modelShareBps: 0, termsDigest: bytes32('terms') };
  const receipt = await world.send(world.accounts.publisher, 'market', 'createListingWith', [input, { token, periodMinutes: 0, splits: [] }]);
  return parseEventLogs({ abi: marketAbi, eventName: 'ListingCreated', logs: receipt.logs })[0]!.args.listingId;
}

const balanceIn = (token: Address): Promise<bigint> => world.publicClient.readContract({ address: token, abi: erc20Abi, functionName: 'balanceOf', args: [buyer.account!.address] });
const sentBy = (): Promise<number> => world.publicClient.getTransactionCount({ address: buyer.account!.address });

test('a token with permits: one signature, one transaction', async () => {
  const listingId = await listIn(withPermit, coin('30'));
  const nonce = await sentBy();
  expect(await buyLicense({ client: buyer, listingId })).toMatchObject({ price: coin('30') });
  expect(await sentBy()).toBe(nonce + 1);
  expect(await balanceIn(withPermit)).toBe(coin('970'));
});

test('a token without permits is approved first, for the price alone', async () => {
  const listingId = await listIn(plain, coin('7'));
  const nonce = await sentBy();
  await buyLicense({ client: buyer, listingId });
  expect(await sentBy()).toBe(nonce + 2);
  expect(await balanceIn(plain)).toBe(coin('993'));
  expect(await world.publicClient.readContract({ address: plain, abi: erc20Abi, functionName: 'allowance', args: [buyer.account!.address, buyer.config.deployment.addresses.market] })).toBe(0n);
});

test('who holds too little of it is told so in that token, whatever NCR they hold', async () => {
  const listingId = await listIn(plain, coin('5000'));
  await expect(buyLicense({ client: buyer, listingId })).rejects.toMatchObject({ code: 'NO_FUNDS', message: expect.stringContaining('5000 OCEAN') });
  await expect(buyLicense({ client: buyer, listingId, maxPrice: coin('4') })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('4 OCEAN') });
});

test('the totals are apart for each token, and an order says its token', async () => {
  const inNcr = await buyLicense({ client: buyer, listingId: await listIn(zeroAddress, coin('11')) });
  const claimed = await buyLicense({ client: buyer, listingId: await listIn(plain, coin('2')) });
  await world.grant(claimed.orderId);
  await world.send(world.accounts.buyer, 'market', 'confirm', [claimed.orderId]);
  await world.send(world.accounts.other, 'market', 'claim', [world.accounts.publisher, [claimed.orderId]]);
  const indexer = createIndexer({ db, publicClient: world.publicClient, deployment: world.deployment, log, pollMs: 20, readDocument: async (digest) => world.manifests.get(digest)!, onChange: () => undefined });
  await indexer.start();
  await until(async () => (indexer.caughtUp() ? true : undefined));
  await indexer.stop();
  const stats = await buyer.api.getStats();
  expect(stats).toMatchObject({ inEscrow: coin('11'), volume: 0n });
  expect(stats.otherTokens.toSorted((a, b) => (a.inEscrow < b.inEscrow ? -1 : 1))).toEqual([
    { token: plain, inEscrow: coin('7'), volume: coin('2') },
    { token: withPermit, inEscrow: coin('30'), volume: 0n },
  ].map(({ token, ...sums }) => ({ token: expect.stringMatching(new RegExp(token, 'i')), ...sums })));
  // For each token the lowest price, and NCR's own apart.
  const asset = await buyer.api.getAsset({ assetId: Number(assetId) });
  expect(asset.downloadPrice).toBe(coin('11'));
  expect(asset.tokenPrices.toSorted((a, b) => (a.price < b.price ? -1 : 1))).toEqual([[plain, coin('2')], [withPermit, coin('30')]].map(([token, price]) => ({ token: getAddress(String(token)), price })));
  expect((await buyer.api.listAssets({})).items.map(({ tokenPrices }) => tokenPrices)).toEqual([asset.tokenPrices]);
  expect((await buyer.api.getOrder({ orderId: inNcr.orderId })).token).toBeNull();
  expect((await buyer.api.getOrder({ orderId: claimed.orderId })).token?.toLowerCase()).toBe(plain.toLowerCase());
});
