import { open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import {
  type Addresses, assetRegistryAbi, type Deployment, deploymentSchema, marketAbi, NeuroError, neuroCoinAbi, stakingAbi, trainingAbi, validatorsAbi,
} from '@neurodata/protocol';
import { bytecode } from '@neurodata/protocol/bytecode';
import { type Abi, type Address, encodeDeployData, getContractAddress, keccak256, type LocalAccount, parseUnits, stringToHex } from 'viem';
import { z } from 'zod';
import type { ChainClients } from './createChainClients.ts';
import { createSender } from './createSender.ts';

/** What a deployment fixes. Amounts in base units of NCR, windows in seconds, `Bps` in hundredths of a percent. */
export type DeployParams = {
  /** Receives fees; the deployer receives the coin's whole supply. */
  treasury: Address;
  /** May change the parameters later, within the contracts' caps. */
  owner: Address;
  coin: { name: string; symbol: string; supply: bigint };
  feeBps: number;
  staking: { rateBps: number; unbondDelay: number };
  validators: { minStake: bigint; roundFee: bigint; commitWindow: number; revealWindow: number; committeeSize: number };
  market: { grantWindow: number; grantMargin: number; confirmWindow: number; disputeWindow: number };
  training: { workerFee: bigint; minBond: bigint; stallPenalty: bigint; claimWindow: number; openWindow: number; runWindow: number };
};

/** Seconds. */
export type DeployWindows = {
  grant: number; grantMargin: number; confirm: number; dispute: number; commit: number; reveal: number; jobClaim: number; jobOpen: number; jobRun: number;
};

const ncr = (amount: string): bigint => parseUnits(amount, 18);

/** The usual economy with the given windows. Stake unbonds for longer than an order or a run can still be contested. */
export function chooseDeployParams(parameters: { treasury: Address; owner: Address; windows: DeployWindows }): DeployParams {
  const { treasury, owner, windows } = parameters;
  const contestable = windows.grant + windows.confirm + windows.dispute + windows.jobOpen + windows.jobRun + windows.commit + windows.reveal;
  return {
    treasury, owner, feeBps: 25,
    coin: { name: 'NeuroCoin', symbol: 'NCR', supply: ncr('100000000') },
    staking: { rateBps: 500, unbondDelay: contestable + 86_400 },
    validators: { minStake: ncr('10000'), roundFee: ncr('0.6'), commitWindow: windows.commit, revealWindow: windows.reveal, committeeSize: 3 },
    market: { grantWindow: windows.grant, grantMargin: windows.grantMargin, confirmWindow: windows.confirm, disputeWindow: windows.dispute },
    training: { workerFee: ncr('0.4'), minBond: ncr('100'), stallPenalty: ncr('20'), claimWindow: windows.jobClaim, openWindow: windows.jobOpen, runWindow: windows.jobRun },
  };
}

const order = ['neuroCoin', 'staking', 'validators', 'assetRegistry', 'market', 'training'] as const satisfies readonly (keyof Addresses)[];
type Part = { key: (typeof order)[number]; name: string; abi: Abi; code: `0x${string}`; args: readonly unknown[] };

/** Every contract with its constructor's arguments, in the order of deployment. */
function planParts(params: DeployParams, addresses: Addresses, deployer: Address): Part[] {
  const { treasury, owner, feeBps } = params;
  const system = {
    token: addresses.neuroCoin, staking: addresses.staking, validators: addresses.validators,
    registry: addresses.assetRegistry, market: addresses.market, training: addresses.training,
  };
  return [
    { key: 'neuroCoin', name: 'NeuroCoin', abi: neuroCoinAbi, code: bytecode.NeuroCoin, args: [params.coin.name, params.coin.symbol, deployer, params.coin.supply] },
    { key: 'staking', name: 'Staking', abi: stakingAbi, code: bytecode.Staking, args: [system, owner, params.staking.rateBps, params.staking.unbondDelay] },
    { key: 'validators', name: 'Validators', abi: validatorsAbi, code: bytecode.Validators, args: [system, owner, params.validators] },
    { key: 'assetRegistry', name: 'AssetRegistry', abi: assetRegistryAbi, code: bytecode.AssetRegistry, args: [system] },
    { key: 'market', name: 'Market', abi: marketAbi, code: bytecode.Market, args: [system, owner, { treasury, feeBps, ...params.market }] },
    { key: 'training', name: 'Training', abi: trainingAbi, code: bytecode.Training, args: [system, owner, { treasury, feeBps, ...params.training }] },
  ];
}

function predict(deployer: Address, firstNonce: number): Addresses {
  const at = (key: (typeof order)[number]): Address => getContractAddress({ from: deployer, nonce: BigInt(firstNonce + order.indexOf(key)) });
  return { neuroCoin: at('neuroCoin'), staking: at('staking'), validators: at('validators'), assetRegistry: at('assetRegistry'), market: at('market'), training: at('training') };
}

const recordSchema = deploymentSchema.extend({
  /** `intended`: some of the contracts may be missing. */
  state: z.enum(['intended', 'deployed']),
  deployer: z.string(),
  firstNonce: z.number().int(),
  /** Over all creation code and constructor arguments: says whether an intent is still what this program would deploy. */
  plan: z.string(),
});
type Record_ = z.output<typeof recordSchema>;

async function readRecord(file: string): Promise<Record_ | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return undefined; throw error; });
  if (text === undefined) return undefined;
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new NeuroError(`${file} is not a deployment record.`, { code: 'INTERNAL', remedy: 'Restore it, or move it away to deploy anew.', cause });
  }
}

