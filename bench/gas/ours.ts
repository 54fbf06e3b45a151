import { marketAbi, trainingAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs, parseUnits, parseSignature, type TransactionReceipt } from 'viem';
import { measureVote } from './governance.ts';
import { type Measured, of } from './measured.ts';
import { measureSubscription } from './subscription.ts';
import { conclude, digest, type Economy, list, noPermit, price, publish } from './economy.ts';

/** `null`: the contracts have no such function (yet). */
export type OurFigures = Record<OurName, Measured | null>;
export type OurName =
  | 'buy' | 'buyPermit' | 'buyPermitFirst' | 'batchBuyEach' | 'grant' | 'confirm' | 'claim' | 'wholeSale' | 'subscribe' | 'renew' | 'renewUnlisted' | 'renewOf12' | 'publish'
  | 'dispute' | 'settleRun' | 'attestRun' | 'vote';

const batch = 10;
/** A granted key share: 32 bytes of encapsulated key, 65 of share, 16 of tag, 96 of the sender's proof. */
const sealedShare: Hex = `0x${'5a'.repeat(209)}`;
let keys = 0;
const freshKey = (): Hex => digest(`recipient ${(keys += 1)}`);
const mean = (values: readonly bigint[]): number => Math.round(Number(values.reduce((sum, value) => sum + value, 0n)) / values.length);

async function buy(economy: Economy, listingId: number): Promise<TransactionReceipt & { orderId: Hex }> {
  const receipt = await economy.write(economy.buyer, 'market', 'buy', [listingId, 1, price, freshKey()]);
  const [event] = parseEventLogs({ abi: marketAbi, eventName: 'OrderOpened', logs: receipt.logs });
  if (event === undefined) throw new Error('buy made no OrderOpened.');
  return { ...receipt, orderId: event.args.orderId };
}

async function grantAll(economy: Economy, orderIds: readonly Hex[]): Promise<TransactionReceipt[]> {
  const grants = orderIds.map((orderId) => ({ orderId, sealedShare }));
  const receipts: TransactionReceipt[] = [];
  for (const keeper of economy.keepers) receipts.push(await economy.write(keeper, 'market', 'grant', [grants]));
  return receipts;
}

/** So that buyer, seller and treasury have traded before, as returning accounts have. */
async function trade(economy: Economy, listingId: number): Promise<void> {
  await buy(economy, listingId);
  const { orderId } = await buy(economy, listingId);
  await grantAll(economy, [orderId]);
  await economy.write(economy.buyer, 'market', 'confirm', [orderId]);
  await economy.write(economy.publisher, 'market', 'claim', [economy.publisher, [orderId]]);
}

async function buyWithPermit(economy: Economy, listingId: number): Promise<Measured> {
  const { permitBuyer, addresses, evm, read } = economy;
  const domain = { name: await read<string>('neuroCoin', 'name', []), version: '1', chainId: evm.clients.chainId, verifyingContract: addresses.neuroCoin };
  const deadline = 2n ** 40n;
  const signature = parseSignature(await permitBuyer.signTypedData({
    domain, primaryType: 'Permit',
    types: { Permit: [['owner', 'address'], ['spender', 'address'], ['value', 'uint256'], ['nonce', 'uint256'], ['deadline', 'uint256']].map(([name = '', type = '']) => ({ name, type })) },
    message: { owner: permitBuyer.address, spender: addresses.market, value: price, nonce: await read<bigint>('neuroCoin', 'nonces', [permitBuyer.address]), deadline },
  }));
  const permit = { value: price, deadline, v: 27 + signature.yParity, r: signature.r, s: signature.s };
  return of(await economy.write(permitBuyer.address, 'market', 'buyWithPermit', [listingId, 1, price, freshKey(), permit]));
}

