import { curationAbi, governorAbi, neuroCoinAbi, timelockAbi } from '@neurodata/protocol';
import { runtime } from '@neurodata/protocol/runtime';
import { type Abi, type AbiFunction, type AbiParameter, type Address, formatUnits, getAddress, type Hex, zeroAddress } from 'viem';
import type { ChainClients } from './createChainClients.ts';
import type { DeploymentRecord } from './deploy.ts';
import { parseDeployParams } from './deployParams.ts';
import { addressOf, type Part, planParts } from './deployPlan.ts';
import { readAllLogs } from './readAllLogs.ts';

/** One thing that a deployment says. `expected` is what the record says; absent where the value may be any. */
export type DeploymentFact = { contract: string; name: string; value: string; expected?: string; agrees: boolean };

/** What a view is called where the constructor's argument of the same meaning is called otherwise. */
const viewNames: Record<string, string> = { minDelay: 'getMinDelay', quorumPercent: 'quorumNumerator', votes: 'token', coin: 'underlying' };

/** Any value of a contract as text: amounts and numbers alike in digits, addresses with checksums, structs as JSON. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return /^0x[0-9a-fA-F]{40}$/.test(value) ? getAddress(value) : value;
  if (typeof value !== 'object' || value === null) return String(value);
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' || typeof inner === 'number' ? String(inner) : typeof inner === 'string' ? textOf(inner) : inner));
}

function fact(contract: string, name: string, value: unknown, expected?: unknown): DeploymentFact {
  const text = textOf(value);
  return expected === undefined ? { contract, name, value: text, agrees: true } : { contract, name, value: text, expected: textOf(expected), agrees: text === textOf(expected) };
}

/** Zeroes the bytes where immutables lie. */
function masked(code: Hex, places: readonly (readonly number[])[]): string {
  const bytes = Buffer.from(code.slice(2), 'hex');
  for (const [start = 0, length = 0] of places) bytes.fill(0, start, start + length);
  return bytes.toString('hex');
}

async function checkCode(clients: ChainClients, part: Part, address: Address): Promise<DeploymentFact> {
  const code = (await clients.publicClient.getCode({ address })) ?? '0x';
  const { code: compiled, immutables } = runtime[part.name];
  const same = code.length === compiled.length && masked(code, immutables) === masked(compiled, immutables);
  const found = code === '0x' ? 'none' : same ? 'as compiled' : `${(code.length - 2) / 2} other bytes`;
  return fact(part.key, 'code', `${found} at ${address}`, `as compiled at ${address}`);
}

/** What the constructor was told, by the name of the view that shows it; structs both whole and by their fields. */
function expectationsOf({ abi, args }: Part): Map<string, unknown> {
  const found = new Map<string, unknown>([['pendingOwner', zeroAddress]]);
  const add = (inputs: readonly AbiParameter[], values: readonly unknown[]): void => {
    for (const [index, input] of inputs.entries()) {
      const name = (input.name ?? '').replace(/_$/, '');
      found.set(viewNames[name] ?? name, values[index]);
      if (input.type !== 'tuple' || !('components' in input)) continue;
      const struct = values[index] as Record<string, unknown>;
      add(input.components, input.components.map((component) => struct[component.name ?? '']));
    }
  };
  add(abi.find((item) => item.type === 'constructor')?.inputs ?? [], args);
  return found;
}

const isPlainView = (item: Abi[number]): item is AbiFunction =>
  item.type === 'function' && (item.stateMutability === 'view' || item.stateMutability === 'pure') && item.inputs.length === 0 && item.outputs.length > 0;

