import { jobStates, marketAbi, orderStates, shareRequestMessage, shareRequestTypes, requestDomain, trainingAbi, validatorRoutes, validatorsAbi } from '@neurodata/protocol';
import type { JobState, OrderState, ShareRequest } from '@neurodata/protocol';
import { accuseGrant, buyLicense, confirmOrder, findFalseGrants, memoryIdentities, openModel, readAsset, readLogs, readReceipt, readVersion, refundJob, refundOrder, retryRound, startRun, toNeuroError, waitForVersion } from '@neurodata/sdk';
import { createIdentity } from '@neurodata/sealing';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesToHex } from 'viem';
import type { Hex } from 'viem';
import type { Person } from './people.ts';
import { addVersion, makeTable, training } from './shop.ts';
import type { Ware } from './shop.ts';

export type StoryKind = 'purchase' | 'run' | 'trial' | 'lostKey' | 'version' | 'theft' | 'accusation';
/** `refused`: a theft that nobody helped with. */
export type StoryEnd = 'finished' | 'refunded' | 'refused';
export type Deed = { kind: 'order' | 'job'; id: Hex; person: Person; ware: Ware; end: StoryEnd };

/** What a story may use, and where it leaves what it did. */
export type Stage = {
  seed: number;
  threshold: number;
  wares: Ware[];
  deeds: Deed[];
  /** How many orders and runs each has set out to pay for. */
  wanted: Map<Person, number>;
  /** Digest of the model that a ware's version gives. */
  expectedModel: (ware: Ware, version: number) => Promise<Hex>;
  /** Validators of whom an answer would be a leak: those that lie hold their own shares anyway. */
  honest: ReadonlySet<number>;
  /** Told of everything that must never happen. */
  alarm: (what: string) => void;
  say: (line: string) => void;
};

const AGAIN_MS = 700;
/** After the last deadline of the chain nothing is waited for. */
const STORY_MS = 420_000;
/** An attempt whose answer was lost, or whose block was taken back, shows on chain within this. */
const SETTLE_MS = 20_000;

type Attempt = { until: number; say: Stage['say'] };

/** Does it again until it works: what a person does who reads the error and tries once more. */
async function again<T>(attempt: Attempt, what: string, work: () => Promise<T | undefined>): Promise<T> {
  let failed: unknown;
  while (Date.now() < attempt.until) {
    try {
      const done = await work();
      if (done !== undefined) return done;
    } catch (error) {
      failed = error;
      attempt.say(`    ${what}: ${toNeuroError(error).code} ${toNeuroError(error).message}`);
    }
    await sleep(AGAIN_MS);
  }
  throw new Error(`${what} did not end in time${failed ? `: ${String(failed)}` : ''}`);
}

/** Acts once: where the answer was lost, the chain tells whether it was done. */
async function once(attempt: Attempt, what: string, parameters: { find: () => Promise<Hex | undefined>; act: () => Promise<Hex> }): Promise<Hex> {
  const { find, act } = parameters;
  return again(attempt, what, async () => {
    const found = await find();
    if (found) return found;
    try {
      return await act();
    } catch (error) {
      attempt.say(`    ${what}: ${toNeuroError(error).message}`);
    }
    // Nobody pays again before it is certain that the first payment is lost.
    return look(attempt, find);
  });
}

/** What may still come: a transaction whose answer was lost, or whose block was taken back, gets into another one by itself. */
async function look(attempt: Attempt, find: () => Promise<Hex | undefined>): Promise<Hex | undefined> {
  for (const until = Math.min(attempt.until, Date.now() + SETTLE_MS); Date.now() < until; await sleep(AGAIN_MS)) {
    const found = await find().catch(() => undefined);
    if (found) return found;
  }
  return undefined;
}

/** The proof that belongs to one of the person's own recipient keys that this story has made; known by its key, since a rewritten chain numbers anew. */
async function ownKeys(person: Person, before: ReadonlySet<string>): Promise<Set<string>> {
  const keys = await person.client.identities.list();
  return new Set(keys.map(({ publicKey }) => publicKey.toLowerCase()).filter((key) => !before.has(key)));
}

async function keysOf(person: Person): Promise<Set<string>> {
  return ownKeys(person, new Set());
}

