import { NeuroError, assetIdOfName, findRevision, isNamespaceOf, parseTerms, servedCroissant } from '@neurodata/protocol';
import type { AssetKind, CatalogueEntry, ListingDto, Terms, VersionDto } from '@neurodata/protocol';
import { dataPathOf, readManifest } from '@neurodata/sdk';
import { rawCidOfDigest } from '@neurodata/storage';
import { eq, inArray, sql } from 'drizzle-orm';
import type { Address, Hex } from 'viem';
import { withDeadline } from '../../common/retry.ts';
import type { Database } from '../../db/openDatabase.ts';
import { assets } from '../../db/schema.ts';
import type { HandlerContext } from '../handlers/Handler.ts';
import { listingsByAsset, parentsByAsset, versionsByAsset } from './assetParts.ts';

type Context = Pick<HandlerContext, 'db' | 'config' | 'storage'>;
/** An asset by its number, or as a repository: whose it is and how it is called. */
export type AssetName = { kind?: AssetKind; revision: string } & ({ assetId: number } | { namespace: string; name: string });

const manifestMs = 15_000;
const termsMs = 2_000;
/** So many offers are told of; their terms are blocks of their own. */
const mostOffers = 50;

/** The Croissant document of the version that is asked for. Throws `NOT_FOUND`, `CONTENT_MISMATCH`, or what the storage throws. */
export async function readCroissant(context: Context, asked: AssetName, site: string): Promise<Record<string, unknown>> {
  const { db, config, storage } = context;
  const asset = await findAsset(db, asked);
  const ids = [asset.assetId];
  const [versions, listings, parents] = await Promise.all([versionsByAsset(db, ids), listingsByAsset(db, ids), parentsByAsset(db, ids)]);
  const version = versionOf(versions.get(asset.assetId) ?? [], asked.revision);
  const manifest = await withDeadline(readManifest({ client: { storage }, facts: version }), { ms: manifestMs, what: `The manifest of asset ${asset.assetId}` });
  const dataPath = dataPathOf(manifest);
  const offers = (listings.get(asset.assetId) ?? []).filter((listing) => covers(listing, version.version)).slice(0, mostOffers);
  const kinds = await kindsOf(db, (parents.get(asset.assetId) ?? []).map(({ assetId }) => assetId));
  return servedCroissant(manifest, {
    ...asset, site, chainId: config.deployment.chainId, version: version.version, status: version.status, versionAt: version.at, manifestDigest: version.manifestDigest, manifestCid: version.manifestCid,
    ...(manifest['nd:open'] && dataPath !== undefined && !manifest['nd:folder'] ? { contentUrl: `${site}/${asset.kind}s/assets/${asset.assetId}/resolve/v${version.version}/${dataPath.toWellFormed().split('/').map(encodeURIComponent).join('/')}` } : {}),
    parents: (parents.get(asset.assetId) ?? []).map((parent) => ({ ...parent, assetKind: kinds.get(parent.assetId) ?? 'dataset' })),
    offers: await Promise.all(offers.map(async (offer) => ({ ...offer, terms: await termsOf(context, offer.termsDigest) }))),
  });
}

const covers = ({ retired, firstVersion, lastVersion }: ListingDto, version: number): boolean => !retired && firstVersion <= version && (lastVersion === 0 || lastVersion >= version);

type Asset = { assetId: number; kind: AssetKind; owner: Address; publishedAt: number };

async function findAsset(db: Database, asked: AssetName): Promise<Asset> {
  const unknown = new NeuroError(`There is no such ${asked.kind ?? 'asset'}.`, { code: 'NOT_FOUND', remedy: 'Names are the owner\'s address or "assets", a slash, and anything that ends with a dash and the number, as /catalog.jsonld lists them.' });
  const assetId = 'assetId' in asked ? asked.assetId : assetIdOfName(asked.name);
  if (assetId === undefined) throw unknown;
  const [asset] = await db.orm.select({ assetId: assets.assetId, kind: assets.kind, owner: assets.owner, publishedAt: assets.publishedAt }).from(assets).where(eq(assets.assetId, assetId));
  if (!asset || (asked.kind !== undefined && asset.kind !== asked.kind)) throw unknown;
  if ('namespace' in asked && !isNamespaceOf(asked.namespace, asset.owner)) throw unknown;
  return asset;
}

