import { disputesAbi, governorAbi, milestoneEscrowAbi } from '@neurodata/protocol';
import { encodeAbiParameters, encodeFunctionData, erc20Abi, keccak256, parseAbiParameters, parseEventLogs, parseUnits, stringToHex } from 'viem';
import type { Address, Hex } from 'viem';
import { bytes32, noPermit } from './world.ts';
import type { World } from './world.ts';

const coin = (amount: string): bigint => parseUnits(amount, 18);
const day = 86_400;

export type Economy = { dealId: Hex; quietDealId: Hex; disputeId: bigint; jurors: Address[]; silent: Address; proposalId: bigint; cancelledId: bigint; pool: Address };

/** For tests: what people do besides buying and training, on the real contracts. `orderId` is a completed order of the buyer. */
export async function tellEconomy(world: World, orderId: Hex): Promise<Economy> {
  await review(world, orderId);
  const pool = await lendAndMine(world);
  const { dealId, quietDealId } = await makeDeals(world);
  const jurors = await hireJurors(world);
  const { disputeId, silent } = await judge(world, { dealId, jurors });
  const { proposalId, cancelledId } = await vote(world);
  return { dealId, quietDealId, disputeId, jurors, silent, proposalId, cancelledId, pool };
}

async function review({ send, accounts }: World, orderId: Hex): Promise<void> {
  await send(accounts.buyer, 'reviews', 'review', [orderId, 4, bytes32('text')]);
  await send(accounts.buyer, 'reviews', 'edit', [orderId, 5, `0x${'00'.repeat(32)}`]);
}

async function lendAndMine({ send, accounts, deployment, later }: World): Promise<Address> {
  const { other, owner, validators } = accounts;
  await send(other, 'staking', 'stake', [coin('50')]);
  await send(other, 'staking', 'delegate', [validators[0], coin('30')]);
  await send(other, 'staking', 'undelegate', [validators[0], coin('10')]);
  const { neuroVotes, liquidityMining } = deployment.addresses;
  await send(owner, 'neuroCoin', 'approve', [liquidityMining, coin('1000')]);
  await send(owner, 'liquidityMining', 'fund', [coin('1000')]);
  await send(owner, 'liquidityMining', 'schedule', [neuroVotes, coin('1000'), 1_000]);
  await send(other, 'neuroCoin', 'approve', [neuroVotes, coin('100')]);
  await send(other, 'neuroVotes', 'depositFor', [other, coin('100')]);
  await send(other, 'neuroVotes', 'approve', [liquidityMining, coin('100')]);
  await send(other, 'liquidityMining', 'stake', [neuroVotes, coin('60')]);
  await later(100);
  await send(other, 'liquidityMining', 'unstake', [neuroVotes, coin('20')]);
  await send(other, 'liquidityMining', 'claim', [neuroVotes]);
  return neuroVotes;
}

async function makeDeals({ send, accounts, deployment, publicClient }: World): Promise<{ dealId: Hex; quietDealId: Hex }> {
  const { buyer, publisher } = accounts;
  const { disputes, milestoneEscrow, neuroCoin } = deployment.addresses;
  await send(buyer, 'neuroCoin', 'approve', [milestoneEscrow, coin('1000')]);
  const { timestamp } = await publicClient.getBlock();
  const open = async (salt: string): Promise<Hex> => {
    const input = {
      seller: publisher, arbiter: disputes, token: neuroCoin, reviewWindow: 2 * day, arbitrationWindow: 3 * day, terms: `ipfs://${salt}\0`, salt: bytes32(salt),
      amounts: [coin('10'), coin('20')], deadlines: [Number(timestamp) + 30 * day, Number(timestamp) + 60 * day],
    };
    const { logs } = await send(buyer, 'milestoneEscrow', 'open', [input, noPermit]);
    return parseEventLogs({ abi: milestoneEscrowAbi, eventName: 'DealOpened', logs })[0]!.args.dealId;
  };
  const [dealId, quietDealId] = [await open('first'), await open('second')];
  await send(publisher, 'milestoneEscrow', 'deliver', [quietDealId, 0, bytes32('report')]);
  await send(buyer, 'milestoneEscrow', 'release', [quietDealId, 1, coin('5')]);
  await send(publisher, 'milestoneEscrow', 'refund', [quietDealId, 1, coin('3')]);
  await send(publisher, 'milestoneEscrow', 'cancel', [quietDealId, coin('2')]);
  await send(publisher, 'milestoneEscrow', 'deliver', [dealId, 0, bytes32('report')]);
  await send(buyer, 'milestoneEscrow', 'contest', [dealId, 0]);
  await send(buyer, 'milestoneEscrow', 'submitEvidence', [dealId, 0, 'ipfs://missing']);
  return { dealId, quietDealId };
}

const commitment = (disputeId: bigint, round: number, juror: Address, ruling: number): Hex =>
  keccak256(encodeAbiParameters(parseAbiParameters('uint256, uint8, address, uint8, bytes32'), [disputeId, round, juror, ruling, bytes32('salt')]));

