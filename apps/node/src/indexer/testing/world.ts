import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { assetRegistryAbi, buildManifest, listingKinds, marketAbi, roundKinds, subscriptionsAbi, trainingAbi, validatorsAbi } from '@neurodata/protocol';
import type { Addresses, Config, Deployment } from '@neurodata/protocol';
import { contractAbis } from '@neurodata/sdk';
import { createWalletClient, encodeAbiParameters, keccak256, parseEventLogs, parseUnits, sha256, toHex, zeroAddress } from 'viem';
import type { Address, Hex, PublicClient, TransactionReceipt } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { sharedFolder } from '../../common/testing/sharedFolder.ts';
import { chooseDeployParams, createChainClients, deployContracts } from '../../chain/index.ts';
import { startAnvil } from './startAnvil.ts';

/** For tests: the real contracts on a real anvil, and what people do with them. */

type ContractKey = keyof Addresses;
export const noPermit = { value: 0n, deadline: 0n, v: 0, r: `0x${'00'.repeat(32)}`, s: `0x${'00'.repeat(32)}` } as const;
export const bytes32 = (text: string): Hex => keccak256(toHex(text));

export type World = {
  url: string;
  publicClient: PublicClient;
  deployment: Deployment;
  config: Config;
  accounts: { owner: Address; publisher: Address; buyer: Address; other: Address; validators: Address[]; workers: Address[] };
  /** Bytes of the manifests that `publish` made, by digest. */
  manifests: Map<Hex, Uint8Array>;
  send(from: Address, contract: ContractKey, functionName: string, args: readonly unknown[]): Promise<TransactionReceipt>;
  rpc(method: string, params?: unknown[]): Promise<unknown>;
  mine(blocks: number): Promise<void>;
  later(seconds: number): Promise<void>;
  publish(title: string, parameters?: { from?: Address; tags?: string[]; description?: string; columns?: number; parents?: { assetId: bigint; version: number; shareBps: number }[] }): Promise<{ assetId: bigint; roundId: Hex }>;
  /** The next version; of the publisher's own assets. */
  addVersion(assetId: bigint, title: string): Promise<{ assetId: bigint; roundId: Hex }>;
  /** A model of a settled job. */
  publishModel(jobId: Hex, title: string): Promise<{ assetId: bigint; roundId: Hex }>;
  list(assetId: bigint, parameters: { kind: 'download' | 'compute' | 'subscription'; price: bigint; from?: Address; modelShareBps?: number }): Promise<number>;
  /** For days, as the world's listings are; asks for the key of version 1. */
  subscribe(listingId: number, periods: number, from?: Address): Promise<Hex>;
  /** Answers the newest request. */
  grantKey(subscriptionId: Hex, validators?: number): Promise<void>;
  buy(listingId: number, salt: string, from?: Address): Promise<Hex>;
  grant(orderId: Hex, validators?: number): Promise<void>;
  /** Draws, commits, reveals and settles. `verdict` 1 accepts, 2 rejects. */
  decide(roundId: Hex, verdict?: 1 | 2): Promise<void>;
  openJob(listingId: number, salt: string, specDigest?: Hex): Promise<Hex>;
  /** The drawn worker claims and hands in a receipt; returns the round. */
  runJob(jobId: Hex, receiptDigest?: Hex): Promise<Hex>;
  stop(): Promise<void>;
};

const windows = { grant: 600, grantMargin: 60, confirm: 86_400, dispute: 86_400, escalate: 86_400, commit: 180, reveal: 180, jobClaim: 600, jobOpen: 9_000, jobRun: 9_000, jobHeartbeat: 600, jobCancel: 60, jobChallenge: 60, move: 60 };

export async function createWorld(): Promise<World> {
  const shared = await sharedFolder('world', async (folder) => {
    const world = await openWorld({ anvil: await startAnvil(), folder });
    try {
      await prepare(world);
      await writeFile(join(folder, stateFile), gunzipSync(Buffer.from(String(await world.rpc('anvil_dumpState')).slice(2), 'hex')));
    } finally {
      await world.stop();
    }
  });
  if (shared !== undefined) return openWorld({ anvil: await startAnvil({ state: join(shared, stateFile) }), folder: shared });
  const folder = await mkdtemp(join(tmpdir(), 'neurodata-world-'));
  const world = await openWorld({ anvil: await startAnvil(), folder });
  await rm(folder, { recursive: true });
  await prepare(world);
  return world;
}

