import { type Addresses, NeuroError, type ProposalState, governorAbi, proposalStates } from '@neurodata/protocol';
import { type Address, type Hex, decodeFunctionData, isAddressEqual } from 'viem';
import { contractAbis } from './contractAbis.ts';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readLogs } from './logs.ts';

/** A call of a proposal; decoded where its target is one of the system's contracts and the function is known. */
export type ProposalCall = { target: Address; value: bigint; data: Hex; contract?: keyof Addresses; functionName?: string; args?: readonly unknown[] };

/** A proposal as the chain has it. Times in seconds since 1970, votes in base units. `eta`: when it may be executed; 0 before it is queued. */
export type ProposalFacts = {
  proposalId: bigint;
  proposer: Address;
  description: string;
  calls: ProposalCall[];
  state: ProposalState;
  voteStart: number;
  voteEnd: number;
  eta: number;
  votes: { against: bigint; for: bigint; abstain: bigint };
  /** Votes for and abstaining that are needed; absent until voting begins. */
  quorum?: bigint;
};

type Created = { proposalId: bigint; proposer: Address; targets: readonly Address[]; values: readonly bigint[]; calldatas: readonly Hex[]; voteStart: bigint; voteEnd: bigint; description: string };

/** Every proposal's creation, oldest first. */
export async function readCreatedProposals(client: NeuroClient): Promise<Created[]> {
  const logs = await readLogs(client, (range) => client.publicClient.getContractEvents({
    address: client.config.deployment.addresses.governor, abi: governorAbi, eventName: 'ProposalCreated', strict: true, ...range,
  }));
  return logs.map(({ args }) => args);
}

/** A proposal's creation; throws `NOT_FOUND`. */
export async function readCreatedProposal(client: NeuroClient, proposalId: bigint): Promise<Created> {
  const created = (await readCreatedProposals(client)).find((proposal) => proposal.proposalId === proposalId);
  if (created) return created;
  throw new NeuroError(`There is no proposal ${proposalId}.`, { code: 'NOT_FOUND', remedy: 'Check its id.' });
}

function decodeCall(addresses: Addresses, call: { target: Address; value: bigint; data: Hex }): ProposalCall {
  const contract = (Object.keys(addresses) as (keyof Addresses)[]).find((key) => isAddressEqual(addresses[key], call.target));
  const abi = contract && contractAbis[contract];
  if (!contract || !abi) return call;
  try {
    const { functionName, args = [] } = decodeFunctionData({ abi, data: call.data });
    return { ...call, contract, functionName, args };
  } catch {
    return { ...call, contract };
  }
}

/** A proposal's call in words of the contract's interface, e.g. `market.setParams({"feeBps":30})`; undefined where its target is no contract of the system. */
export function describeCall(addresses: Addresses, call: { target: Address; value: bigint; data: Hex }): string | undefined {
  const { contract, functionName, args = [] } = decodeCall(addresses, call);
  if (!contract || !functionName) return undefined;
  return `${contract}.${functionName}(${args.map((value) => JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? item.toString() : item))).join(', ')})`;
}

async function completeProposal(client: NeuroClient, created: Created): Promise<ProposalFacts> {
  const { addresses } = client.config.deployment;
  const { proposalId, proposer, description, targets, values, calldatas } = created;
  const governor = { address: addresses.governor, abi: governorAbi } as const;
  const { publicClient } = client;
  const [state, eta, [against, inFavour, abstain]] = await Promise.all([
    publicClient.readContract({ ...governor, functionName: 'state', args: [proposalId] }),
    publicClient.readContract({ ...governor, functionName: 'proposalEta', args: [proposalId] }),
    publicClient.readContract({ ...governor, functionName: 'proposalVotes', args: [proposalId] }),
  ]);
  const name = proposalStates[state] ?? 'pending';
  // None is known before voting begins, and what was taken back may lie before that.
  const quorum = name === 'pending' || name === 'canceled' ? undefined : await publicClient.readContract({ ...governor, functionName: 'quorum', args: [created.voteStart] });
  return {
    proposalId, proposer, description, state: name, voteStart: Number(created.voteStart), voteEnd: Number(created.voteEnd), eta: Number(eta),
    calls: targets.map((target, index) => decodeCall(addresses, { target, value: values[index] ?? 0n, data: calldatas[index] ?? '0x' })),
    votes: { against, for: inFavour, abstain },
    ...(quorum === undefined ? {} : { quorum }),
  };
}

/** Reads a proposal with its state, calls and votes; throws `NOT_FOUND`. */
export async function readProposal(parameters: { client: NeuroClient; proposalId: bigint }): Promise<ProposalFacts> {
  const { client, proposalId } = parameters;
  try {
    return await completeProposal(client, await readCreatedProposal(client, proposalId));
  } catch (error) {
    throw toNeuroError(error);
  }
}

/** Reads every proposal, newest first. */
export async function listProposals(parameters: { client: NeuroClient }): Promise<ProposalFacts[]> {
  const { client } = parameters;
  try {
    return await Promise.all((await readCreatedProposals(client)).toReversed().map((created) => completeProposal(client, created)));
  } catch (error) {
    throw toNeuroError(error);
  }
}
