import { curationStatuses } from '@neurodata/protocol';
import { eq } from 'drizzle-orm';
import { storable } from '../../common/storable.ts';
import { assets } from '../../db/schema.ts';
import type { Transaction } from '../../db/openDatabase.ts';
import type { Handlers } from '../noun.ts';
import { oneOf } from '../oneOf.ts';

const id = (args: { assetId: bigint }): bigint => args.assetId;
const aboutAsset = { id, assetId: id };

async function change(tx: Transaction, assetId: bigint, row: Partial<typeof assets.$inferInsert>): Promise<void> {
  await tx.update(assets).set(row).where(eq(assets.assetId, Number(assetId)));
}

/** Curation status and bond stand in the asset's own row. */
export const curationHandlers: NonNullable<Handlers['curation']> = {
  // Follows AssetPublished in the same transaction.
  AssetEntered: { ...aboutAsset, apply: (tx, { args }) => change(tx, args.assetId, { bond: args.bond, curationUntil: args.until }) },
  CurationChanged: {
    ...aboutAsset,
    apply: (tx, { args }) => change(tx, args.assetId, {
      curationStatus: oneOf(curationStatuses, args.status), curationReason: storable(args.reason), curationAuthor: args.author, curationUntil: args.until === 0 ? null : args.until, appeal: 'none',
      // A suspension that ends keeps the number of its appeal, so that the case and the asset still find each other.
      ...(oneOf(curationStatuses, args.status) === 'suspended' ? { appealId: null } : {}),
    }),
  },
  BondReturned: { ...aboutAsset, apply: (tx, { args }) => change(tx, args.assetId, { bond: 0n }) },
  BondSlashed: { ...aboutAsset, apply: (tx, { args }) => change(tx, args.assetId, { bond: 0n }) },
  AppealOpened: { ...aboutAsset, apply: (tx, { args }) => change(tx, args.assetId, { appeal: 'open', appealId: Number(args.disputeId) }) },
  AppealUndecided: { ...aboutAsset, apply: (tx, { args }) => change(tx, args.assetId, { appeal: 'none', curationUntil: args.until }) },
  AppealLost: { ...aboutAsset, apply: (tx, { args }) => change(tx, args.assetId, { appeal: 'lost' }) },
};
