import type { AppealState, AssetKind, AssetSummary, Category, CurationStatus, SearchHit, Task, VersionStatus } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Address } from 'viem';
import { askAgain } from '../../db/askAgain.ts';
import type { Database } from '../../db/openDatabase.ts';
import { present } from './present.ts';

/**
 * Whether manifest `t` was read and says the same as version `w` on chain. A manifest that is copied from somebody else's
 * asset has other roots and counts for nothing.
 */
const isTextOf = sql`t.digest = w.manifest_digest AND t.state = 'read'
  AND t.content_root = w.content_root AND t.content_commitment = w.content_commitment AND t.keyset_digest = w.key_commitment`;

/** Joins asset `a` with its current text `m`: that of its newest version which has one. */
const currentText = sql`LEFT JOIN LATERAL (SELECT t.* FROM versions w JOIN manifests t ON ${isTextOf} WHERE w.asset_id = a.asset_id ORDER BY w.version DESC LIMIT 1) m ON true`;

/** Whether listing `l` still offers licences of this kind, for NCR. */
export function offers(kind: 'download' | 'compute'): SQL {
  return sql`l.kind = ${kind} AND NOT l.retired AND l.token IS NULL`;
}

const ofNewest = sql`l.asset_id = a.asset_id AND l.first_version <= latest.version AND (l.last_version = 0 OR l.last_version >= latest.version)`;

/** All prices in one reading of the listings: planning each by itself takes longer than reading them. Amounts of tokens as text: a number of 78 digits does not survive JSON. */
const prices = sql`LEFT JOIN LATERAL (SELECT min(l.price) FILTER (WHERE ${offers('download')}) AS download_price, min(l.price) FILTER (WHERE ${offers('compute')}) AS compute_price,
    jsonb_agg(jsonb_build_object('token', l.token, 'price', l.price::text)) FILTER (WHERE l.kind = 'download' AND l.token IS NOT NULL) AS token_prices
  FROM listings l WHERE ${ofNewest} AND NOT l.retired) p ON true`;

/** Texts, orders and runs as they are, or as a list needs them and asset `a`'s search row has them: counting all of a popular asset takes longer than finding it. */
const countedUses = { texts: sql`m.description, m.columns`, counts: sql`(SELECT count(*) FROM orders o WHERE o.asset_id = a.asset_id) AS orders, (SELECT count(*) FROM jobs j WHERE j.asset_id = a.asset_id) AS runs`, join: sql`` };
const searchUses = { texts: sql`left(m.description, 1000) AS description, jsonb_array_length(m.columns) AS column_count`, counts: sql`s.orders::bigint AS orders, s.runs::bigint AS runs, s.category, s.task, s.quality, s.rating, s.ratings`, join: sql`JOIN asset_search s ON s.asset_id = a.asset_id` };

const rowsOf = (assetIds: readonly number[], uses: typeof countedUses): SQL => sql`SELECT a.asset_id, a.kind, a.owner, a.published_at, a.curation_status, a.curation_reason, a.curation_author, a.curation_until, a.bond, a.appeal, a.appeal_id, latest.version, latest.status,
    m.digest, m.title, ${uses.texts}, m.license, m.source, m.tags, m.row_count, m.sealed_size, m.open,
    p.download_price, p.compute_price, p.token_prices, ${uses.counts}
  FROM assets a ${uses.join}
  JOIN LATERAL (SELECT v.version, v.status FROM versions v WHERE v.asset_id = a.asset_id ORDER BY v.version DESC LIMIT 1) latest ON true
  ${currentText} ${prices} WHERE a.asset_id = ANY(${`{${assetIds.join(',')}}`}::bigint[])`;

function listOf(ids: readonly number[]): SQL {
  return sql.join(ids.map((id) => sql`${id}`), sql`, `);
}

export type SummaryRow = {
  asset_id: bigint; kind: AssetKind; owner: Address; published_at: bigint; version: bigint; status: VersionStatus;
  curation_status: CurationStatus; curation_reason: string | null; curation_author: Address | null; curation_until: bigint | null; bond: bigint; appeal: AppealState; appeal_id: bigint | null;
  title: string | null; description: string | null; license: string | null; source: string | null; tags: string[] | null; row_count: bigint | null;
  columns: { name: string; kind: 'numeric' | 'categorical'; missing: number; distinct: number }[] | null; sealed_size: bigint | null; open: boolean | null;
  download_price: bigint | null; compute_price: bigint | null; token_prices: { token: Address; price: string }[] | null; orders: bigint; runs: bigint;
};