function versionOf(versions: readonly VersionDto[], revision: string): VersionDto {
  const found = findRevision(versions, revision);
  if (found) return found;
  const newest = versions[0];
  const remedy = newest ? `Ask for v1 to v${newest.version}, a manifest's CID, or "main" once validators have accepted a version.` : 'A new version appears when its block is indexed.';
  throw new NeuroError(revision === 'main' ? 'No version of it is live.' : 'It has no such revision.', { code: 'NOT_FOUND', remedy });
}

/** Undefined where nobody has them just now: the document is served without. */
async function termsOf({ storage }: Context, digest: Hex): Promise<Terms | undefined> {
  try {
    return parseTerms(await withDeadline(storage.readRaw(rawCidOfDigest(digest)), { ms: termsMs, what: `The terms ${digest}` }));
  } catch {
    return undefined;
  }
}

async function kindsOf(db: Database, assetIds: readonly number[]): Promise<Map<number, AssetKind>> {
  if (assetIds.length === 0) return new Map();
  const rows = await db.orm.select({ assetId: assets.assetId, kind: assets.kind }).from(assets).where(inArray(assets.assetId, [...assetIds]));
  return new Map(rows.map(({ assetId, kind }) => [assetId, kind]));
}

type EntryRow = { asset_id: bigint; kind: AssetKind; owner: Address; published_at: bigint; version: bigint; at: bigint; manifest_digest: Hex; title: string; description: string; license: string; tags: string[] | null; row_count: bigint | null; sealed_size: bigint | null };

/** Listed assets with a live version whose text was read, newest first. */
export async function readCatalogue(db: Database, { cursor, limit }: { cursor?: number | undefined; limit: number }): Promise<{ entries: CatalogueEntry[]; next: number | undefined }> {
  const { rows } = await db.orm.execute<EntryRow>(sql`SELECT a.asset_id, a.kind, a.owner, a.published_at, m.version, m.at, m.manifest_digest, m.title, m.description, m.license, m.tags, m.row_count, m.sealed_size
    FROM asset_search s JOIN assets a ON a.asset_id = s.asset_id
    JOIN LATERAL (SELECT w.version, w.at, w.manifest_digest, t.title, t.description, t.license, t.tags, t.row_count, t.sealed_size FROM versions w JOIN manifests t ON t.digest = w.manifest_digest AND t.state = 'read'
        AND t.content_root = w.content_root AND t.content_commitment = w.content_commitment AND t.keyset_digest = w.key_commitment
      WHERE w.asset_id = a.asset_id AND w.status = 'live' ORDER BY w.version DESC LIMIT 1) m ON true
    WHERE s.listed ${cursor === undefined ? sql`` : sql`AND s.asset_id < ${cursor}`} ORDER BY s.asset_id DESC LIMIT ${limit + 1}`);
  const entries = rows.slice(0, limit).map((row): CatalogueEntry => ({
    assetId: Number(row.asset_id), kind: row.kind, owner: row.owner, publishedAt: Number(row.published_at), version: Number(row.version), versionAt: Number(row.at), manifestDigest: row.manifest_digest,
    title: row.title, description: row.description, license: row.license, tags: row.tags ?? [], rows: row.row_count === null ? undefined : Number(row.row_count), sealedSize: row.sealed_size === null ? undefined : Number(row.sealed_size),
  }));
  return { entries, next: rows.length > limit ? entries.at(-1)?.assetId : undefined };
}
