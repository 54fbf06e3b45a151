import { challengeKinds, challengeOutcomes } from '@neurodata/protocol';
import { eq } from 'drizzle-orm';
import type { Transaction } from '../../db/openDatabase.ts';
import { challenges } from '../../db/schema.ts';
import type { Noun } from '../noun.ts';
import { oneOf } from '../oneOf.ts';

const id = (args: { challengeId: bigint }): bigint => args.challengeId;

const change = async (tx: Transaction, challengeId: bigint, set: Partial<typeof challenges.$inferInsert>): Promise<void> => {
  await tx.update(challenges).set(set).where(eq(challenges.challengeId, Number(challengeId)));
};

export const challengeNoun: Noun = {
  name: 'challenge',
  erase: async (tx, text) => {
    await tx.delete(challenges).where(eq(challenges.challengeId, Number(text)));
  },
  handlers: {
    challenges: {
      ChallengeOpened: {
        id,
        apply: async (tx, { args, timestamp }) => {
          const { challengeId, jobId, challenger, kind, counterRoot, bond, moveUntil } = args;
          const opened = oneOf(challengeKinds, kind);
          await tx.insert(challenges).values({
            challengeId: Number(challengeId), jobId, challenger, kind: opened, stage: opened === 'appeal' ? 'ready' : 'playing', counterRoot, bond,
            low: 0, moveUntil, openedAt: timestamp, changedAt: timestamp,
          });
        },
      },
      Posted: { id },
      Narrowed: {
        id,
        apply: (tx, { args, timestamp }) => {
          const { challengeId, low, high, moveUntil } = args;
          return change(tx, challengeId, { low, high, moveUntil, changedAt: timestamp, stage: high - low === 1 ? 'ready' : 'playing' });
        },
      },
      RefereesCalled: {
        id,
        apply: (tx, { args, timestamp }) => change(tx, args.challengeId, { stage: 'refereed', roundId: args.roundId, high: args.high, changedAt: timestamp }),
      },
      ChallengeEnded: {
        id,
        apply: (tx, { args, timestamp }) => change(tx, args.challengeId, { stage: 'over', outcome: oneOf(challengeOutcomes, args.outcome), changedAt: timestamp }),
      },
    },
  },
};