/** Assets with texts, prices and counts, in no order. */
export async function readSummaryRows(db: Database, assetIds: readonly number[]): Promise<SummaryRow[]> {
  if (assetIds.length === 0) return [];
  const { rows } = await db.orm.execute<SummaryRow>(rowsOf(assetIds, countedUses));
  return rows;
}

type HitRow = Omit<SummaryRow, 'columns'> & { column_count: number | null; category: Category; task: Task; quality: number; rating: number; ratings: number };

/** These assets as their search rows count them, in their order. */
async function readListedRows(db: Database, assetIds: readonly number[]): Promise<HitRow[]> {
  if (assetIds.length === 0) return [];
  const byId = new Map((await askAgain<HitRow>(db, rowsOf(assetIds, searchUses))).map((row) => [Number(row.asset_id), row]));
  return assetIds.map((id) => byId.get(id)).filter((row) => row !== undefined);
}

/** What a search says of these assets, in their order. */
export async function readHits(db: Database, assetIds: readonly number[]): Promise<SearchHit[]> {
  return (await readListedRows(db, assetIds)).map((row) => {
    const { category, task, quality, rating, ratings } = row;
    return present({ ...toSummary(row), category, task, quality, ratings, rating: ratings === 0 ? undefined : rating / 1_000 });
  });
}

/** What a list says of these assets, in their order. */
export async function readListed(db: Database, assetIds: readonly number[]): Promise<AssetSummary[]> {
  return (await readListedRows(db, assetIds)).map(toSummary);
}

/** The summaries of these assets, in their order. */
export async function readSummaries(db: Database, assetIds: readonly number[]): Promise<AssetSummary[]> {
  const byId = new Map((await readSummaryRows(db, assetIds)).map((row) => [Number(row.asset_id), row]));
  return assetIds.map((id) => byId.get(id)).filter((row) => row !== undefined).map(toSummary);
}

/** The lowest price in each token, by the token's address. */
function lowestByToken(offered: { token: Address; price: string }[]): AssetSummary['tokenPrices'] {
  const byToken = Map.groupBy(offered, ({ token }) => token);
  return [...byToken].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([token, all]) => ({ token, price: all.map(({ price }) => BigInt(price)).reduce((low, price) => (price < low ? price : low)) }));
}

const summaryLength = 240;

export function toSummary(row: SummaryRow | HitRow): AssetSummary {
  const number = (value: bigint | null): number | null => (value === null ? null : Number(value));
  return present({
    assetId: Number(row.asset_id), kind: row.kind, owner: row.owner, title: row.title ?? untitled(Number(row.asset_id)),
    summary: shorten(row.description ?? ''), license: row.license ?? '', tags: row.tags ?? [], status: row.status, curation: curationOf(row), latestVersion: Number(row.version),
    rows: number(row.row_count), columns: 'column_count' in row ? row.column_count : row.columns?.length, sealedSize: number(row.sealed_size), open: row.open === true ? true : undefined, publishedAt: Number(row.published_at),
    downloadPrice: row.download_price, computePrice: row.compute_price, tokenPrices: lowestByToken(row.token_prices ?? []), orders: Number(row.orders), runs: Number(row.runs),
  });
}

function curationOf(row: SummaryRow | HitRow): AssetSummary['curation'] {
  return present({
    status: row.curation_status, reason: row.curation_reason, author: row.curation_author, until: row.curation_until === null ? null : Number(row.curation_until),
    bond: BigInt(row.bond), appeal: row.appeal, disputeId: row.appeal_id === null ? null : Number(row.appeal_id),
  });
}

const untitled = (assetId: number): string => `Asset ${assetId}`;

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= summaryLength) return line;
  return `${line.slice(0, summaryLength).replace(/\s\S*$/, '')}…`;
}

/** Titles by asset id. */
export async function titlesOf(db: Database, assetIds: readonly number[]): Promise<(assetId: number) => string> {
  const wanted = [...new Set(assetIds)];
  if (wanted.length === 0) return untitled;
  const { rows } = await db.orm.execute<{ asset_id: bigint; title: string | null }>(
    sql`SELECT a.asset_id, m.title FROM assets a ${currentText} WHERE a.asset_id IN (${listOf(wanted)})`);
  const titles = new Map(rows.map((row) => [Number(row.asset_id), row.title]));
  return (assetId) => titles.get(assetId) ?? untitled(assetId);
}
