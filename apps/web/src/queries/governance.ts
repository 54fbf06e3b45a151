import type { GovernanceDto, NeuroError, ParameterContract, ProposalDto } from '@neurodata/protocol';
import type { ContractParameter, EncodedCall, Support, VotingPower } from '@neurodata/sdk';
import { queryOptions } from '@tanstack/react-query';
import type { Address } from 'viem';
import { api } from '../client/api.ts';
import { connect, loadVerbs } from '../client/connect.ts';
import { useSigned } from './mutations.ts';

// Under `proposals`, so that what changes them makes these stale too.

/** With how many votes an account takes part in a proposal, from the chain. Other states than the first have them fixed. */
export const votingPowerQuery = ({ proposalId, state }: Pick<ProposalDto, 'proposalId' | 'state'>, account: Address) =>
  queryOptions<VotingPower>({
    queryKey: ['proposals', proposalId, state, 'power', account],
    queryFn: async () => {
      const [client, { readVotingPower }] = await Promise.all([connect(), loadVerbs()]);
      return readVotingPower({ client, proposalId: BigInt(proposalId), account });
    },
  });

/** How proposals are decided. */
export const governanceQuery = () => queryOptions<GovernanceDto>({ queryKey: ['proposals', 'rules'], queryFn: ({ signal }) => api.getGovernance(undefined, { signal }) });

/** What a vote can set, and how it stands, from the chain. */
export const parametersQuery = () =>
  queryOptions<ContractParameter[]>({
    queryKey: ['proposals', 'parameters'],
    queryFn: async () => {
      const [client, { readParameters }] = await Promise.all([connect(), loadVerbs()]);
      return readParameters({ client });
    },
  });

/** The time of the newest block: the timelock goes by it, and a chain for trials may be ahead of this device's clock. */
export const blockTimeQuery = () =>
  queryOptions<number>({ queryKey: ['proposals', 'time'], queryFn: async () => Number((await (await connect()).publicClient.getBlock()).timestamp), refetchInterval: 5_000 });

export const useVoteMutation = () =>
  useSigned(({ castVote }, client, { proposalId, reason, ...input }: { proposalId: string; support: Support; reason: string }) => castVote({ client, ...input, proposalId: BigInt(proposalId), ...(reason ? { reason } : {}) }));

/** What is done with a proposal besides voting. */
export type ProposalStep = 'queue' | 'execute' | 'cancel';

export const useProposalStepMutation = () =>
  useSigned(({ queueProposal, executeProposal, cancelProposal }, client, { step, proposalId }: { step: ProposalStep; proposalId: string }) =>
    ({ queue: queueProposal, execute: executeProposal, cancel: cancelProposal })[step]({ client, proposalId: BigInt(proposalId) }));

/** A function of one of the system's contracts that changes something, as proposals can call it. */
export type Proposable = { name: string; inputs: readonly { name: string; type: string }[] };

/** Which functions of which contracts a proposal can call, by name. */
export const proposablesQuery = () =>
  queryOptions<[contract: string, functions: Proposable[]][]>({
    queryKey: ['proposables'],
    queryFn: async () => {
      const { contractAbis } = await loadVerbs();
      return Object.entries(contractAbis).map(([contract, abi]) => {
        const writable = abi.flatMap((item) => (item.type === 'function' && item.stateMutability === 'nonpayable' ? [item] : []));
        const functions = writable.map(({ name, inputs }) => ({ name, inputs: inputs.map((input, index) => ({ name: input.name ?? `arg${index}`, type: input.type })) }));
        return [contract, functions.filter(({ name }, index) => functions.findIndex((other) => other.name === name) === index).toSorted((a, b) => a.name.localeCompare(b.name))];
      });
    },
    staleTime: Infinity,
  });

/** A call of a contract by its arguments as people type them: `target` like "disputes.ruleByGovernance". */
export const encodedCallQuery = (call: { target: string; args: readonly unknown[] } | undefined) =>
  queryOptions<EncodedCall>({
    queryKey: ['proposals', 'encoded', call?.target, JSON.stringify(call?.args)],
    queryFn: async () => {
      const [client, { encodeCall, readProposedCall }] = await Promise.all([connect(), loadVerbs()]);
      const read = await readProposedCall({ client, target: call?.target ?? '', json: JSON.stringify(call?.args) });
      return encodeCall(client.config.deployment.addresses, read);
    },
    enabled: call !== undefined,
    retry: false,
  });

/** Why the timelock would be refused a call now; null where it would pass. */
export const triedCallQuery = ({ target, data }: EncodedCall) =>
  queryOptions<NeuroError | null>({
    queryKey: ['proposals', 'tried', target, data],
    queryFn: async () => {
      const [client, { tryProposedCall }] = await Promise.all([connect(), loadVerbs()]);
      return (await tryProposedCall({ client, call: { target, data } })) ?? null;
    },
  });

/** Proposes calls as they are. */
export const useProposeCallMutation = () => useSigned(({ propose }, client, { call, description }: { call: EncodedCall; description: string }) => propose({ client, calls: [call], description }));

export type ProposeInput = { contract: ParameterContract; name: string; value: bigint | string; description: string };

/** Proposes another value of one parameter; what the contract would refuse is refused before anything is signed. */
export const useProposeMutation = () =>
  useSigned(async ({ parameterCall, propose }, client, { contract, name, value, description }: ProposeInput) => propose({ client, calls: [await parameterCall({ client, contract, changes: { [name]: value } })], description }));