const stateFile = 'state.json';

/** Deploys the contracts, or finds them by their record in `folder`. */
async function openWorld({ anvil, folder }: { anvil: Awaited<ReturnType<typeof startAnvil>>; folder: string }): Promise<World> {
  const clients = createChainClients({ chainId: 31_337, rpcUrl: anvil.url });
  const owner = mnemonicToAccount('test test test test test test test test test test test junk');
  const params = chooseDeployParams({ treasury: owner.address, owner: owner.address, windows });
  const deployment = await deployContracts({ clients, account: owner, params, folder, log: () => undefined });
  const base = createBase({ url: anvil.url, clients, deployment });
  const addresses = (await base.rpc('eth_accounts')) as Address[];
  const accounts = { owner: addresses[0]!, publisher: addresses[1]!, buyer: addresses[2]!, other: addresses[3]!, validators: addresses.slice(4, 7), workers: addresses.slice(7, 9) };
  const { grant, confirm, dispute, jobOpen, jobRun } = windows;
  const config: Config = {
    version: '0.1.0', deployment, rpcUrl: '/rpc', demo: true, engineId: bytes32('engine'), feeBps: 25, roundFee: params.validators.roundFee, listingBond: params.curation.bond, windows: { grant, confirm, dispute, jobOpen, jobRun },
  };
  const manifests = new Map<Hex, Uint8Array>();
  return { ...base, config, accounts, manifests, ...createDeeds({ ...base, accounts, manifests }), stop: anvil.stop };
}

type Base = Pick<World, 'url' | 'publicClient' | 'deployment' | 'send' | 'rpc' | 'mine' | 'later'>;

function createBase(parameters: { url: string; clients: ReturnType<typeof createChainClients>; deployment: Deployment }): Base {
  const { url, clients, deployment } = parameters;
  const { publicClient, chain, transport } = clients;
  const wallet = createWalletClient({ chain, transport });
  const rpc: World['rpc'] = (method, params = []) => publicClient.request({ method, params } as never);
  const send: World['send'] = async (from, contract, functionName, args) => {
    // A test names the function; the node answers for the types.
    const call = { address: deployment.addresses[contract], abi: contractAbis[contract] ?? [], functionName, args, account: from };
    const { request } = await publicClient.simulateContract(call);
    const hash = await wallet.writeContract({ ...request, gas: 8_000_000n } as never);
    const receipt = await waitForReceipt(publicClient, hash);
    if (receipt.status !== 'success') throw new Error(`${functionName} reverted`);
    return receipt;
  };
  const mine = async (blocks: number): Promise<void> => void (await rpc('anvil_mine', [toHex(blocks)]));
  const later = async (seconds: number): Promise<void> => {
    await rpc('evm_increaseTime', [seconds]);
    await mine(1);
  };
  return { url, publicClient, deployment, rpc, send, mine, later };
}

/** Every transaction has its own block at once, so that asking again soon is enough. */
async function waitForReceipt(publicClient: PublicClient, hash: Hex): Promise<TransactionReceipt> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const receipt = await publicClient.getTransactionReceipt({ hash }).catch(() => undefined);
    if (receipt) return receipt;
    await sleep(5);
  }
  throw new Error(`no block took ${hash}`);
}

const offer = { cores: 4, memoryMiB: 4_096, pricePerUnit: parseUnits('0.2', 18), runtimes: [bytes32('engine')] };
/** Two units, of which a worker asks what it was paid before there were any. */
const needs = { runtime: bytes32('engine'), units: 2, memoryMiB: 1_024, cores: 1, maxFee: parseUnits('0.5', 18) };

async function prepare({ send, deployment, accounts }: World): Promise<void> {
  const everyone = [accounts.publisher, accounts.buyer, accounts.other, ...accounts.validators, ...accounts.workers];
  for (const account of everyone) {
    await send(accounts.owner, 'neuroCoin', 'transfer', [account, parseUnits('100000', 18)]);
    for (const spender of ['assetRegistry', 'market', 'orderDisputes', 'training', 'staking', 'subscriptions', 'curation'] as const) await send(account, 'neuroCoin', 'approve', [deployment.addresses[spender], 2n ** 255n]);
  }
  for (const account of [...accounts.validators, ...accounts.workers]) await send(account, 'staking', 'stake', [parseUnits('20000', 18)]);
  for (const account of accounts.validators) await send(account, 'validators', 'register', [bytes32(account), `http://${account}`]);
  for (const account of accounts.workers) await send(account, 'workers', 'register', [`http://${account}`, offer]);
}