/** A struct as the constructor took it, in the order of the view's fields, so that both print alike. */
function alignedWith(view: AbiFunction, value: unknown): unknown {
  const [output] = view.outputs;
  if (output === undefined || !('components' in output) || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(output.components.map(({ name = '' }) => [name, (value as Record<string, unknown>)[name]]));
}

async function checkViews(clients: ChainClients, part: Part, address: Address): Promise<DeploymentFact[]> {
  const expectations = expectationsOf(part);
  const views = part.abi.filter(isPlainView);
  return Promise.all(views.map(async (view) => {
    const value = await clients.publicClient.readContract({ address, abi: [view], functionName: view.name }).catch(() => 'reverts');
    return fact(part.key, view.name, value, expectations.has(view.name) ? alignedWith(view, expectations.get(view.name)) : undefined);
  }));
}

type Checked = { clients: ChainClients; record: DeploymentRecord; parts: readonly Part[] };

const ncr = (amount: bigint): string => `${formatUnits(amount, 18)} NCR`;

async function checkCoin({ clients, record, parts }: Checked): Promise<DeploymentFact[]> {
  const { addresses } = record;
  const { publicClient } = clients;
  const coin = { address: addresses.neuroCoin, abi: neuroCoinAbi } as const;
  const [, , , allocations, budgets] = (parts.find(({ key }) => key === 'neuroCoin')?.args ?? []) as [string, string, Address, { to: Address; amount: bigint }[], { minter: Address; amount: bigint }[]];
  const read = { clients, fromBlock: BigInt(record.block) };
  const [allocated, budgetLogs, spent, adapters] = await Promise.all([
    readAllLogs({ ...read, read: (range) => publicClient.getContractEvents({ ...coin, eventName: 'Allocated', strict: true, ...range }) }),
    readAllLogs({ ...read, read: (range) => publicClient.getContractEvents({ ...coin, eventName: 'BudgetSet', strict: true, ...range }) }),
    readAllLogs({ ...read, read: (range) => publicClient.getContractEvents({ ...coin, eventName: 'BudgetSpent', strict: true, ...range }) }),
    readAllLogs({ ...read, read: (range) => publicClient.getContractEvents({ ...coin, eventName: 'AdapterSet', strict: true, ...range }) }),
  ]);
  const list = (entries: readonly { who: Address; amount: bigint }[]): string => entries.map(({ who, amount }) => `${getAddress(who)} ${ncr(amount)}`).toSorted().join(', ') || 'none';
  const latest = new Map(budgetLogs.map(({ args }) => [args.minter, args.amount]));
  const facts = [
    fact('neuroCoin', 'allocations', list(allocated.map(({ args }) => ({ who: args.to, amount: args.amount }))), list(allocations.map(({ to, amount }) => ({ who: to, amount })))),
    fact('neuroCoin', 'budgets', list([...latest].map(([who, amount]) => ({ who, amount }))), list(budgets.map(({ minter, amount }) => ({ who: minter, amount })))),
  ];
  for (const minter of latest.keys()) {
    const left = await publicClient.readContract({ ...coin, functionName: 'budgetOf', args: [minter] });
    const minted = spent.filter(({ args }) => args.minter === minter).reduce((sum, { args }) => sum + args.amount, 0n);
    facts.push(fact('neuroCoin', `minter ${minter}`, `${ncr(left)} left, ${ncr(minted)} minted`));
  }
  const live = [...new Map(adapters.map(({ args }) => [args.adapter, args])).values()].filter(({ mintCapacity, burnCapacity }) => mintCapacity + burnCapacity > 0n);
  facts.push(fact('neuroCoin', 'adapters', live.map((adapter) => `${adapter.adapter} mints ${ncr(adapter.mintCapacity)}, burns ${ncr(adapter.burnCapacity)} in ${adapter.window} s`).join(', ') || 'none', 'none'));
  const [supply, promised, cap] = await Promise.all((['totalSupply', 'totalBudget', 'cap'] as const).map((functionName) => publicClient.readContract({ ...coin, functionName })));
  facts.push(fact('neuroCoin', 'supply and budgets within the cap', String((supply ?? 0n) + (promised ?? 0n) <= (cap ?? 0n)), 'true'));
  return facts;
}

async function checkRoles({ clients, record }: Checked): Promise<DeploymentFact[]> {
  const { addresses: { timelock: address, governor } } = record;
  const { publicClient } = clients;
  const contract = { address, abi: timelockAbi } as const;
  const read = { clients, fromBlock: BigInt(record.block) };
  const [granted, revoked] = await Promise.all([
    readAllLogs({ ...read, read: (range) => publicClient.getContractEvents({ ...contract, eventName: 'RoleGranted', strict: true, ...range }) }),
    readAllLogs({ ...read, read: (range) => publicClient.getContractEvents({ ...contract, eventName: 'RoleRevoked', strict: true, ...range }) }),
  ]);
  const known = { DEFAULT_ADMIN_ROLE: address, PROPOSER_ROLE: governor, CANCELLER_ROLE: governor, EXECUTOR_ROLE: zeroAddress } as const;
  const facts: DeploymentFact[] = [];
  const named = new Set<Hex>();
  const holdersOf = async (role: Hex): Promise<string> => {
    const candidates = [...new Set([...granted, ...revoked].filter(({ args }) => args.role === role).map(({ args }) => args.account))];
    const holds = await Promise.all(candidates.map((account) => publicClient.readContract({ ...contract, functionName: 'hasRole', args: [role, account] })));
    return candidates.filter((_, index) => holds[index]).map((account) => getAddress(account)).toSorted().join(', ') || 'nobody';
  };
  for (const [name, holder] of Object.entries(known)) {
    const role = await publicClient.readContract({ ...contract, functionName: name as keyof typeof known });
    named.add(role);
    facts.push(fact('timelock', `${name} held by`, await holdersOf(role), getAddress(holder)));
  }
  for (const role of new Set(granted.map(({ args }) => args.role))) if (!named.has(role)) facts.push(fact('timelock', `role ${role} held by`, await holdersOf(role), 'nobody'));
  return facts;
}

/** Who may curate: what the events say, last word first. */
async function checkCurators({ clients, record, parts }: Checked): Promise<DeploymentFact[]> {
  const { publicClient } = clients;
  const [, , , , named] = (parts.find(({ key }) => key === 'curation')?.args ?? []) as [object, Address, Address, object, readonly Address[]];
  const logs = await readAllLogs({
    clients, fromBlock: BigInt(record.block), read: (range) => publicClient.getContractEvents({ address: record.addresses.curation, abi: curationAbi, eventName: 'CuratorSet', strict: true, ...range }),
  });
  const last = new Map(logs.map(({ args }) => [args.curator, args.active]));
  const list = (accounts: readonly Address[]): string => accounts.map((account) => getAddress(account)).toSorted().join(', ') || 'nobody';
  return [fact('curation', 'curators', list([...last].filter(([, active]) => active).map(([account]) => account)), list(named))];
}

async function checkQuorum({ clients, record }: Checked): Promise<DeploymentFact[]> {
  const { publicClient } = clients;
  const { timestamp } = await publicClient.getBlock();
  const quorum = await publicClient.readContract({ address: record.addresses.governor, abi: governorAbi, functionName: 'quorum', args: [timestamp - 1n] });
  return [fact('governor', 'quorum now', ncr(quorum))];
}

/**
 * Reads a deployment back: the code at each address against what the sources compile to (immutables masked), and every
 * owner, parameter, role, minter, budget and adapter against the record's parameters. A parameter that a vote has changed
 * since counts as a difference.
 *
 * @throws NeuroError BAD_INPUT where the record's parameters cannot be read.
 * @example const facts = await checkDeployment({ clients, record }); const sound = facts.every(({ agrees }) => agrees);
 */
export async function checkDeployment(parameters: { clients: ChainClients; record: DeploymentRecord }): Promise<DeploymentFact[]> {
  const { clients, record } = parameters;
  const params = parseDeployParams({ value: record.params, deployer: addressOf(record.deployer as Address, record.addresses) });
  const parts = planParts(params, record.addresses);
  const facts = [fact('chain', 'id', await clients.publicClient.getChainId(), record.chainId)];
  const codes = await Promise.all(parts.map((part) => checkCode(clients, part, record.addresses[part.key])));
  facts.push(...codes);
  // Without the right code there is nothing to ask.
  for (const [index, part] of parts.entries()) if (codes[index]?.agrees) facts.push(...(await checkViews(clients, part, record.addresses[part.key])));
  if (!codes.every(({ agrees }) => agrees)) return facts;
  const checked = { clients, record, parts };
  return [...facts, ...(await checkCoin(checked)), ...(await checkRoles(checked)), ...(await checkCurators(checked)), ...(await checkQuorum(checked))];
}