async function findOrder(person: Person, before: ReadonlySet<string>, stage: Stage): Promise<Hex | undefined> {
  const { client } = person;
  const keys = await ownKeys(person, before);
  const logs = await readLogs(client, (range) => client.publicClient.getContractEvents({ address: client.config.deployment.addresses.market, abi: marketAbi, eventName: 'OrderOpened', args: { buyer: client.account!.address }, strict: true, ...range }));
  const own = logs.filter(({ args }) => keys.has(args.recipientKey.toLowerCase()));
  if (own.length > 1) stage.alarm(`doublePaid: ${person.name} has ${own.length} orders for one purchase`);
  return own[0]?.args.orderId;
}

async function findJob(person: Person, before: ReadonlySet<string>, stage: Stage): Promise<Hex | undefined> {
  const { client } = person;
  const keys = await ownKeys(person, before);
  const logs = await readLogs(client, (range) => client.publicClient.getContractEvents({ address: client.config.deployment.addresses.training, abi: trainingAbi, eventName: 'JobOpened', args: { buyer: client.account!.address }, strict: true, ...range }));
  const own = logs.filter(({ args }) => keys.has(args.recipientKey.toLowerCase()));
  if (own.length > 1) stage.alarm(`doublePaid: ${person.name} has ${own.length} jobs for one run`);
  return own[0]?.args.jobId;
}

async function orderState(person: Person, orderId: Hex): Promise<OrderState> {
  const { client } = person;
  const { state } = await client.publicClient.readContract({ address: client.config.deployment.addresses.market, abi: marketAbi, functionName: 'order', args: [orderId] });
  return orderStates[state] ?? 'none';
}

async function jobState(person: Person, jobId: Hex): Promise<JobState> {
  const { client } = person;
  const { state } = await client.publicClient.readContract({ address: client.config.deployment.addresses.training, abi: trainingAbi, functionName: 'job', args: [jobId] });
  return jobStates[state] ?? 'none';
}

function sameBytes(bytes: Uint8Array, expected: Uint8Array | undefined): boolean {
  return expected !== undefined && Buffer.compare(bytes, expected) === 0;
}

/** Buys a download: money in escrow, key granted, content opened and compared, confirmed; or the money is back. */
async function purchase(stage: Stage, person: Person, ware: Ware): Promise<StoryEnd> {
  stage.wanted.set(person, (stage.wanted.get(person) ?? 0) + 1);
  const attempt: Attempt = { until: Date.now() + STORY_MS, say: stage.say };
  const before = await keysOf(person);
  const { client } = person;
  const version = Math.max(...ware.versions.keys());
  const open = (): Promise<Hex> => once(attempt, 'buying', { find: () => findOrder(person, before, stage), act: async () => (await buyLicense({ client, listingId: ware.download, version })).orderId });
  let orderId = await open();
  const end = await again<StoryEnd>(attempt, 'the order', async () => {
    const state = await orderState(person, orderId);
    if (state === 'none') orderId = (await look(attempt, () => findOrder(person, before, stage))) ?? await open();
    if (state === 'refunded') return 'refunded';
    if (state === 'released' || state === 'claimed') return 'finished';
    if (state === 'open') await refundOrder({ client, orderId }).catch(() => undefined);
    if (state !== 'granted') return undefined;
    const { bytes } = await readAsset({ client, orderId });
    if (!sameBytes(bytes, ware.versions.get(version))) stage.alarm(`rowsLost: order ${orderId} opened other bytes than were sealed`);
    await confirmOrder({ client, orderId });
    return undefined;
  });
  stage.deeds.push({ kind: 'order', id: orderId, person, ware, end });
  return end;
}

type Job = { jobId: Hex; end: StoryEnd; attempt: Attempt };

