import { buildManifest, parseManifest, sha256Hex } from '@neurodata/protocol';
import type { AssetKind, ManifestColumn, VersionStatus } from '@neurodata/protocol';
import { rawCidOfDigest } from '@neurodata/storage';
import { getAddress, keccak256, toHex } from 'viem';
import type { Address, Hex } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { refreshSearch } from '../../db/refreshSearch.ts';
import { assets, jobs, lineage, listings, manifests, orders, reviews, versions } from '../../db/schema.ts';
import { keepManifest, manifestRow } from '../manifestRow.ts';

const digestOf = (text: string): Hex => keccak256(toHex(text));
/** A person's wallet, by name. */
export const walletOf = (name: string): Address => getAddress(`0x${digestOf(name).slice(2, 42)}`);

export type Ware = {
  assetId: number; title: string; kind?: AssetKind; owner?: string; tags?: string[]; description?: string; license?: string; columns?: string[]; rows?: number; size?: number;
  /** NCR. */
  price?: bigint; status?: VersionStatus; publishedAt?: number; version?: number; parent?: number; said?: Record<string, unknown>;
};

let uses = 0;

/** For tests: puts assets, orders, runs and reviews into the tables as the indexer does, without a chain. */
export function createShelf(db: Database) {
  const refresh = (...assetIds: number[]): Promise<void> => db.orm.transaction((tx) => refreshSearch(tx, assetIds));
  const place = (): { openedBlock: number; openedIndex: number } => ({ openedBlock: 1_000 + (uses += 1), openedIndex: 0 });

  /** Answers with the manifest's bytes, which nobody has stored. */
  async function publish(ware: Ware): Promise<Uint8Array> {
    const { assetId, title, kind = 'dataset', owner = 'publisher', tags = [], description = 'Rows.', license = 'CC0-1.0', columns, rows, size = 10_000, price, status = 'live', publishedAt = 1_750_000_000, version = 1, parent } = ware;
    const root = digestOf(`root ${assetId} ${version}`);
    const described: ManifestColumn[] | undefined = columns?.map((name) => ({ name, kind: 'numeric', missing: 0, distinct: 100 }));
    const { manifest } = buildManifest({
      description: { title, description, license, tags },
      sealed: { format: 'age-encryption.org/v1', cid: rawCidOfDigest(root), size, keysetDigest: root, contentRoot: root, contentCommitment: root, fileName: 'rows.csv', mediaType: 'text/csv', ciphertextSha256: root },
      ...(rows === undefined ? {} : { rows }), ...(described ? { columns: described } : {}),
    });
    const bytes = new TextEncoder().encode(JSON.stringify({ ...manifest, ...ware.said }));
    const digest = sha256Hex(bytes);
    await db.orm.transaction(async (tx) => {
      await tx.insert(assets).values({ assetId, kind, owner: walletOf(owner), publishedAt }).onConflictDoNothing();
      await tx.insert(versions).values({
        assetId, version, status, manifestDigest: digest, contentRoot: root, contentCommitment: root, keyCommitment: root, committee: [1], threshold: 1, validatorsMayRead: true,
        subject: root, transaction: root, block: assetId, at: publishedAt,
      });
      await tx.insert(manifests).values({ digest, state: 'wanted', attempts: 0, retryAt: 0 }).onConflictDoNothing();
      if (price !== undefined) await tx.insert(listings).values({ listingId: assetId * 10 + version, assetId, seller: walletOf(owner), kind: 'download', price: price * 10n ** 18n, firstVersion: version, lastVersion: 0, modelShareBps: 0, termsDigest: root, retired: false });
      if (parent !== undefined) await tx.insert(lineage).values({ assetId, parentAssetId: parent, parentVersion: 1, shareBps: 0, jobId: null });
      await refreshSearch(tx, [assetId]);
    });
    await keepManifest(db, digest, { ...manifestRow(parseManifest(bytes)), state: 'read', attempts: 1, reason: null });
    return bytes;
  }

  async function buy(assetId: number, who: string, at = 1_760_000_000): Promise<void> {
    const id = digestOf(`order ${assetId} ${who} ${(uses += 1)}`);
    await db.orm.insert(orders).values({ orderId: id, listingId: assetId * 10 + 1, assetId, version: 1, buyer: walletOf(who), seller: walletOf('publisher'), price: 1n, recipientKey: id, state: 'claimed', openedAt: at, changedAt: at, ...place() });
    await refresh(assetId);
  }

  async function run(assetId: number, who: string, at = 1_760_000_000): Promise<void> {
    const id = digestOf(`job ${assetId} ${who} ${(uses += 1)}`);
    await db.orm.insert(jobs).values({ jobId: id, listingId: assetId * 10 + 1, assetId, version: 1, buyer: walletOf(who), specDigest: id, recipientKey: id, price: 1n, workerFee: 1n, validationFee: 1n, state: 'settled', openedAt: at, changedAt: at, units: 1, maxWorkerFee: 1n, lost: [], ...place() });
    await refresh(assetId);
  }

  async function review(assetId: number, who: string, rating: number): Promise<void> {
    const id = digestOf(`review ${assetId} ${who}`);
    await db.orm.insert(reviews).values({ orderId: id, assetId, reviewer: walletOf(who), rating, digest: null, edited: false, writtenAt: 1, changedAt: 1, transaction: id, ...place() });
    await refresh(assetId);
  }

  return { publish, buy, run, review, refresh };
}
