import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { marketAbi, NeuroError, neuroCoinAbi } from '@neurodata/protocol';
import { bytecode } from '@neurodata/protocol/bytecode';
import { type Address, parseUnits } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerRpcBody } from './answerRpcBody.ts';
import { checkDeployment, type DeploymentFact } from './checkDeployment.ts';
import { type ChainClients, createChainClients, createSender } from './clients.ts';
import { readDeploymentRecord } from './deploy.ts';
import { checkByRpc, deployByRpc } from './deployByRpc.ts';
import { formatDeployParams, parseDeployParams } from './deployParams.ts';
import { type DevChain, startDevChain } from './startDevChain.ts';
import { makeFolder } from './testing.ts';
import { makeVerificationInput, repositoryRoot } from './verificationInput.ts';

let chain: DevChain;
let clients: ChainClients;
let server: Server;
let rpc: string;

beforeAll(async () => {
  chain = await startDevChain({ folder: await makeFolder(), log: () => undefined, blockIdleSeconds: 0 });
  clients = createChainClients({ chainId: chain.chainId, rpc: chain.rpc });
  server = createServer(async (request, response) => {
    const body: unknown = JSON.parse((await buffer(request)).toString());
    response.setHeader('content-type', 'application/json').end(JSON.stringify(await answerRpcBody({ rpc: chain.rpc, body })));
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  rpc = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await chain.stop();
});

const keyOf = (index: number) => chain.accounts[index]?.privateKey ?? '0x';
const addressAt = (index: number): Address => chain.accounts[index]?.address ?? '0x';
const wrong = (facts: readonly DeploymentFact[]): unknown[] => facts.filter(({ agrees }) => !agrees).map(({ contract, name, value, expected }) => ({ contract, name, value, expected }));
const valueOf = (facts: readonly DeploymentFact[], name: string): string | undefined => facts.find((fact) => `${fact.contract} ${fact.name}` === name)?.value;

async function parametersFor(index: number, params: object): Promise<Parameters<typeof deployByRpc>[0]> {
  const folder = await makeFolder();
  const paramsFile = path.join(folder, 'params.json');
  await writeFile(paramsFile, JSON.stringify(params));
  return { rpc, key: keyOf(index), paramsFile, out: path.join(folder, 'deployment.json'), log: () => undefined };
}

test('a deployment that is handed over belongs to its timelock, and reads back as it was meant', async () => {
  const parameters = await parametersFor(0, { coin: { allocations: [{ to: 'timelock', amount: '60000000' }, { to: addressAt(5), amount: '40000000.5' }], budgets: [{ minter: 'staking', amount: '50000000' }] } });
  const { addresses, verification } = await deployByRpc({ ...parameters, handOver: true });
  const facts = await checkByRpc({ rpc, file: parameters.out });
  expect(wrong(facts)).toEqual([]);
  const owned = facts.filter(({ name }) => name === 'owner');
  expect(owned.length).toBeGreaterThanOrEqual(6);
  for (const { value } of owned) expect(value).toBe(addresses.timelock);
  expect(facts.filter(({ name }) => name === 'code')).toHaveLength(Object.keys(addresses).length);
  expect(valueOf(facts, 'neuroCoin allocations')).toContain(`${addressAt(5)} 40000000.5 NCR`);
  expect(valueOf(facts, 'neuroCoin budgets')).toBe(`${addresses.staking} 50000000 NCR`);
  expect(valueOf(facts, `neuroCoin minter ${addresses.staking}`)).toBe('50000000 NCR left, 0 NCR minted');
  expect(valueOf(facts, 'neuroCoin adapters')).toBe('none');
  expect(valueOf(facts, 'timelock PROPOSER_ROLE held by')).toBe(addresses.governor);
  expect(valueOf(facts, 'governor quorum now')).toBe('1000000 NCR');
  expect(valueOf(facts, 'governor votingPeriod')).toBe('432000');
  expect(valueOf(facts, 'guardian guardian')).toBe(addressAt(0));
  // Again: nothing is sent, the same addresses.
  const { number } = chain.head();
  expect((await deployByRpc({ ...parameters, handOver: true })).addresses).toEqual(addresses);
  expect(chain.head().number).toBe(number);
  await expect(deployByRpc(parameters)).rejects.toThrow(/is of a deployment with other parameters/);
  const index = JSON.parse(await readFile(path.join(verification, 'index.json'), 'utf8')) as Record<string, { address: string; compiler: string; contract: string; constructorArguments: string; input: string }>;
  expect(index['timelock']).toMatchObject({ address: addresses.timelock, contract: 'node_modules/@openzeppelin/contracts/governance/TimelockController.sol:TimelockController', input: 'TimelockController.json' });
  expect(index['market']?.compiler).toMatch(/^v0\.8\.\d+\+commit\.[0-9a-f]+$/);
});

test('what has changed since, and what was never so, is a difference', async () => {
  const parameters = await parametersFor(1, { treasury: addressAt(9) });
  const { addresses } = await deployByRpc(parameters);
  const record = (await readDeploymentRecord(parameters.out))!;
  expect(wrong(await checkDeployment({ clients, record }))).toEqual([]);
  const market = { address: addresses.market, abi: marketAbi } as const;
  const params = await clients.publicClient.readContract({ ...market, functionName: 'params' });
  const sender = createSender({ clients, account: privateKeyToAccount(keyOf(1)), abis: [marketAbi, neuroCoinAbi] });
  await sender.send({ ...market, functionName: 'setParams', args: [{ ...params, feeBps: 40 }] });
  await sender.send({ ...market, functionName: 'transferOwnership', args: [addressAt(3)] });
  const coin = { address: addresses.neuroCoin, abi: neuroCoinAbi } as const;
  await sender.send({ ...coin, functionName: 'setBudget', args: [addressAt(1), parseUnits('7', 18)] });
  await sender.send({ ...coin, functionName: 'mint', args: [addressAt(4), parseUnits('2', 18)] });
  await sender.send({ ...coin, functionName: 'setAdapter', args: [addressAt(6), 10n ** 18n, 2n * 10n ** 18n, 60] });
  const read = await checkDeployment({ clients, record });
  expect(valueOf(read, `neuroCoin minter ${addressAt(1)}`)).toBe('5 NCR left, 2 NCR minted');
  const differences = wrong(read);
  expect(differences).toMatchObject([
    { contract: 'market', name: 'params', value: expect.stringContaining('"feeBps":"40"'), expected: expect.stringContaining('"feeBps":"25"') },
    { contract: 'market', name: 'pendingOwner', value: addressAt(3) },
    { contract: 'neuroCoin', name: 'budgets', value: `${addressAt(1)} 7 NCR`, expected: 'none' },
    { contract: 'neuroCoin', name: 'adapters', value: `${addressAt(6)} mints 1 NCR, burns 2 NCR in 60 s`, expected: 'none' },
  ]);
  // Another contract, and none, in the place of one.
  const swapped = { ...record, addresses: { ...addresses, market: addresses.training, guardian: addressAt(8) } };
  const found = wrong(await checkDeployment({ clients, record: swapped }));
  expect(found.slice(0, 2)).toMatchObject([
    { contract: 'market', name: 'code', value: expect.stringContaining('other bytes') }, { contract: 'guardian', name: 'code', value: `none at ${addressAt(8)}` },
  ]);
  // Those that know the true market say so.
  expect(found).toContainEqual({ contract: 'training', name: 'market', value: addresses.market, expected: addresses.training });
});

test('parameters are read strictly and written back to the same', async () => {
  const deployer = addressAt(0);
  const params = parseDeployParams({ value: { feeBps: 30, training: { minBond: '250.25' } }, deployer });
  expect(params).toMatchObject({ feeBps: 30, treasury: 'timelock', owner: deployer, handOver: false, training: { minBond: parseUnits('250.25', 18), stallPenalty: parseUnits('20', 18) } });
  expect(parseDeployParams({ value: formatDeployParams(params), deployer })).toEqual(params);
  for (const value of [{ feebps: 30 }, { training: { minBond: 250 } }, { treasury: 'nowhere' }, { coin: { allocations: [{ to: 'market', amount: '-1' }] } }, [], 'x']) {
    expect(() => parseDeployParams({ value, deployer })).toThrow(NeuroError);
  }
});

test('what cannot be deployed is refused before anything is sent', async () => {
  const parameters = await parametersFor(2, {});
  const { number } = chain.head();
  await expect(deployByRpc({ ...parameters, key: '0x12' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(deployByRpc({ ...parameters, paramsFile: `${parameters.out}.none` })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(deployByRpc({ ...parameters, rpc: 'http://127.0.0.1:9' })).rejects.toMatchObject({ code: 'UNREACHABLE' });
  await expect(checkByRpc({ rpc, file: parameters.out })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(chain.head().number).toBe(number);
});

test.each(['NeuroCoin', 'TimelockController', 'Guardian'] as const)('the verification input of %s compiles to what is deployed', async (contract) => {
  const input = await makeVerificationInput(contract);
  expect(Object.keys(input.sources)).not.toContain('contracts/src/Market.sol');
  const { stdout } = spawnSync(process.execPath, [path.join(repositoryRoot, 'tools/solc/solc'), '--standard-json'], { input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 2 ** 28 });
  const output = JSON.parse(stdout) as { contracts: Record<string, Record<string, { evm: { bytecode: { object: string } } }>> };
  const compiled = Object.values(output.contracts).find((names) => contract in names)?.[contract];
  expect(`0x${compiled?.evm.bytecode.object ?? ''}`).toBe(bytecode[contract]);
});
