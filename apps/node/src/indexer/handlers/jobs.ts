import { and, eq, ne, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { Transaction } from '../../db/openDatabase.ts';
import { jobs, runDocuments } from '../../db/schema.ts';
import { getListing } from '../getListing.ts';
import type { Noun } from '../noun.ts';

const id = (args: { jobId: Hex }): Hex => args.jobId;

export const jobNoun: Noun = {
  name: 'job',
  erase: async (tx, text) => {
    await tx.delete(jobs).where(eq(jobs.jobId, text as Hex));
  },
  handlers: {
    training: {
      JobOpened: {
        id,
        listingId: (args) => args.listingId,
        apply: async (tx, { args, timestamp, block, logIndex }) => {
          const { assetId } = await getListing(tx, args.listingId);
          const { needs: { units, maxFee }, ...facts } = args;
          await tx.insert(jobs).values({ ...facts, units: Number(units), workerFee: maxFee, maxWorkerFee: maxFee, lost: [], assetId, state: 'open', openedAt: timestamp, changedAt: timestamp, openedBlock: block, openedIndex: logIndex });
          await want(tx, 'spec', args.specDigest);
        },
      },
      JobRedrawn: { id },
      JobClaimed: {
        id,
        apply: async (tx, { args, timestamp }) => {
          const { worker, bond, workerFee, runUntil } = args;
          await tx.update(jobs).set({ state: 'claimed', changedAt: timestamp, worker, bond, workerFee, runUntil }).where(eq(jobs.jobId, args.jobId));
        },
      },
      Heartbeat: { id },
      JobTakenOver: {
        id,
        apply: async (tx, { args, timestamp }) => {
          const open = { state: 'open', changedAt: timestamp, worker: null, bond: null, workerFee: sql`${jobs.maxWorkerFee}`, lost: sql`${jobs.lost} || ${JSON.stringify([args.worker])}::jsonb` } as const;
          await tx.update(jobs).set(open).where(eq(jobs.jobId, args.jobId));
        },
      },
      ReceiptSubmitted: {
        id,
        apply: async (tx, { args, timestamp }) => {
          const { receiptDigest, modelDigest, checkpointRoot, engineId, checkpoints, totalSteps } = args.receipt;
          await tx.update(jobs)
            .set({ state: 'submitted', changedAt: timestamp, roundId: args.roundId, receiptDigest, modelDigest, checkpointRoot, engineId, checkpoints, totalSteps })
            .where(eq(jobs.jobId, args.jobId));
          await want(tx, 'receipt', receiptDigest);
        },
      },
      JobCancelled: {
        id,
        apply: async (tx, { args, timestamp }) => {
          await tx.update(jobs).set({ state: 'cancelled', changedAt: timestamp, runUntil: args.partialUntil }).where(eq(jobs.jobId, args.jobId));
        },
      },
      JobAccepted: {
        id,
        apply: async (tx, { args, timestamp }) => {
          await tx.update(jobs).set({ state: 'accepted', changedAt: timestamp, contestableUntil: args.contestableUntil }).where(eq(jobs.jobId, args.jobId));
        },
      },
      JobRejected: {
        id,
        apply: async (tx, { args, timestamp }) => {
          await tx.update(jobs).set({ state: 'rejected', changedAt: timestamp, contestableUntil: args.contestableUntil }).where(eq(jobs.jobId, args.jobId));
        },
      },
      JobContested: { id },
      JobResolved: { id },
      PartReturned: { id },
      WorkerSpared: { id },
      CanaryPaid: { id },
      ChallengerRewarded: { id },
      JobSettled: {
        id,
        apply: async (tx, { args, timestamp }) => {
          await tx.update(jobs).set({ state: 'settled', changedAt: timestamp }).where(eq(jobs.jobId, args.jobId));
        },
      },
      JobSlashed: {
        id,
        apply: async (tx, { args, timestamp }) => {
          await tx.update(jobs).set({ state: 'slashed', changedAt: timestamp }).where(eq(jobs.jobId, args.jobId));
        },
      },
      // Follows JobSlashed too, and then says only what the buyer got back.
      JobRefunded: {
        id,
        apply: async (tx, { args, timestamp }) => {
          await tx.update(jobs).set({ state: 'refunded', changedAt: timestamp }).where(and(eq(jobs.jobId, args.jobId), ne(jobs.state, 'slashed')));
        },
      },
    },
  },
};

/** Has a document fetched, unless somebody wanted it before. */
async function want(tx: Transaction, kind: 'spec' | 'receipt', digest: Hex): Promise<void> {
  await tx.insert(runDocuments).values({ kind, digest, state: 'wanted', attempts: 0, retryAt: 0 }).onConflictDoNothing();
}
