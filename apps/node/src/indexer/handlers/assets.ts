import { assetKinds, versionStatuses } from '@neurodata/protocol';
import { eq } from 'drizzle-orm';
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
        write: (rows, { args, timestamp }) => {
          rows.insert(assets, { assetId: Number(args.assetId), kind: oneOf(assetKinds, args.kind), owner: args.owner, publishedAt: timestamp });
        },
      },
      // Also emitted at minting, just before AssetPublished: then there is no row yet, and nothing to do.
      Transfer: {
        id: (args) => args.tokenId,
        assetId: (args) => args.tokenId,
        write: (rows, { args }) => {
          rows.change(assets, { assetId: Number(args.tokenId) }, { owner: args.to });
        },
      },
      VersionPublished: {
        ...aboutAsset,
        write: (rows, { args, transaction, block, timestamp }) => {
          const { manifestDigest, committee, contentRoot, contentCommitment, keyCommitment, threshold, validatorsMayRead } = args.input;
          rows.insert(versions, {
            assetId: Number(args.assetId), version: args.version, status: 'pending', manifestDigest, contentRoot, contentCommitment, keyCommitment,
            committee: [...committee], threshold, validatorsMayRead, subject: pad(toHex((args.assetId << 32n) | BigInt(args.version))),
            transaction, block, at: timestamp,
          });
          rows.insert(manifests, { digest: manifestDigest, state: 'wanted', attempts: 0, retryAt: 0 }, true);
        },
      },
      VersionStatusChanged: {
        ...aboutAsset,
        write: (rows, { args }) => {
          const status = oneOf(versionStatuses, args.status);
          const missing = `Version ${args.version} of asset ${args.assetId} changed before it was published.`;
          rows.change(versions, { assetId: Number(args.assetId), version: args.version }, { status, reason: args.reason === zeroHash ? null : args.reason }, missing);
        },
      },
      LineageRecorded: {
        ...aboutAsset,
        write: (rows, { args }) => {
          const jobId = args.jobId === zeroHash ? null : args.jobId;
          rows.insert(lineage, { assetId: Number(args.assetId), parentAssetId: Number(args.parentAssetId), parentVersion: args.parentVersion, shareBps: args.shareBps, jobId });
          if (jobId !== null) rows.change(assets, { assetId: Number(args.assetId) }, { jobId });
        },
      },
      SampleLinked: {
        ...aboutAsset,
        write: (rows, { args }) => {
          rows.change(assets, { assetId: Number(args.assetId) }, { sampleAssetId: args.sampleAssetId === 0n ? null : Number(args.sampleAssetId) });
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
        write: (rows, { args }) => {
          rows.change(versions, { assetId: Number(args.assetId), version: args.version }, { committee: [...args.committee], keyEpoch: args.epoch, keysetDigest: args.keyset });
        },
      },
    },
    curation: curationHandlers,
  },
};
