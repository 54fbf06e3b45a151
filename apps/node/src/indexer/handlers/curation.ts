import { curationStatuses } from '@neurodata/protocol';
import { storable } from '../../common/storable.ts';
import { assets } from '../../db/schema.ts';
import type { RowBuffer } from '../createRowBuffer.ts';
import type { Handlers } from '../noun.ts';
import { oneOf } from '../oneOf.ts';

const id = (args: { assetId: bigint }): bigint => args.assetId;
const aboutAsset = { id, assetId: id };

const change = (rows: RowBuffer, assetId: bigint, row: Partial<typeof assets.$inferInsert>): void => rows.change(assets, { assetId: Number(assetId) }, row);

/** Curation status and bond stand in the asset's own row. */
export const curationHandlers: NonNullable<Handlers['curation']> = {
  // Follows AssetPublished in the same transaction.
  AssetEntered: { ...aboutAsset, write: (rows, { args }) => change(rows, args.assetId, { bond: args.bond, curationUntil: args.until }) },
  CurationChanged: {
    ...aboutAsset,
    write: (rows, { args }) => change(rows, args.assetId, {
      curationStatus: oneOf(curationStatuses, args.status), curationReason: storable(args.reason), curationAuthor: args.author, curationUntil: args.until === 0 ? null : args.until, appeal: 'none',
      // A suspension that ends keeps the number of its appeal, so that the case and the asset still find each other.
      ...(oneOf(curationStatuses, args.status) === 'suspended' ? { appealId: null } : {}),
    }),
  },
  BondReturned: { ...aboutAsset, write: (rows, { args }) => change(rows, args.assetId, { bond: 0n }) },
  BondSlashed: { ...aboutAsset, write: (rows, { args }) => change(rows, args.assetId, { bond: 0n }) },
  AppealOpened: { ...aboutAsset, write: (rows, { args }) => change(rows, args.assetId, { appeal: 'open', appealId: Number(args.disputeId) }) },
  AppealUndecided: { ...aboutAsset, write: (rows, { args }) => change(rows, args.assetId, { appeal: 'none', curationUntil: args.until }) },
  AppealLost: { ...aboutAsset, write: (rows, { args }) => change(rows, args.assetId, { appeal: 'lost' }) },
};