type Deeds = Pick<World, 'publish' | 'addVersion' | 'publishModel' | 'list' | 'buy' | 'grant' | 'subscribe' | 'grantKey' | 'decide' | 'openJob' | 'runJob'>;

function createDeeds(world: Base & Pick<World, 'accounts' | 'manifests'>): Deeds {
  return { ...createPublishing(world), ...createTrading(world), ...createSubscribing(world), ...createRunning(world) };
}

function createPublishing({ send, accounts, manifests }: Base & Pick<World, 'accounts' | 'manifests'>): Pick<Deeds, 'publish' | 'addVersion' | 'publishModel'> {
  const read = (receipt: TransactionReceipt): { assetId: bigint; roundId: Hex } => {
    const [event] = parseEventLogs({ abi: assetRegistryAbi, eventName: 'VersionPublished', logs: receipt.logs });
    return { assetId: event!.args.assetId, roundId: event!.args.roundId };
  };
  const input = (title: string, extra: { tags?: string[]; description?: string; columns?: number } = {}) => {
    const { tags = ['test'], description = `All about ${title}.`, columns = 2 } = extra;
    const sealed = {
      format: 'age-encryption.org/v1', cid: 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku', size: 1234, keysetDigest: bytes32(`${title} keyset`), contentRoot: bytes32(`${title} root`),
      contentCommitment: bytes32(`${title} content`), fileName: 'data.csv', mediaType: 'text/csv',
    } as const;
    const { bytes } = buildManifest({
      description: { title, description, license: 'CC0-1.0', tags }, sealed: { ...sealed, ciphertextSha256: 'ab'.repeat(32) }, rows: 344,
      columns: Array.from({ length: columns }, (_, index) => ({ name: `column${index}`, kind: 'numeric' as const, missing: 0, distinct: 9 })),
    });
    const manifestDigest = sha256(bytes);
    manifests.set(manifestDigest, bytes);
    return {
      manifestDigest, contentRoot: sealed.contentRoot, contentCommitment: sealed.contentCommitment, keyCommitment: sealed.keysetDigest, committee: [1, 2, 3], threshold: 2, validatorsMayRead: true,
    };
  };
  return {
    publish: async (title, { from = accounts.publisher, parents, ...extra } = {}) => read(parents
      ? await send(from, 'assetRegistry', 'publishDerived', [0, input(title, extra), parents, noPermit])
      : await send(from, 'assetRegistry', 'publish', [0, input(title, extra), noPermit])),
    addVersion: async (assetId, title) => read(await send(accounts.publisher, 'assetRegistry', 'addVersion', [assetId, input(title), noPermit])),
    publishModel: async (jobId, title) => read(await send(accounts.buyer, 'assetRegistry', 'publishModel', [jobId, input(title), noPermit])),
  };
}

function createSubscribing({ send, accounts, publicClient, deployment }: Base & Pick<World, 'accounts'>): Pick<Deeds, 'subscribe' | 'grantKey'> {
  const contract = { address: deployment.addresses.subscriptions, abi: subscriptionsAbi } as const;
  return {
    subscribe: async (listingId, periods, from = accounts.buyer) => {
      const { logs } = await send(from, 'subscriptions', 'subscribe', [listingId, 1, periods, 2n ** 200n, bytes32(`${listingId} ${from}`), noPermit]);
      const [event] = parseEventLogs({ abi: subscriptionsAbi, eventName: 'Subscribed', logs });
      return event!.args.subscriptionId;
    },
    grantKey: async (subscriptionId, validators = 2) => {
      const { requestedAt } = await publicClient.readContract({ ...contract, functionName: 'request', args: [subscriptionId] });
      for (const validator of accounts.validators.slice(0, validators)) await send(validator, 'subscriptions', 'grant', [[{ subscriptionId, requestedAt, sealedShare: `0x${'5a'.repeat(80)}` }]]);
    },
  };
}

