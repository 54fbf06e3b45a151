import { eq } from 'drizzle-orm';
import type { Address } from 'viem';
import { storable } from '../../common/storable.ts';
import type { Transaction } from '../../db/openDatabase.ts';
import { ballots, proposals, supports } from '../../db/schema.ts';
import type { EventPlace } from '../contracts.ts';
import type { Noun } from '../noun.ts';
import { oneOf } from '../oneOf.ts';

const id = (args: { proposalId: bigint }): bigint => args.proposalId;

type Cast = EventPlace & { args: { proposalId: bigint; voter: Address; support: number; weight: bigint; reason: string } };

const cast = {
  id,
  apply: async (tx: Transaction, { args, transaction, block, timestamp }: Cast): Promise<void> => {
    const { proposalId, voter, support, weight, reason } = args;
    await tx.insert(ballots).values({ proposalId: String(proposalId), voter, support: oneOf(supports, support), weight, reason: storable(reason), transaction, block, at: timestamp });
  },
};

const endsAs = (ended: 'canceled' | 'executed') => ({
  id,
  apply: async (tx: Transaction, { args }: EventPlace & { args: { proposalId: bigint } }): Promise<void> => {
    await tx.update(proposals).set({ ended }).where(eq(proposals.proposalId, String(args.proposalId)));
  },
});

/** A proposal with its ballots. */
export const proposalNoun: Noun = {
  name: 'proposal',
  erase: async (tx, text) => {
    for (const table of [proposals, ballots]) await tx.delete(table).where(eq(table.proposalId, text));
  },
  handlers: {
    governor: {
      ProposalCreated: {
        id,
        apply: async (tx, { args, transaction, timestamp, block, logIndex }) => {
          const { proposalId, proposer, targets, values, calldatas, voteStart, voteEnd, description } = args;
          const calls = targets.map((target, index) => ({ target, value: String(values[index] ?? 0n), data: calldatas[index] ?? '0x' }));
          await tx.insert(proposals).values({
            proposalId: String(proposalId), proposer, description: storable(description), calls, voteStart: Number(voteStart), voteEnd: Number(voteEnd), transaction,
            openedAt: timestamp, openedBlock: block, openedIndex: logIndex,
          });
        },
      },
      VoteCast: cast,
      VoteCastWithParams: cast,
      ProposalQueued: {
        id,
        apply: async (tx, { args }) => {
          await tx.update(proposals).set({ eta: Number(args.etaSeconds) }).where(eq(proposals.proposalId, String(args.proposalId)));
        },
      },
      ProposalExecuted: endsAs('executed'),
      ProposalCanceled: endsAs('canceled'),
    },
  },
};