async function measureSale(economy: Economy, listingId: number): Promise<Pick<OurFigures, 'buy' | 'grant' | 'confirm' | 'claim' | 'wholeSale'>> {
  const bought = await buy(economy, listingId);
  await grantAll(economy, [bought.orderId]);
  const confirm = of(await economy.write(economy.buyer, 'market', 'confirm', [bought.orderId]));
  const orderIds: Hex[] = [];
  for (let index = 0; index < batch; index += 1) orderIds.push((await buy(economy, listingId)).orderId);
  const grants = await grantAll(economy, orderIds);
  await economy.evm.skip(economy.params.market.confirmWindow + 1);
  const claim = of(await economy.write(economy.publisher, 'market', 'claim', [economy.publisher, orderIds]), batch);
  const shares = grants.map((receipt) => of(receipt, batch));
  const wholeSale = { gas: Number(bought.gasUsed) + shares.reduce((sum, { gas }) => sum + gas, 0) + claim.gas };
  const grant: Measured = { gas: Math.round(shares.reduce((sum, { gas }) => sum + gas, 0) / shares.length), ...(shares[0]?.hash ? { hash: shares[0].hash } : {}) };
  return { buy: of(bought), grant, confirm, claim, wholeSale };
}

async function measureBatch(economy: Economy, listingId: number): Promise<Measured> {
  const purchases = Array.from({ length: batch }, () => ({ listingId, version: 1, maxPrice: price, recipientKey: freshKey() }));
  return of(await economy.write(economy.buyer, 'market', 'batchBuy', [purchases]), batch);
}

async function measureDispute(economy: Economy, listingId: number): Promise<Measured> {
  const { orderId } = await buy(economy, listingId);
  await grantAll(economy, [orderId]);
  return of(await economy.write(economy.buyer, 'orderDisputes', 'dispute', [orderId, digest('evidence'), noPermit]));
}

const needs = { runtime: digest('engine'), units: 1, memoryMiB: 1_024, cores: 1, maxFee: parseUnits('0.4', 18) };

async function measureRun(economy: Economy, listingId: number): Promise<{ settleRun: Measured; attestRun: Measured }> {
  const { write, read, buyer, evm } = economy;
  const run = async (): Promise<{ settleRun: Measured; attestRun: Measured }> => {
    const { logs } = await write(buyer, 'training', 'openJob', [{ listingId, version: 1, specDigest: digest(`spec ${keys}`), recipientKey: freshKey(), needs, maxTotal: 2n ** 255n }, noPermit]);
    const [event] = parseEventLogs({ abi: trainingAbi, eventName: 'JobOpened', logs });
    if (event === undefined) throw new Error('openJob made no JobOpened.');
    const { jobId } = event.args;
    await evm.mine(2);
    const worker = await read<Hex>('training', 'drawnWorker', [jobId]);
    await write(worker, 'training', 'claimJob', [jobId]);
    const receipt = { receiptDigest: digest('receipt'), modelDigest: digest('model'), checkpointRoot: digest('checkpoints'), engineId: digest('engine'), canary: digest('canary'), checkpoints: 9, totalSteps: 0 };
    await write(worker, 'training', 'submitReceipt', [jobId, receipt]);
    const round = await conclude(economy, (await read<{ roundId: Hex }>('training', 'job', [jobId])).roundId);
    const members = round.commits.length;
    // The verdict, and the end of the run once the challenge window is over.
    await evm.skip(economy.params.training.challengeWindow + 1);
    const end = await write(economy.deployer, 'training', 'finalize', [jobId]);
    const settled = Number(round.settle + end.gasUsed);
    const attested = mean(round.commits) + mean(round.reveals) + Math.round((Number(round.draw) + settled) / members);
    return { settleRun: { gas: Math.round(settled / members), hash: end.transactionHash }, attestRun: { gas: attested } };
  };
  // The first run gives worker, publisher and treasury their first credits; the second is that of returning accounts.
  await run();
  return run();
}

/** Measures every call of ours that the contracts have. */
export async function measureOurs(economy: Economy): Promise<OurFigures> {
  await publish(economy);
  const published = await publish(economy);
  const listingId = await list(economy, { assetId: published.assetId, kind: 0 });
  const runs = await list(economy, { assetId: published.assetId, kind: 1, modelShareBps: 500 });
  await trade(economy, listingId);
  const sale = await measureSale(economy, listingId);
  const buyPermitFirst = await buyWithPermit(economy, listingId);
  return {
    ...sale, buyPermitFirst, buyPermit: await buyWithPermit(economy, listingId), dispute: await measureDispute(economy, listingId),
    publish: { gas: Number(published.gas), hash: published.hash }, ...(await measureRun(economy, runs)),
    batchBuyEach: await measureBatch(economy, listingId), ...(await measureSubscription(economy, published.assetId)), vote: await measureVote(economy),
  };
}
