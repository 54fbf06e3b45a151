import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Deployment, NeuroError } from '@neurodata/protocol';
import { createPublicClient, type Hex, http, isHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { checkDeployment, type DeploymentFact } from './checkDeployment.ts';
import { type ChainClients, createChainClients } from './createChainClients.ts';
import { deployContracts, readDeploymentRecord } from './deploy.ts';
import { type DeployParams, formatDeployParams, parseDeployParams } from './deployParams.ts';
import { writeVerification } from './writeVerification.ts';

async function connect(rpc: string): Promise<ChainClients> {
  try {
    const chainId = await createPublicClient({ transport: http(rpc, { retryCount: 1, timeout: 15_000 }) }).getChainId();
    return createChainClients({ chainId, rpcUrl: rpc });
  } catch (cause) {
    throw new NeuroError(`${rpc} does not answer as a chain's RPC.`, { code: 'UNREACHABLE', remedy: 'Check the address.', retryable: true, cause });
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new NeuroError(`${file} cannot be read as JSON.`, { code: 'BAD_INPUT', remedy: 'Check the path and its contents.', details: String(cause), cause });
  }
}

/** A finished deployment is not silently taken for another one. */
async function refuseOther(out: string, params: DeployParams): Promise<void> {
  const known = await readDeploymentRecord(out);
  if (known?.state !== 'deployed' || JSON.stringify(known.params) === JSON.stringify(formatDeployParams(params))) return;
  throw new NeuroError(`${out} is of a deployment with other parameters.`, { code: 'CONFLICT', remedy: 'Name another file with --out, or change parameters by a proposal.' });
}

/**
 * Deploys to any chain by its RPC, or goes on with a deployment that was cut off: `out` is its record. Beside it a folder
 * `verification` gets what explorers ask for.
 *
 * @throws NeuroError BAD_INPUT, UNREACHABLE, CONFLICT, and as `deployContracts` does.
 */
export async function deployByRpc(parameters: {
  rpc: string;
  /** The deployer's private key. */
  key: string;
  /** A parameter file; the usual parameters where absent. */
  paramsFile?: string;
  /** Overrides the file: the timelock owns everything. */
  handOver?: boolean;
  out: string;
  log: (line: string) => void;
}): Promise<Deployment & { verification: string }> {
  const { rpc, key, paramsFile, handOver, out, log } = parameters;
  if (!isHex(key) || key.length !== 66) throw new NeuroError('The key is not a private key.', { code: 'BAD_INPUT', remedy: 'Set the variable to 0x and 64 hexadecimal digits.' });
  const account = privateKeyToAccount(key satisfies Hex);
  const given = parseDeployParams({ value: paramsFile === undefined ? {} : await readJson(paramsFile), deployer: account.address });
  const params = handOver === true ? { ...given, handOver } : given;
  await refuseOther(out, params);
  const clients = await connect(rpc);
  const deployment = await deployContracts({ clients, account, params, folder: path.dirname(out), file: path.basename(out), log });
  const verification = path.join(path.dirname(out), 'verification');
  await writeVerification({ folder: verification, params, addresses: deployment.addresses });
  return { ...deployment, verification };
}

/** Reads the deployment that `file` records back from its chain; see `checkDeployment`. Throws NOT_FOUND without the file. */
export async function checkByRpc(parameters: { rpc: string; file: string }): Promise<DeploymentFact[]> {
  const { rpc, file } = parameters;
  const record = await readDeploymentRecord(file);
  if (record === undefined) throw new NeuroError(`There is no ${file}.`, { code: 'NOT_FOUND', remedy: 'Name the record of a deployment with --deployment.' });
  return checkDeployment({ clients: await connect(rpc), record });
}
