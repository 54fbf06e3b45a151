import { NeuroError } from '@neurodata/protocol';
import type { DisputeFacts, JurorFacts, SecretVote } from '@neurodata/sdk';
import { type UseMutationOptions, queryOptions, useQueryClient } from '@tanstack/react-query';
import type { Address } from 'viem';
import { type Signer, connect, loadVerbs } from '../client/connect.ts';
import type { Wallet } from '../client/wallet.ts';
import { t } from '../language/t.ts';
import { useSigned } from './mutations.ts';

/** A dispute as the chain has it, what it is to one juror, and the committed vote where this browser keeps it. */
export type JurorDuty = { dispute: DisputeFacts; juror: JurorFacts; vote: SecretVote | undefined };

/** Under `dispute`, so that whatever moves the dispute makes it stale. */
export const jurorDutyQuery = (disputeId: number, wallet: Wallet) =>
  queryOptions<JurorDuty>({
    queryKey: ['dispute', disputeId, 'duty', wallet.address],
    queryFn: async () => {
      const [client, { readDispute, readJuror }] = await Promise.all([connect(wallet), loadVerbs()]);
      const [dispute, juror] = await Promise.all([readDispute({ client, disputeId: BigInt(disputeId) }), readJuror({ client, account: wallet.address })]);
      const round = dispute.rounds.at(-1);
      const isCommitted = round?.seats.some((seat) => seat.juror.toLowerCase() === wallet.address.toLowerCase() && seat.state === 'committed');
      return { dispute, juror, vote: round && isCommitted ? await keptVote({ wallet, disputeId, round: round.number }) : undefined };
    },
    refetchInterval: 15_000,
  });

type Place = { wallet: Signer; disputeId: number; round: number };

async function keptVote({ wallet, disputeId, round }: Place): Promise<SecretVote | undefined> {
  const [client, { findVote }] = await Promise.all([connect(wallet), loadVerbs()]);
  return findVote({ client, disputeId: BigInt(disputeId), round }).catch((error: unknown) => {
    if (error instanceof NeuroError && (error.code === 'NO_KEY' || error.code === 'CONFLICT')) return undefined;
    throw error;
  });
}

/** Tickets, seats, credits and free stake of an account, from the chain. */
export const jurorQuery = (account: Address) =>
  queryOptions<JurorFacts & { block: number }>({
    queryKey: ['jurors', account],
    queryFn: async () => {
      const [client, { readJuror }] = await Promise.all([connect(), loadVerbs()]);
      const [juror, block] = await Promise.all([readJuror({ client, account }), client.publicClient.getBlockNumber({ cacheTime: 0 })]);
      return { ...juror, block: Number(block) };
    },
    refetchInterval: 15_000,
  });

export const useCommitVoteMutation = () => useSigned(({ commitVote }, client, input: { disputeId: bigint; ruling: number }) => commitVote({ client, ...input }));
export const useRevealVoteMutation = () => useSigned(({ revealVote }, client, disputeId: bigint) => revealVote({ client, disputeId }));

/** Credits the fees of the rounds, and pays all credits out. */
export const useCollectFeesMutation = () => useSigned(async ({ claimJurorFee, withdrawCredits }, client, { disputeId, rounds }: { disputeId: bigint; rounds: readonly number[] }) => {
  for (const round of rounds) await claimJurorFee({ client, disputeId, round });
  return withdrawCredits({ client, from: 'disputes' });
});

/** Puts at stake what the tickets need beyond the free stake, read anew, and takes them. */
export const useJoinJuryMutation = () => useSigned(async ({ joinJury, readJuror, stakeCoins }, client, { account, tickets }: { account: Address; tickets: number }) => {
  const { freeStake, ticketStake } = await readJuror({ client, account });
  const missing = ticketStake * BigInt(tickets) - freeStake;
  if (missing > 0n) await stakeCoins({ client, amount: missing });
  return joinJury({ client, tickets });
});

export const useLeaveJuryMutation = () => useSigned(({ leaveJury }, client) => leaveJury({ client }));
export const useExitJuryMutation = () => useSigned(({ exitJury }, client) => exitJury({ client }));
export const useCollectCreditsMutation = () => useSigned(({ withdrawCredits }, client) => withdrawCredits({ client, from: 'disputes' }));

/** The file in which a vote is kept outside of this browser; the CLI reads it too. */
export async function voteFileOf(vote: SecretVote): Promise<Uint8Array<ArrayBuffer>> {
  const { writeVoteFile } = await loadVerbs();
  return new TextEncoder().encode(writeVoteFile({ address: vote.juror, votes: [vote] }));
}

/** Takes votes from a file into this browser; throws where the one that was committed is not among them. */
export function useRestoreVoteMutation(place: Place): UseMutationOptions<void, Error, File> {
  const queries = useQueryClient();
  return {
    mutationFn: async (file) => {
      const [client, { readVoteFile }] = await Promise.all([connect(place.wallet), loadVerbs()]);
      const text = await file.slice(0, MAX_FILE).text();
      const votes = attempt(() => readVoteFile(text));
      if (!votes) throw new NeuroError(t`${file.name} is not a file of votes.`, { code: 'BAD_INPUT', remedy: t`Choose one that “Save the vote to a file” wrote, or the votes.json of the command line.` });
      for (const vote of votes) if (vote.juror.toLowerCase() === place.wallet.address.toLowerCase()) await client.votes.put(vote);
      if (!await keptVote(place)) throw new NeuroError(t`${file.name} does not hold the vote that you committed here.`, { code: 'BAD_INPUT', remedy: t`Choose the file that was saved after this commitment, with this wallet.` });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['dispute', place.disputeId] }),
  };
}

/** Far more than the votes of a juror's life. */
const MAX_FILE = 1024 * 1024;

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