/** Orders a run, whole or for trial, and waits until it is settled or its money is back. */
async function endRun(stage: Stage, person: Person, ware: Ware, trial: boolean): Promise<Job> {
  stage.wanted.set(person, (stage.wanted.get(person) ?? 0) + 1);
  const attempt: Attempt = { until: Date.now() + STORY_MS, say: stage.say };
  const before = await keysOf(person);
  const { client } = person;
  const open = (): Promise<Hex> => once(attempt, 'ordering a run', { find: () => findJob(person, before, stage), act: async () => (await startRun({ client, listingId: ware.compute, version: 1, train: training, trial })).jobId });
  let jobId = await open();
  const end = await again<StoryEnd>(attempt, 'the run', async () => {
    const state = await jobState(person, jobId);
    if (state === 'none') jobId = (await look(attempt, () => findJob(person, before, stage))) ?? await open();
    if (state === 'settled') return 'finished';
    if (state === 'slashed' || state === 'refunded') return 'refunded';
    if (state === 'open' || state === 'claimed') await refundJob({ client, jobId }).catch(() => undefined);
    return undefined;
  });
  stage.deeds.push({ kind: 'job', id: jobId, person, ware, end });
  return { jobId, end, attempt };
}

/** Buys a training run: settled with the model that an honest run gives, or the money is back. */
async function run(stage: Stage, person: Person, ware: Ware): Promise<StoryEnd> {
  const { jobId, end, attempt } = await endRun(stage, person, ware, false);
  if (end === 'finished') {
    const { receipt } = await again(attempt, 'opening the model', () => openModel({ client: person.client, jobId }));
    if (receipt.body.modelDigest !== (await stage.expectedModel(ware, 1))) stage.alarm(`falseAccepted: job ${jobId} was settled with another model than an honest run gives`);
  }
  return end;
}

/** Tries a ware: metrics of two digits, or everything is back. Every other time it is bought then. */
async function trial(stage: Stage, person: Person, ware: Ware): Promise<StoryEnd> {
  const { jobId, end, attempt } = await endRun(stage, person, ware, true);
  if (end === 'finished') {
    const { receipt: { body } } = await again(attempt, 'reading the receipt', () => readReceipt({ client: person.client, jobId }));
    if (body.modelDigest !== (await stage.expectedModel(ware, 1))) stage.alarm(`falseAccepted: trial ${jobId} was settled with another model than an honest run gives`);
    const exact = Object.values(body.metrics.scores).some((score) => score !== null && score !== Number(score.toPrecision(2)));
    if (exact || body.lossCurve.length > 0) stage.alarm(`falseAccepted: trial ${jobId} was settled with more than rounded metrics`);
  }
  return BigInt(jobId) % 2n === 0n ? end : purchase(stage, person, ware);
}

/** A buyer whose browser was lost asks the holders again, with nothing but the account. */
async function lostKey(stage: Stage, person: Person): Promise<StoryEnd> {
  const deed = stage.deeds.find(({ kind, end, person: owner }) => kind === 'order' && end === 'finished' && owner === person);
  if (!deed) return purchase(stage, person, stage.wares[0]!);
  const client = { ...person.client, identities: memoryIdentities() };
  const attempt: Attempt = { until: Date.now() + STORY_MS, say: stage.say };
  const { bytes } = await again(attempt, 'opening with a new key', () => readAsset({ client, orderId: deed.id }));
  if (![...deed.ware.versions.values()].some((version) => sameBytes(bytes, version))) stage.alarm(`rowsLost: order ${deed.id} opened other bytes to its owner`);
  return 'finished';
}

/** A buyer looks at what was granted for a purchase and has whoever granted a false share slashed, until a committee says so. */
async function accusation(stage: Stage, person: Person, ware: Ware): Promise<StoryEnd> {
  const own = stage.deeds.findLast(({ kind, end, person: owner }) => kind === 'order' && end === 'finished' && owner === person);
  const end = own ? 'finished' : await purchase(stage, person, ware);
  const proofId = (own ?? stage.deeds.findLast(({ person: owner }) => owner === person))!.id;
  const { client } = person;
  const attempt: Attempt = { until: Date.now() + STORY_MS, say: stage.say };
  await again(attempt, 'the accusation', async () => {
    const found = await findFalseGrants({ client, proofId });
    for (const { grant, state } of found) {
      if (stage.honest.has(grant.validatorId)) stage.alarm(`falseAccepted: the share of validator ${grant.validatorId} for ${proofId} counts as false, and it does not lie`);
      if (state === 'dismissed') stage.alarm(`falseAccepted: a false share of validator ${grant.validatorId} for ${proofId} was called true`);
      if (state === 'none' || state === 'undecided') await accuseGrant({ client, proofId, validatorId: grant.validatorId });
    }
    return found.every(({ state }) => state === 'guilty' || state === 'dismissed') || undefined;
  });
  return end;
}

