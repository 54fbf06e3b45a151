import { faults, roundKinds, verdicts } from '@neurodata/protocol';
import { and, eq, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import { attestations, rounds } from '../../db/schema.ts';
import type { RowBuffer } from '../createRowBuffer.ts';
import type { Noun } from '../noun.ts';
import { oneOf } from '../oneOf.ts';

const id = (args: { roundId: Hex }): Hex => args.roundId;

const attest = (rows: RowBuffer, args: { roundId: Hex; validatorId: number }, set: Partial<typeof attestations.$inferInsert>): void =>
  rows.change(attestations, { roundId: args.roundId, validatorId: args.validatorId }, set);

/** A round with its committee's attestations. */
export const roundNoun: Noun = {
  name: 'round',
  erase: async (tx, text) => {
    await tx.delete(rounds).where(eq(rounds.roundId, text as Hex));
    await tx.delete(attestations).where(eq(attestations.roundId, text as Hex));
  },
  handlers: {
    validators: {
      RoundOpened: {
        id,
        assetId: ({ kind, subject }) => (oneOf(roundKinds, kind) === 'version' ? BigInt(subject) >> 32n : undefined),
        write: (rows, { args, timestamp, block, logIndex }) => {
          rows.insert(rounds, {
            roundId: args.roundId, kind: oneOf(roundKinds, args.kind), subject: args.subject, fee: args.fee, verdict: 'none', settled: false,
            anchorBlock: Number(args.anchorBlock), openedAt: timestamp, openedBlock: block, openedIndex: logIndex,
          });
        },
      },
      RoundReanchored: {
        id,
        write: (rows, { args }) => {
          rows.change(rounds, { roundId: args.roundId }, { anchorBlock: Number(args.anchorBlock) });
        },
      },
      CommitteeDrawn: {
        id,
        write: (rows, { args }) => {
          const { roundId, committee, commitUntil, revealUntil } = args;
          rows.change(rounds, { roundId: roundId }, { commitUntil, revealUntil });
          committee.forEach((validatorId, position) => rows.insert(attestations, { roundId, validatorId, position, committed: false, verdict: 'none', reward: 0n }));
        },
      },
      Committed: { id, write: (rows, { args }) => attest(rows, args, { committed: true }) },
      Revealed: {
        id,
        write: (rows, { args, transaction }) => attest(rows, args, { verdict: oneOf(verdicts, args.verdict), evidence: args.evidence, transaction }),
      },
      Accused: {
        id,
        apply: async (tx, { args }) => {
          await tx.update(attestations).set({ accusers: sql`${attestations.accusers} + 1` }).where(and(eq(attestations.roundId, args.roundId), eq(attestations.validatorId, args.accusedId)));
        },
      },
      ValidatorSlashed: { id, write: (rows, { args }) => attest(rows, args, { fault: oneOf(faults, args.fault), penalty: args.amount }) },
      RoundEnded: { id },
      RewardCredited: { id, write: (rows, { args }) => attest(rows, args, { reward: args.amount }) },
      RoundSettled: {
        id,
        write: (rows, { args }) => {
          rows.change(rounds, { roundId: args.roundId }, { settled: true, verdict: oneOf(verdicts, args.verdict) });
        },
      },
    },
  },
};