/** A ruling for the buyer, an appeal, a juror who stays silent, a ruling for the seller; then the rest of the deal is cancelled. */
async function judge(world: World, { dealId, jurors }: { dealId: Hex; jurors: Address[] }): Promise<{ disputeId: bigint; silent: Address }> {
  const { send, accounts, deployment, later, publicClient } = world;
  const { buyer, publisher, other } = accounts;
  const { logs } = await send(buyer, 'milestoneEscrow', 'escalate', [dealId, 0]);
  const { disputeId } = parseEventLogs({ abi: milestoneEscrowAbi, eventName: 'MilestoneEscalated', logs })[0]!.args;
  for (const juror of await draw({ world, disputeId, round: 0, jurors })) await send(juror, 'disputes', 'commit', [disputeId, commitment(disputeId, 0, juror, 1)]);
  for (const juror of await seated({ world, disputeId, round: 0, jurors })) await send(juror, 'disputes', 'reveal', [disputeId, 1, bytes32('salt')]);
  await send(publisher, 'neuroCoin', 'approve', [deployment.addresses.disputes, coin('1000')]);
  await send(publisher, 'disputes', 'appeal', [disputeId, '0x']);
  await send(publisher, 'disputes', 'submitEvidence', [disputeId, 'ipfs://complete']);
  const [silent, ...others] = await draw({ world, disputeId, round: 1, jurors });
  for (const juror of others) await send(juror, 'disputes', 'commit', [disputeId, commitment(disputeId, 1, juror, 2)]);
  const round = await publicClient.readContract({ address: deployment.addresses.disputes, abi: disputesAbi, functionName: 'round', args: [disputeId, 1] });
  await later(round.commitUntil - Number((await publicClient.getBlock()).timestamp) + 1);
  for (const juror of others) await send(juror, 'disputes', 'reveal', [disputeId, 2, bytes32('salt')]);
  await later(round.appealUntil - Number((await publicClient.getBlock()).timestamp) + 1);
  await send(other, 'disputes', 'closeSeat', [disputeId, 1, silent]);
  await send(other, 'disputes', 'conclude', [disputeId]);
  await send(other, 'disputes', 'executeRuling', [disputeId]);
  await send(publisher, 'milestoneEscrow', 'cancel', [dealId, coin('4')]);
  await send(buyer, 'milestoneEscrow', 'cancel', [dealId, coin('4')]);
  return { disputeId, silent: silent! };
}

type Draw = { world: World; disputeId: bigint; round: number; jurors: Address[] };

async function seated({ world, disputeId, round, jurors }: Draw): Promise<Address[]> {
  const { publicClient, deployment } = world;
  const seats = await Promise.all(jurors.map((juror) => publicClient.readContract({ address: deployment.addresses.disputes, abi: disputesAbi, functionName: 'seat', args: [disputeId, round, juror] })));
  return jurors.filter((_, index) => (seats[index]?.count ?? 0) > 0);
}

async function draw(parameters: Draw): Promise<Address[]> {
  const { world: { send, mine, accounts, publicClient, deployment }, disputeId, round } = parameters;
  await mine(2);
  for (;;) {
    await send(accounts.other, 'disputes', 'draw', [disputeId]);
    const { drawn, size } = await publicClient.readContract({ address: deployment.addresses.disputes, abi: disputesAbi, functionName: 'round', args: [disputeId, round] });
    if (drawn === size) return seated(parameters);
  }
}

/** Three accounts that do nothing else, with three tickets each. */
async function hireJurors({ send, rpc, accounts, deployment }: World): Promise<Address[]> {
  const jurors = ((await rpc('eth_accounts')) as Address[]).slice(9, 12);
  for (const juror of jurors) {
    await send(accounts.owner, 'neuroCoin', 'transfer', [juror, coin('3000')]);
    await send(juror, 'neuroCoin', 'approve', [deployment.addresses.staking, coin('3000')]);
    await send(juror, 'staking', 'stake', [coin('3000')]);
    await send(juror, 'disputes', 'joinJury', [3]);
  }
  return jurors;
}

/** A proposal that is carried out, and one that its proposer takes back. */
async function vote({ send, accounts, deployment, later }: World): Promise<{ proposalId: bigint; cancelledId: bigint }> {
  const { owner, other } = accounts;
  const { neuroCoin, neuroVotes } = deployment.addresses;
  await send(owner, 'neuroCoin', 'approve', [neuroVotes, coin('2000000')]);
  await send(owner, 'neuroVotes', 'depositFor', [owner, coin('2000000')]);
  await send(owner, 'neuroVotes', 'delegate', [owner]);
  await send(other, 'neuroVotes', 'delegate', [other]);
  await later(2);
  const calls = [[neuroCoin], [0n], [encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [owner, 1n] })]] as const;
  const propose = async (title: string): Promise<bigint> => {
    const { logs } = await send(owner, 'governor', 'propose', [...calls, title]);
    return parseEventLogs({ abi: governorAbi, eventName: 'ProposalCreated', logs })[0]!.args.proposalId;
  };
  const [proposalId, cancelledId] = [await propose('Let the owner\0 have a base unit'), await propose('Twice')];
  const digestOf = (title: string): Hex => keccak256(stringToHex(title));
  await send(owner, 'governor', 'cancel', [...calls, digestOf('Twice')]);
  await later(day + 1);
  await send(owner, 'governor', 'castVote', [proposalId, 1]);
  await send(other, 'governor', 'castVoteWithReason', [proposalId, 0, 'Too \0 much']);
  await later(5 * day + 1);
  await send(other, 'governor', 'queue', [...calls, digestOf('Let the owner\0 have a base unit')]);
  await later(2 * day + 1);
  await send(other, 'governor', 'execute', [...calls, digestOf('Let the owner\0 have a base unit')]);
  return { proposalId, cancelledId };
}
