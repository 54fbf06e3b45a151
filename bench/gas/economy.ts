import { assetRegistryAbi, type Deployment, governorAbi, marketAbi, neuroCoinAbi, neuroVotesAbi, orderDisputesAbi, stakingAbi, subscriptionsAbi, trainingAbi, validatorsAbi, workersAbi } from '@neurodata/protocol';
import { type Abi, type AccessList, type Address, encodeAbiParameters, type Hex, keccak256, parseEventLogs, parseUnits, stringToHex, type TransactionReceipt, zeroAddress, zeroHash } from 'viem';
import { chooseDeployParams, deployContracts, type DeployParams } from '../../apps/node/src/chain/index.ts';
import type { Evm } from './evm.ts';

export const price = parseUnits('40', 18);
export const noPermit = { value: 0n, deadline: 0n, v: 0, r: zeroHash, s: zeroHash };
const maxUint = 2n ** 256n - 1n;
/** Shares that restore a key, and validators that hold one. */
const threshold = 2;
const windows = { grant: 3_600, grantMargin: 300, confirm: 86_400, dispute: 86_400, escalate: 86_400, commit: 600, reveal: 600, jobClaim: 300, jobOpen: 7_200, jobRun: 1_800, jobHeartbeat: 600, jobCancel: 60, jobChallenge: 60, move: 60 };

/** Our contracts on a fresh EVM with a publisher, buyers, validators and workers who have all been active before. */
export type Economy = {
  evm: Evm;
  addresses: Deployment['addresses'];
  params: DeployParams;
  deployer: Address;
  treasury: Address;
  /** Holds the coin's supply. */
  holder: Address;
  publisher: Address;
  buyer: Address;
  /** Buys with a permit each time; has no standing allowance. */
  permitBuyer: Evm['accounts'][number];
  keepers: Address[];
  write: (from: Address, contract: keyof typeof abis, functionName: string, args: readonly unknown[], accessList?: AccessList) => Promise<TransactionReceipt>;
  read: <T>(contract: keyof typeof abis, functionName: string, args: readonly unknown[]) => Promise<T>;
};

export const abis = {
  neuroCoin: neuroCoinAbi, staking: stakingAbi, validators: validatorsAbi, assetRegistry: assetRegistryAbi, market: marketAbi, orderDisputes: orderDisputesAbi, training: trainingAbi,
  neuroVotes: neuroVotesAbi, governor: governorAbi, subscriptions: subscriptionsAbi, workers: workersAbi,
} as const satisfies Record<string, Abi>;

export function digest(text: string): Hex {
  return keccak256(stringToHex(text));
}

async function fund(economy: Economy, who: Address, amount: string): Promise<void> {
  const { write, addresses, holder } = economy;
  await write(holder, 'neuroCoin', 'transfer', [who, parseUnits(amount, 18)]);
  for (const spender of [addresses.staking, addresses.assetRegistry, addresses.market, addresses.orderDisputes, addresses.training, addresses.subscriptions]) {
    await write(who, 'neuroCoin', 'approve', [spender, maxUint]);
  }
}

async function settleIn(economy: Economy, accounts: readonly Address[]): Promise<void> {
  const { write, keepers, publisher, buyer, permitBuyer, holder } = economy;
  for (const who of [publisher, buyer, ...keepers, ...accounts]) await fund(economy, who, '50000');
  await write(holder, 'neuroCoin', 'transfer', [permitBuyer.address, parseUnits('1000', 18)]);
  for (const keeper of keepers) {
    await write(keeper, 'staking', 'stake', [parseUnits('20000', 18)]);
    await write(keeper, 'validators', 'register', [digest(keeper), 'https://keeper.example']);
  }
  for (const worker of accounts) {
    await write(worker, 'staking', 'stake', [parseUnits('2000', 18)]);
    await write(worker, 'workers', 'register', ['https://worker.example', { cores: 4, memoryMiB: 4_096, pricePerUnit: parseUnits('0.4', 18), runtimes: [digest('engine')] }]);
  }
  await economy.evm.mine(2);
}

