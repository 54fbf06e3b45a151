import {
  accusationsAbi, type Addresses, assetRegistryAbi, challengesAbi, curationAbi, custodyAbi, disputesAbi, governorAbi, guardianAbi, liquidityMiningAbi, marketAbi, milestoneEscrowAbi, neuroCoinAbi, neuroVotesAbi, orderDisputesAbi, privateOffersAbi, reviewsAbi, stakingAbi, subscriptionsAbi, timelockAbi, trainingAbi, trialsAbi,
  validatorsAbi, workersAbi,
} from '@neurodata/protocol';
import { bytecode } from '@neurodata/protocol/bytecode';
import { type Abi, type Address, encodeDeployData, getAddress, getContractAddress, type Hex, keccak256, stringToHex, zeroAddress } from 'viem';
import type { DeployParams, Party } from './deployParams.ts';

/** The contracts in the order in which they are deployed. */
export const order = [
  'neuroCoin', 'staking', 'validators', 'assetRegistry', 'market', 'training', 'subscriptions', 'neuroVotes', 'timelock', 'governor', 'guardian',
  'disputes', 'orderDisputes', 'challenges', 'milestoneEscrow', 'liquidityMining', 'reviews', 'curation', 'privateOffers', 'custody', 'workers', 'accusations', 'trials',
] as const satisfies readonly (keyof Addresses)[];

/** `name` is the contract's in Solidity; `code` is its creation code without the arguments. */
export type Part = { key: (typeof order)[number]; name: keyof typeof bytecode; abi: Abi; code: Hex; args: readonly unknown[] };

/** The addresses that follow from the deployer's nonces. */
export function predictAddresses(deployer: Address, firstNonce: number): Addresses {
  const entries = order.map((key, index) => [key, getContractAddress({ from: deployer, nonce: BigInt(firstNonce + index) })]);
  return Object.fromEntries(entries) as Addresses;
}

/** The address that a parameter names. */
export function addressOf(party: Party, addresses: Addresses): Address {
  return getAddress(party in addresses ? addresses[party as keyof Addresses] : (party as Address));
}

/** Who owns the contracts. */
export function ownerOf(params: DeployParams, addresses: Addresses): Address {
  return params.handOver ? addresses.timelock : params.owner;
}

/** Every contract with its constructor's arguments, in the order of deployment. */
export function planParts(params: DeployParams, addresses: Addresses): Part[] {
  const { feeBps } = params;
  const owner = ownerOf(params, addresses);
  const treasury = addressOf(params.treasury, addresses);
  const system = {
    token: addresses.neuroCoin, staking: addresses.staking, validators: addresses.validators,
    registry: addresses.assetRegistry, market: addresses.market, training: addresses.training, subscriptions: addresses.subscriptions,
    orderDisputes: addresses.orderDisputes, curation: addresses.curation, offers: addresses.privateOffers, challenges: addresses.challenges, custody: addresses.custody, workers: addresses.workers, accusations: addresses.accusations, trials: addresses.trials,
  };
  const part: MakePart = (key, name, abi, args) => ({ key, name, abi, code: bytecode[name], args });
  return [
    part('neuroCoin', 'NeuroCoin', neuroCoinAbi, coinArguments(params, addresses)),
    part('staking', 'Staking', stakingAbi, [system, addresses.disputes, owner, params.staking.rateBps, params.staking.unbondDelay]),
    part('validators', 'Validators', validatorsAbi, [system, owner, params.validators]),
    part('assetRegistry', 'AssetRegistry', assetRegistryAbi, [system]),
    part('market', 'Market', marketAbi, [system, owner, { treasury, feeBps, ...params.market }, addresses.guardian]),
    part('training', 'Training', trainingAbi, [system, owner, { treasury, feeBps, ...params.training }]),
    part('subscriptions', 'Subscriptions', subscriptionsAbi, [system]),
    ...governanceParts(params, addresses, part),
    part('disputes', 'Disputes', disputesAbi, [addresses.neuroCoin, addresses.staking, owner, params.disputes]),
    part('orderDisputes', 'OrderDisputes', orderDisputesAbi, [system, addresses.disputes, owner, params.orderDisputes]),
    part('challenges', 'Challenges', challengesAbi, [system, owner, { treasury, ...params.challenges }]),
    part('milestoneEscrow', 'MilestoneEscrow', milestoneEscrowAbi, [addresses.disputes, addresses.neuroCoin, owner]),
    part('liquidityMining', 'LiquidityMining', liquidityMiningAbi, [addresses.neuroCoin, owner]),
    part('reviews', 'Reviews', reviewsAbi, [addresses.market]),
    curationPart(params, addresses, { system, part }),
    part('privateOffers', 'PrivateOffers', privateOffersAbi, [system]),
    part('custody', 'Custody', custodyAbi, [system]),
    part('workers', 'Workers', workersAbi, [system]),
    part('accusations', 'Accusations', accusationsAbi, [system, owner, params.accusations]),
    part('trials', 'Trials', trialsAbi, [system, params.trials.holdPeriod]),
  ];
}

type MakePart = (key: Part['key'], name: Part['name'], abi: Abi, args: readonly unknown[]) => Part;

function curationPart(params: DeployParams, addresses: Addresses, { system, part }: { system: object; part: MakePart }): Part {
  const { curators, ...rules } = params.curation;
  return part('curation', 'Curation', curationAbi, [system, addresses.disputes, ownerOf(params, addresses), rules, curators]);
}

function coinArguments({ coin, ...params }: DeployParams, addresses: Addresses): readonly unknown[] {
  const allocations = coin.allocations.map(({ to, amount }) => ({ to: addressOf(to, addresses), amount }));
  const budgets = coin.budgets.map(({ minter, amount }) => ({ minter: addressOf(minter, addresses), amount }));
  return [coin.name, coin.symbol, ownerOf({ coin, ...params }, addresses), allocations, budgets];
}

/** The timelock has no admin but itself, takes proposals from the governor alone, and lets anybody execute them. */
function governanceParts(params: DeployParams, addresses: Addresses, part: MakePart): Part[] {
  const { votes, guardian, governance: { timelockDelay, ...voting } } = params;
  return [
    part('neuroVotes', 'NeuroVotes', neuroVotesAbi, [addresses.neuroCoin, votes.name, votes.symbol]),
    part('timelock', 'TimelockController', timelockAbi, [BigInt(timelockDelay), [addresses.governor], [zeroAddress], zeroAddress]),
    part('governor', 'NeuroGovernor', governorAbi, [addresses.neuroVotes, addresses.timelock, { ...voting, quorumPercent: BigInt(voting.quorumPercent) }]),
    part('guardian', 'Guardian', guardianAbi, [ownerOf(params, addresses), guardian.account, guardian.maxPause, guardian.coolDown]),
  ];
}

/** Over all creation code and constructor arguments: says whether an intent is still what this program would deploy. */
export function digestOf(parts: readonly Part[]): Hex {
  return keccak256(stringToHex(parts.map(({ abi, code, args }) => encodeDeployData({ abi, bytecode: code, args })).join()));
}
