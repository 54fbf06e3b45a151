import { and, eq, ne, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import { jobs, runDocuments } from '../../db/schema.ts';
import type { RowBuffer } from '../createRowBuffer.ts';
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
        write: async (rows, { args, timestamp, block, logIndex }, tx) => {
          const { assetId } = await getListing(tx, args.listingId);
          const { needs: { units, maxFee }, ...facts } = args;
          rows.insert(jobs, { ...facts, units: Number(units), workerFee: maxFee, maxWorkerFee: maxFee, lost: [], assetId, state: 'open', openedAt: timestamp, changedAt: timestamp, openedBlock: block, openedIndex: logIndex });
          want(rows, 'spec', args.specDigest);
        },
      },
      JobRedrawn: { id },
      JobClaimed: {
        id,
        write: (rows, { args, timestamp }) => {
          const { worker, bond, workerFee, runUntil } = args;
          rows.change(jobs, { jobId: args.jobId }, { state: 'claimed', changedAt: timestamp, worker, bond, workerFee, runUntil });
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
        write: (rows, { args, timestamp }) => {
          const { receiptDigest, modelDigest, checkpointRoot, engineId, checkpoints, totalSteps } = args.receipt;
          rows.change(jobs, { jobId: args.jobId }, { state: 'submitted', changedAt: timestamp, roundId: args.roundId, receiptDigest, modelDigest, checkpointRoot, engineId, checkpoints, totalSteps });
          want(rows, 'receipt', receiptDigest);
        },
      },
      JobCancelled: {
        id,
        write: (rows, { args, timestamp }) => {
          rows.change(jobs, { jobId: args.jobId }, { state: 'cancelled', changedAt: timestamp, runUntil: args.partialUntil });
        },
      },
      JobAccepted: {
        id,
        write: (rows, { args, timestamp }) => {
          rows.change(jobs, { jobId: args.jobId }, { state: 'accepted', changedAt: timestamp, contestableUntil: args.contestableUntil });
        },
      },
      JobRejected: {
        id,
        write: (rows, { args, timestamp }) => {
          rows.change(jobs, { jobId: args.jobId }, { state: 'rejected', changedAt: timestamp, contestableUntil: args.contestableUntil });
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
        write: (rows, { args, timestamp }) => {
          rows.change(jobs, { jobId: args.jobId }, { state: 'settled', changedAt: timestamp });
        },
      },
      JobSlashed: {
        id,
        write: (rows, { args, timestamp }) => {
          rows.change(jobs, { jobId: args.jobId }, { state: 'slashed', changedAt: timestamp });
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
    trials: { TrialOpened: { id }, TrialCounted: { id }, TrialReturned: { id }, TrialPaid: { id } },
  },
};

/** Has a document fetched, unless somebody wanted it before. */
function want(rows: RowBuffer, kind: 'spec' | 'receipt', digest: Hex): void {
  rows.insert(runDocuments, { kind, digest, state: 'wanted', attempts: 0, retryAt: 0 }, true);
}