/** Deploys ours and brings validators and workers in. */
export async function createEconomy(evm: Evm): Promise<Economy> {
  const at = (index: number): Evm['accounts'][number] => {
    const account = evm.accounts[index];
    if (account === undefined) throw new Error(`The EVM has no account ${index}.`);
    return account;
  };
  const [deployer, publisher, buyer, permitBuyer, treasury] = [at(0), at(1), at(2), at(3), at(4)];
  const params = chooseDeployParams({ treasury: treasury.address, owner: deployer.address, windows });
  const { addresses } = await deployContracts({ clients: evm.clients, account: deployer, params, folder: evm.folder, log: () => undefined });
  const held = await evm.read<bigint>({ address: addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'balanceOf', args: [treasury.address] });
  const economy: Economy = {
    evm, addresses, params, permitBuyer, treasury: treasury.address, holder: held > 0n ? treasury.address : deployer.address,
    deployer: deployer.address, publisher: publisher.address, buyer: buyer.address,
    keepers: [at(5), at(6), at(7)].map(({ address }) => address),
    write: (from, contract, functionName, args, accessList) => evm.send({ from, address: addresses[contract], abi: abis[contract], functionName, args, ...(accessList === undefined ? {} : { accessList }) }),
    read: (contract, functionName, args) => evm.read({ address: addresses[contract], abi: abis[contract], functionName, args }),
  };
  // One worker alone, so that every run after the first is a returning worker's.
  await settleIn(economy, [at(8).address]);
  return economy;
}

/** What a round cost, each step a transaction of its own. */
export type RoundGas = { draw: bigint; commits: bigint[]; reveals: bigint[]; settle: bigint };

/** Lets the drawn committee accept, and settles. */
export async function conclude(economy: Economy, roundId: Hex): Promise<RoundGas & { settlement: Hex }> {
  const { write, read, keepers, evm } = economy;
  await evm.mine(2);
  const draw = (await write(economy.deployer, 'validators', 'drawCommittee', [roundId])).gasUsed;
  const { committee } = await read<{ committee: readonly number[] }>('validators', 'round', [roundId]);
  const accept = 1;
  const [evidence, salt] = [digest('evidence'), digest('salt')];
  const members: Address[] = [];
  for (const id of committee) members.push((await read<{ account: Address }>('validators', 'validator', [id])).account);
  if (members.some((member) => !keepers.some((keeper) => keeper.toLowerCase() === member.toLowerCase()))) throw new Error('A stranger was drawn into the committee.');
  const commits: bigint[] = [];
  for (const member of members) {
    const commitment = keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'address' }, { type: 'uint8' }, { type: 'bytes32' }, { type: 'bytes32' }], [roundId, member, accept, evidence, salt]));
    commits.push((await write(member, 'validators', 'commit', [roundId, commitment])).gasUsed);
  }
  const reveals: bigint[] = [];
  for (const member of members) reveals.push((await write(member, 'validators', 'reveal', [roundId, accept, evidence, salt])).gasUsed);
  const settlement = await write(economy.deployer, 'validators', 'settle', [roundId]);
  return { draw, commits, reveals, settle: settlement.gasUsed, settlement: settlement.transactionHash };
}

/** Publishes a dataset whose key the three validators hold, and lets them find it live. */
export async function publish(economy: Economy): Promise<{ assetId: bigint; gas: bigint; hash: Hex }> {
  const { write, read, keepers, publisher } = economy;
  const committee: number[] = [];
  for (const keeper of keepers) committee.push(await read<number>('validators', 'validatorIdOf', [keeper]));
  const input = {
    manifestDigest: digest('manifest'), contentRoot: digest('root'), contentCommitment: digest('content'), keyCommitment: digest('key'),
    committee: committee.sort((a, b) => a - b), threshold, validatorsMayRead: true,
  };
  const receipt = await write(publisher, 'assetRegistry', 'publish', [0, input, noPermit]);
  const [event] = parseEventLogs({ abi: assetRegistryAbi, eventName: 'AssetPublished', logs: receipt.logs });
  if (event === undefined) throw new Error('publish made no AssetPublished.');
  const { assetId } = event.args;
  await conclude(economy, await read<Hex>('assetRegistry', 'roundOf', [assetId, 1]));
  return { assetId, gas: receipt.gasUsed, hash: receipt.transactionHash };
}

/** Lists an asset; kind 0 is a download, 1 a training run, 2 a subscription by the day. */
export async function list(economy: Economy, parameters: { assetId: bigint; kind: number; modelShareBps?: number }): Promise<number> {
  const { assetId, kind, modelShareBps = 0 } = parameters;
  const input = { assetId, firstVersion: 1, lastVersion: 0, kind, price, modelShareBps, termsDigest: digest('terms') };
  const { logs } = await (kind === 2
    ? economy.write(economy.publisher, 'market', 'createListingWith', [input, { token: zeroAddress, periodMinutes: 1_440, splits: [] }])
    : economy.write(economy.publisher, 'market', 'createListing', [input]));
  const [event] = parseEventLogs({ abi: marketAbi, eventName: 'ListingCreated', logs });
  if (event === undefined) throw new Error('createListing made no ListingCreated.');
  return event.args.listingId;
}
