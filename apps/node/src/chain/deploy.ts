import { open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { type Deployment, deploymentSchema, NeuroError } from '@neurodata/protocol';
import type { Address, LocalAccount } from 'viem';
import { z } from 'zod';
import type { ChainClients } from './createChainClients.ts';
import { createSender } from './createSender.ts';
import { type DeployParams, formatDeployParams } from './deployParams.ts';
import { digestOf, order, planParts, predictAddresses } from './deployPlan.ts';

const recordSchema = deploymentSchema.extend({
  /** `intended`: some of the contracts may be missing. */
  state: z.enum(['intended', 'deployed']),
  deployer: z.string(),
  firstNonce: z.number().int(),
  /** Over all creation code and constructor arguments: says whether an intent is still what this program would deploy. */
  plan: z.string(),
  /** As in a parameter file, to compare the chain with. */
  params: z.unknown(),
});
export type DeploymentRecord = z.output<typeof recordSchema>;

/** What a deployment's file says, or undefined where there is no file. Throws INTERNAL where it is something else. */
export async function readDeploymentRecord(file: string): Promise<DeploymentRecord | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return undefined; throw error; });
  if (text === undefined) return undefined;
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new NeuroError(`${file} is not a deployment record.`, { code: 'INTERNAL', remedy: 'Restore it, or move it away to deploy anew (`neurodata reset` empties the state folder).', cause });
  }
}

async function writeRecord(file: string, record: DeploymentRecord): Promise<void> {
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
  /** Pays for the contracts. Nothing else may send with it meanwhile. */
  account: LocalAccount;
  params: DeployParams;
  /** Holds the record. */
  folder: string;
  /** The record's name there; `deployment.json` by default. */
  file?: string;
  log: (line: string) => void;
};

/** An earlier intent goes on where it stopped; one that no longer fits (other code, nonces used up) is planned anew. */
async function chooseRecord(parameters: DeployContractsParameters, known: DeploymentRecord | undefined): Promise<DeploymentRecord> {
  const { clients, account, params, log } = parameters;
  const nonce = await clients.publicClient.getTransactionCount({ address: account.address, blockTag: 'pending' });
  const planOf = (addresses: DeploymentRecord['addresses']): string => digestOf(planParts(params, addresses));
  if (known !== undefined) {
    const done = await Promise.all(order.map((key) => hasCode(clients, known.addresses[key])));
    const count = done.filter(Boolean).length;
    if (known.deployer === account.address && known.plan === planOf(known.addresses) && known.firstNonce + count === nonce) return known;
    log('deployment: the one that was begun cannot be gone on with; beginning another');
  }
  const addresses = predictAddresses(account.address, nonce);
  const block = Number(await clients.publicClient.getBlockNumber({ cacheTime: 0 })) + 1;
  return { chainId: clients.chainId, block, addresses, state: 'intended', deployer: account.address, firstNonce: nonce, plan: planOf(addresses), params: formatDeployParams(params) };
}

async function createMissing(parameters: DeployContractsParameters, record: DeploymentRecord): Promise<void> {
  const { clients, account, params, log } = parameters;
  const parts = planParts(params, record.addresses);
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
 * Deploys the contracts, or finds them: the record in `folder` is written before and after. Their constructors
 * name each other, by the addresses that follow from the deployer's nonces. `block` is the first that may hold their
 * events.
 *
 * @throws NeuroError WRONG_CHAIN when the record is of another chain or its contracts are not there; REVERTED, NO_FUNDS.
 */
export async function deployContracts(parameters: DeployContractsParameters): Promise<Deployment> {
  const { clients, folder } = parameters;
  const file = path.join(folder, parameters.file ?? 'deployment.json');
  const known = await readDeploymentRecord(file);
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

export { chooseDeployParams, type DeployParams, type DeployWindows } from './deployParams.ts';
