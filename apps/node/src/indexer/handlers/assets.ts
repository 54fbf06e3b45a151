import { NeuroError, assetKinds, versionStatuses } from '@neurodata/protocol';
import { and, eq } from 'drizzle-orm';
import { pad, toHex, zeroHash } from 'viem';
import { assets, lineage, manifests, versions } from '../../db/schema.ts';
import type { Noun } from '../noun.ts';
import { oneOf } from '../oneOf.ts';
import { curationHandlers } from './curation.ts';

const id = (args: { assetId: bigint }): bigint => args.assetId;
const aboutAsset = { id, assetId: id };

/** An asset with its versions, lineage and curation. */
export const assetNoun: Noun = {
  name: 'asset',
  erase: async (tx, text) => {
    await tx.delete(assets).where(eq(assets.assetId, Number(text)));
    await tx.delete(versions).where(eq(versions.assetId, Number(text)));
    await tx.delete(lineage).where(eq(lineage.assetId, Number(text)));
  },
  handlers: {
    assetRegistry: {
      AssetPublished: {
        ...aboutAsset,
        apply: async (tx, { args, timestamp }) => {
          await tx.insert(assets).values({ assetId: Number(args.assetId), kind: oneOf(assetKinds, args.kind), owner: args.owner, publishedAt: timestamp });
        },
      },
      // Also emitted at minting, just before AssetPublished: then there is no row yet, and nothing to do.
      Transfer: {
        id: (args) => args.tokenId,
        assetId: (args) => args.tokenId,
        apply: async (tx, { args }) => {
          await tx.update(assets).set({ owner: args.to }).where(eq(assets.assetId, Number(args.tokenId)));
        },
      },
      VersionPublished: {
        ...aboutAsset,
        apply: async (tx, { args, transaction, block, timestamp }) => {
          const { manifestDigest, committee, contentRoot, contentCommitment, keyCommitment, threshold, validatorsMayRead } = args.input;
          await tx.insert(versions).values({
            assetId: Number(args.assetId), version: args.version, status: 'pending', manifestDigest, contentRoot, contentCommitment, keyCommitment,
            committee: [...committee], threshold, validatorsMayRead, subject: pad(toHex((args.assetId << 32n) | BigInt(args.version))),
            transaction, block, at: timestamp,
          });
          await tx.insert(manifests).values({ digest: manifestDigest, state: 'wanted', attempts: 0, retryAt: 0 }).onConflictDoNothing();
        },
      },
      VersionStatusChanged: {
        ...aboutAsset,
        apply: async (tx, { args }) => {
          const status = oneOf(versionStatuses, args.status);
          const changed = await tx.update(versions).set({ status, reason: args.reason === zeroHash ? null : args.reason })
            .where(and(eq(versions.assetId, Number(args.assetId)), eq(versions.version, args.version))).returning({ version: versions.version });
          if (changed.length === 0) throw new NeuroError(`Version ${args.version} of asset ${args.assetId} changed before it was published.`, { code: 'INTERNAL' });
        },
      },
      LineageRecorded: {
        ...aboutAsset,
        apply: async (tx, { args }) => {
          const jobId = args.jobId === zeroHash ? null : args.jobId;
          await tx.insert(lineage).values({ assetId: Number(args.assetId), parentAssetId: Number(args.parentAssetId), parentVersion: args.parentVersion, shareBps: args.shareBps, jobId });
          if (jobId !== null) await tx.update(assets).set({ jobId }).where(eq(assets.assetId, Number(args.assetId)));
        },
      },
      SampleLinked: {
        ...aboutAsset,
        apply: async (tx, { args }) => {
          await tx.update(assets).set({ sampleAssetId: args.sampleAssetId === 0n ? null : Number(args.sampleAssetId) }).where(eq(assets.assetId, Number(args.assetId)));
        },
      },
      RoyaltySet: aboutAsset,
      RoundRetried: aboutAsset,
      ReserveReleased: aboutAsset,
    },
    custody: {
      HandoverOpened: aboutAsset,
      HandoverDrawn: aboutAsset,
      HandoverConfirmed: aboutAsset,
      KeysMoved: {
        ...aboutAsset,
        apply: async (tx, { args }) => {
          await tx.update(versions).set({ committee: [...args.committee], keyEpoch: args.epoch, keysetDigest: args.keyset })
            .where(and(eq(versions.assetId, Number(args.assetId)), eq(versions.version, args.version)));
        },
      },
    },
    curation: curationHandlers,
  },
};