async function writeRecord(file: string, record: Record_): Promise<void> {
  const handle = await open(`${file}.tmp`, 'w');
  try {
    await handle.writeFile(`${JSON.stringify(record, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.tmp`, file);
}

async function hasCode(clients: ChainClients, address: Address): Promise<boolean> {
  return ((await clients.publicClient.getCode({ address })) ?? '0x') !== '0x';
}

export type DeployContractsParameters = {
  clients: ChainClients;
  /** Pays for the contracts and holds the coin's supply. Nothing else may send with it meanwhile. */
  account: LocalAccount;
  params: DeployParams;
  /** State folder; holds `deployment.json`. */
  folder: string;
  log: (line: string) => void;
};

function digestOf(parts: readonly Part[]): string {
  return keccak256(stringToHex(parts.map(({ abi, code, args }) => encodeDeployData({ abi, bytecode: code, args })).join()));
}

/** An earlier intent goes on where it stopped; one that no longer fits (other code, nonces used up) is planned anew. */
async function chooseRecord(parameters: DeployContractsParameters, known: Record_ | undefined): Promise<Record_> {
  const { clients, account, params, log } = parameters;
  const nonce = await clients.publicClient.getTransactionCount({ address: account.address, blockTag: 'pending' });
  const planOf = (addresses: Addresses): string => digestOf(planParts(params, addresses, account.address));
  if (known !== undefined) {
    const done = await Promise.all(order.map((key) => hasCode(clients, known.addresses[key])));
    const count = done.filter(Boolean).length;
    if (known.deployer === account.address && known.plan === planOf(known.addresses) && known.firstNonce + count === nonce) return known;
    log('deployment: the one that was begun cannot be gone on with; beginning another');
  }
  const addresses = predict(account.address, nonce);
  const block = Number(await clients.publicClient.getBlockNumber({ cacheTime: 0 })) + 1;
  return { chainId: clients.chainId, block, addresses, state: 'intended', deployer: account.address, firstNonce: nonce, plan: planOf(addresses) };
}

async function createMissing(parameters: DeployContractsParameters, record: Record_): Promise<void> {
  const { clients, account, params, log } = parameters;
  const parts = planParts(params, record.addresses, account.address);
  const sender = createSender({ clients, account, abis: parts.map(({ abi }) => abi) });
  for (const { key, name, abi, code, args } of parts) {
    const address = record.addresses[key];
    if (await hasCode(clients, address)) continue;
    const receipt = await sender.deploy({ abi, bytecode: code, args, sentence: `Deploy ${name}` });
    if (receipt.contractAddress?.toLowerCase() !== address.toLowerCase() || !(await hasCode(clients, address))) {
      throw new NeuroError(`${name} came to be at ${receipt.contractAddress ?? 'no address'} instead of ${address}.`, {
        code: 'CONFLICT', remedy: 'Let nothing else send with the deployer account meanwhile, and start again.', retryable: true,
      });
    }
    log(`deployment: ${name} at ${address}, ${receipt.gasUsed} gas`);
  }
}

/**
 * Deploys the six contracts, or finds them: `deployment.json` in `folder` is written before and after. Their constructors
 * name each other, by the addresses that follow from the deployer's nonces. `block` is the first that may hold their
 * events.
 *
 * @throws NeuroError WRONG_CHAIN when the record is of another chain or its contracts are not there; REVERTED, NO_FUNDS.
 */
export async function deployContracts(parameters: DeployContractsParameters): Promise<Deployment> {
  const { clients, folder } = parameters;
  const file = path.join(folder, 'deployment.json');
  const known = await readRecord(file);
  if (known !== undefined && known.chainId !== clients.chainId) {
    throw new NeuroError(`${file} is of chain ${known.chainId}, not ${clients.chainId}.`, { code: 'WRONG_CHAIN', remedy: 'Use another state folder for that chain.' });
  }
  if (known?.state === 'deployed') {
    const missing: string[] = [];
    for (const key of order) if (!(await hasCode(clients, known.addresses[key]))) missing.push(key);
    if (missing.length === 0) return { chainId: known.chainId, block: known.block, addresses: known.addresses };
    throw new NeuroError(`Chain ${known.chainId} has no contract where ${file} says: ${missing.join(', ')}.`, {
      code: 'WRONG_CHAIN', remedy: 'Check the RPC; if the chain was started anew, move the state folder away.',
    });
  }
  const record = await chooseRecord(parameters, known);
  await writeRecord(file, record);
  await createMissing(parameters, record);
  await writeRecord(file, { ...record, state: 'deployed' });
  return { chainId: record.chainId, block: record.block, addresses: record.addresses };
}
