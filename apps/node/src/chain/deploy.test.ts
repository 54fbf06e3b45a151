import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { marketAbi, neuroCoinAbi, stakingAbi, trainingAbi, validatorsAbi } from '@neurodata/protocol';
import { getContractAddress } from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChainClients, createChainClients } from './clients.ts';
import { deployContracts, type DeployContractsParameters } from './deploy.ts';
import { order } from './deployPlan.ts';
import { chooseDeployParams } from './deployParams.ts';
import { type DevChain, startDevChain } from './startDevChain.ts';
import { makeFolder } from './testing.ts';

let chain: DevChain;
let clients: ChainClients;
const lines: string[] = [];
const windows = { grant: 600, grantMargin: 60, confirm: 86_400, dispute: 86_400, escalate: 86_400, commit: 180, reveal: 180, jobClaim: 60, jobOpen: 900, jobRun: 900, jobHeartbeat: 60, jobCancel: 60, jobChallenge: 60, move: 60 };

beforeAll(async () => {
  chain = await startDevChain({ folder: await makeFolder(), log: () => undefined, blockIdleSeconds: 0 });
  clients = createChainClients({ chainId: chain.chainId, rpc: chain.rpc });
});
afterAll(() => chain.stop());

function accountOf(index: number): PrivateKeyAccount {
  return privateKeyToAccount(chain.accounts[index]?.privateKey ?? '0x');
}

async function parametersFor(index: number): Promise<DeployContractsParameters> {
  const account = accountOf(index);
  const treasury = chain.accounts[9]?.address ?? '0x';
  return { clients, account, params: chooseDeployParams({ treasury, owner: account.address, windows }), folder: await makeFolder(), log: (line) => lines.push(line) };
}

test('contracts that know each other, found again by the next start', async () => {
  const parameters = await parametersFor(0);
  const deployment = await deployContracts(parameters);
  const { addresses } = deployment;
  expect(deployment).toMatchObject({ chainId: 31_337, block: 1 });
  expect(addresses.training).toBe(getContractAddress({ from: parameters.account.address, nonce: 5n }));
  const { publicClient } = clients;
  const market = { address: addresses.market, abi: marketAbi } as const;
  expect(await publicClient.readContract({ ...market, functionName: 'params' })).toEqual({
    treasury: parameters.params.treasury, feeBps: 25, grantWindow: 600, grantMargin: 60, confirmWindow: 86_400,
  });
  expect(await publicClient.readContract({ ...market, functionName: 'registry' })).toBe(addresses.assetRegistry);
  expect(await publicClient.readContract({ address: addresses.validators, abi: validatorsAbi, functionName: 'training' })).toBe(addresses.training);
  expect(await publicClient.readContract({ address: addresses.staking, abi: stakingAbi, functionName: 'token' })).toBe(addresses.neuroCoin);
  expect(await publicClient.readContract({ address: addresses.training, abi: trainingAbi, functionName: 'owner' })).toBe(parameters.account.address);
  expect(await publicClient.readContract({ address: addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'balanceOf', args: [parameters.params.treasury as `0x${string}`] })).toBe(10n ** 26n);
  const { number } = chain.head();
  expect(await deployContracts(parameters)).toEqual(deployment);
  expect(chain.head().number).toBe(number);
});

/** Clients whose chain goes away after so many transactions, as when the process is killed there. */
function failingAfter(transactions: number): ChainClients {
  let left = transactions;
  return createChainClients({
    chainId: chain.chainId,
    rpc: async (request) => {
      if (request.method === 'eth_sendRawTransaction' && (left -= 1) < 0) return { jsonrpc: '2.0', id: 1, error: { code: -32_002, message: 'gone' } };
      return chain.rpc(request);
    },
  });
}

test('goes on where it was cut off, to the same addresses', async () => {
  const parameters = await parametersFor(1);
  await expect(deployContracts({ ...parameters, clients: failingAfter(3) })).rejects.toThrow(/Deploy AssetRegistry/);
  const intended = JSON.parse(await readFile(path.join(parameters.folder, 'deployment.json'), 'utf8')) as { state: string; addresses: unknown };
  expect(intended.state).toBe('intended');
  lines.length = 0;
  const deployment = await deployContracts(parameters);
  expect(deployment.addresses).toEqual(intended.addresses);
  expect(lines).toHaveLength(order.length - 3);
});

test('plans anew when the account was used meanwhile', async () => {
  const parameters = await parametersFor(2);
  await expect(deployContracts({ ...parameters, clients: failingAfter(2) })).rejects.toThrow(/Deploy Validators/);
  const { account } = parameters;
  const request = await account.signTransaction({ type: 'eip1559', chainId: 31_337, nonce: 2, gas: 21_000n, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n, to: account.address });
  await clients.publicClient.sendRawTransaction({ serializedTransaction: request });
  const { addresses } = await deployContracts(parameters);
  expect(addresses.neuroCoin).toBe(getContractAddress({ from: account.address, nonce: 3n }));
});

test('refuses a record of another chain, and one whose contracts are not there', async () => {
  const parameters = await parametersFor(3);
  const file = path.join(parameters.folder, 'deployment.json');
  await deployContracts(parameters);
  const record = JSON.parse(await readFile(file, 'utf8')) as { addresses: Record<string, string> };
  await writeFile(file, JSON.stringify({ ...record, chainId: 1 }));
  await expect(deployContracts(parameters)).rejects.toMatchObject({ code: 'WRONG_CHAIN' });
  await writeFile(file, JSON.stringify({ ...record, addresses: { ...record.addresses, market: '0x00000000000000000000000000000000000000aa' } }));
  await expect(deployContracts(parameters)).rejects.toThrow(/no contract where .* says: market/);
  await writeFile(file, '{"chainId"');
  await expect(deployContracts(parameters)).rejects.toThrow(/is not a deployment record/);
});

test('parameters out of range are refused by their custom error', async () => {
  const parameters = await parametersFor(4);
  const params = { ...parameters.params, feeBps: 5_000 };
  await expect(deployContracts({ ...parameters, params })).rejects.toMatchObject({ code: 'REVERTED', details: 'ParamOutOfRange()', message: expect.stringContaining('Deploy Market') });
});
