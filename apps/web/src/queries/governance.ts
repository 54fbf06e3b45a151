import type { ProposalDto } from '@neurodata/protocol';
import type { Support, VotingPower } from '@neurodata/sdk';
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

/** How long the timelock holds what won, in seconds. */
export const executionDelayQuery = () =>
  queryOptions<number>({ queryKey: ['proposals', 'delay'], queryFn: async ({ signal }) => (await api.getGovernance(undefined, { signal })).executionDelay });

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
