import { faults, roundKinds, verdicts } from '@neurodata/protocol';
import { and, eq, sql } from 'drizzle-orm';
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core';
import type { Hex } from 'viem';
import type { Transaction } from '../../db/openDatabase.ts';
import { attestations, rounds } from '../../db/schema.ts';
import type { Noun } from '../noun.ts';
import { oneOf } from '../oneOf.ts';

const id = (args: { roundId: Hex }): Hex => args.roundId;

const attest = async (tx: Transaction, args: { roundId: Hex; validatorId: number }, set: PgUpdateSetSource<typeof attestations>): Promise<void> => {
  await tx.update(attestations).set(set).where(and(eq(attestations.roundId, args.roundId), eq(attestations.validatorId, args.validatorId)));
};

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
        apply: async (tx, { args, timestamp, block, logIndex }) => {
          await tx.insert(rounds).values({
            roundId: args.roundId, kind: oneOf(roundKinds, args.kind), subject: args.subject, fee: args.fee, verdict: 'none', settled: false,
            anchorBlock: Number(args.anchorBlock), openedAt: timestamp, openedBlock: block, openedIndex: logIndex,
          });
        },
      },
      RoundReanchored: {
        id,
        apply: async (tx, { args }) => {
          await tx.update(rounds).set({ anchorBlock: Number(args.anchorBlock) }).where(eq(rounds.roundId, args.roundId));
        },
      },
      CommitteeDrawn: {
        id,
        apply: async (tx, { args }) => {
          const { roundId, committee, commitUntil, revealUntil } = args;
          await tx.update(rounds).set({ commitUntil, revealUntil }).where(eq(rounds.roundId, roundId));
          if (committee.length === 0) return;
          await tx.insert(attestations).values(committee.map((validatorId, position) => ({ roundId, validatorId, position, committed: false, verdict: 'none' as const, reward: 0n })));
        },
      },
      Committed: { id, apply: (tx, { args }) => attest(tx, args, { committed: true }) },
      Revealed: {
        id,
        apply: (tx, { args, transaction }) => attest(tx, args, { verdict: oneOf(verdicts, args.verdict), evidence: args.evidence, transaction }),
      },
      Accused: { id, apply: (tx, { args }) => attest(tx, { roundId: args.roundId, validatorId: args.accusedId }, { accusers: sql`${attestations.accusers} + 1` }) },
      ValidatorSlashed: { id, apply: (tx, { args }) => attest(tx, args, { fault: oneOf(faults, args.fault), penalty: args.amount }) },
      RoundEnded: { id },
      RewardCredited: { id, apply: (tx, { args }) => attest(tx, args, { reward: args.amount }) },
      RoundSettled: {
        id,
        apply: async (tx, { args }) => {
          await tx.update(rounds).set({ settled: true, verdict: oneOf(verdicts, args.verdict) }).where(eq(rounds.roundId, args.roundId));
        },
      },
    },
  },
};