/** A publisher adds a version; one at a time for each ware. */
async function version(stage: Stage, ware: Ware): Promise<StoryEnd> {
  const attempt: Attempt = { until: Date.now() + STORY_MS, say: stage.say };
  const { client } = ware.owner;
  const next = Math.max(...ware.versions.keys()) + 1;
  const asset = stage.wares.indexOf(ware);
  const made = await again(attempt, 'publishing', async () => {
    const there = await readVersion({ client, assetId: ware.assetId, version: next }).catch(() => undefined);
    if (there) return next;
    return (await addVersion({ ware, seed: stage.seed, asset, version: next, threshold: stage.threshold })).version;
  });
  const status = await again(attempt, 'the version', async () => {
    try {
      return await waitForVersion({ client, assetId: ware.assetId, version: made, timeoutMs: 5_000 });
    } catch (error) {
      // A round that ended without a quorum is asked for again; while one is open, that is refused.
      await retryRound({ client, assetId: ware.assetId, version: made }).catch(() => undefined);
      throw error;
    }
  });
  if (status !== 'live') return 'refunded';
  ware.versions.set(next, makeTable({ seed: stage.seed, asset, version: next }));
  return 'finished';
}

/** Asks every validator for a share that the person has no right to, in ways that look right; any honest answer is a leak. */
async function theft(stage: Stage, person: Person, ware: Ware): Promise<StoryEnd> {
  const { client } = person;
  const foreign = stage.deeds.find((deed) => deed.person !== person)?.id;
  const refunded = stage.deeds.find((deed) => deed.end === 'refunded' && deed.kind === 'order' && deed.person === person)?.id;
  const attempt: Attempt = { until: Date.now() + STORY_MS, say: stage.say };
  const { committee } = await again(attempt, 'the version', () => readVersion({ client, assetId: ware.assetId, version: 1 }));
  const { chainId, addresses } = client.config.deployment;
  const proofs: Hex[] = [foreign, refunded, `0x01${'00'.repeat(31)}` as Hex].filter((proof) => proof !== undefined);
  for (const validatorId of committee.filter((id) => stage.honest.has(id))) {
    const { endpoint } = await again(attempt, 'the registry', () => client.publicClient.readContract({ address: addresses.validators, abi: validatorsAbi, functionName: 'validator', args: [validatorId] }));
    for (const proofId of proofs) {
      for (const sign of [{ chainId, as: person }, { chainId: chainId + 1, as: person }, { chainId, as: stage.deeds[0]?.person ?? person }]) {
        const expiresAt = Math.floor(Date.now() / 1000) + 120;
        const request: ShareRequest = { account: client.account!.address, assetId: ware.assetId, version: 1, proofId, validatorId, recipientKey: bytesToHex(createIdentity().publicKey), expiresAt };
        const signature = await sign.as.client.account!.signTypedData({ domain: requestDomain({ chainId: sign.chainId, market: addresses.market }), types: shareRequestTypes, primaryType: 'ShareRequest', message: shareRequestMessage(request) });
        const answer = await fetch(`${endpoint}${validatorRoutes.requestShare.path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ request, signature }), signal: AbortSignal.timeout(15_000) }).catch(() => undefined);
        if (answer?.ok) stage.alarm(`keysLeaked: validator ${validatorId} answered ${person.name}, who has no right, for ${proofId}`);
      }
    }
  }
  return 'refused';
}

/** Plays one story to its end; throws where it does not end. */
export function play(stage: Stage, kind: StoryKind, person: Person, ware: Ware): Promise<StoryEnd> {
  if (kind === 'purchase') return purchase(stage, person, ware);
  if (kind === 'run') return run(stage, person, ware);
  if (kind === 'trial') return trial(stage, person, ware);
  if (kind === 'lostKey') return lostKey(stage, person);
  if (kind === 'accusation') return accusation(stage, person, ware);
  return kind === 'version' ? version(stage, ware) : theft(stage, person, ware);
}