function createTrading({ send, accounts }: Base & Pick<World, 'accounts'>): Pick<Deeds, 'list' | 'buy' | 'grant'> {
  return {
    list: async (assetId, { kind, price, from = accounts.publisher, modelShareBps = 0 }) => {
      const input = { assetId, firstVersion: 1, lastVersion: 0, kind: listingKinds.indexOf(kind), price, modelShareBps, termsDigest: bytes32('terms') };
      const extras = { token: zeroAddress, periodMinutes: 1440, splits: [] };
      const receipt = await (kind === 'subscription' ? send(from, 'market', 'createListingWith', [input, extras]) : send(from, 'market', 'createListing', [input]));
      return parseEventLogs({ abi: marketAbi, eventName: 'ListingCreated', logs: receipt.logs })[0]!.args.listingId;
    },
    buy: async (listingId, salt, from = accounts.buyer) => {
      const receipt = await send(from, 'market', 'buy', [listingId, 1, parseUnits('1000', 18), bytes32(salt)]);
      return parseEventLogs({ abi: marketAbi, eventName: 'OrderOpened', logs: receipt.logs })[0]!.args.orderId;
    },
    grant: async (orderId, count = 2) => {
      for (const account of accounts.validators.slice(0, count)) await send(account, 'market', 'grant', [[{ orderId, sealedShare: toHex(`share of ${account}`) }]]);
    },
  };
}

function createRunning({ send, mine, later, publicClient, deployment, accounts }: Base & Pick<World, 'accounts'>): Pick<Deeds, 'decide' | 'openJob' | 'runJob'> {
  const validators = { address: deployment.addresses.validators, abi: validatorsAbi } as const;
  return {
    decide: async (roundId, verdict = 1) => {
      await mine(2);
      await send(accounts.other, 'validators', 'drawCommittee', [roundId]);
      const { committee } = await publicClient.readContract({ ...validators, functionName: 'round', args: [roundId] });
      const members = await Promise.all(committee.map(async (id) => (await publicClient.readContract({ ...validators, functionName: 'validator', args: [id] })).account));
      const [evidence, salt] = [bytes32('evidence'), bytes32('salt')];
      const types = [{ type: 'bytes32' }, { type: 'address' }, { type: 'uint8' }, { type: 'bytes32' }, { type: 'bytes32' }] as const;
      for (const account of members) await send(account, 'validators', 'commit', [roundId, keccak256(encodeAbiParameters(types, [roundId, account, verdict, evidence, salt]))]);
      for (const account of members) await send(account, 'validators', 'reveal', [roundId, verdict, evidence, salt]);
      await send(accounts.other, 'validators', 'settle', [roundId]);
      const { kind, subject } = await publicClient.readContract({ ...validators, functionName: 'round', args: [roundId] });
      if (roundKinds[kind] !== 'run') return;
      // Nobody challenges: the verdict holds once the window is over.
      await later(windows.jobChallenge + 1);
      await send(accounts.other, 'training', 'finalize', [subject]);
    },
    openJob: async (listingId, salt, specDigest = bytes32(`spec ${salt}`)) => {
      const receipt = await send(accounts.buyer, 'training', 'openJob', [{ listingId, version: 1, specDigest, recipientKey: bytes32(salt), needs, maxTotal: parseUnits('1000', 18) }, noPermit]);
      return parseEventLogs({ abi: trainingAbi, eventName: 'JobOpened', logs: receipt.logs })[0]!.args.jobId;
    },
    runJob: async (jobId, receiptDigest = bytes32(`${jobId} receipt`)) => {
      await mine(2);
      const worker = await publicClient.readContract({ address: deployment.addresses.training, abi: trainingAbi, functionName: 'drawnWorker', args: [jobId] });
      await send(worker, 'training', 'claimJob', [jobId]);
      const submission = { receiptDigest, modelDigest: bytes32('model'), checkpointRoot: bytes32('root'), engineId: bytes32('engine'), canary: `0x${'00'.repeat(32)}`, checkpoints: 3, totalSteps: 0 };
      const receipt = await send(worker, 'training', 'submitReceipt', [jobId, submission]);
      return parseEventLogs({ abi: trainingAbi, eventName: 'ReceiptSubmitted', logs: receipt.logs })[0]!.args.roundId;
    },
  };
}
