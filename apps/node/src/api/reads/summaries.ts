import type { AssetKind, AssetSummary, VersionStatus } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Address } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { present } from './present.ts';

/**
 * The newest manifest of asset `a` that was read and says the same as the chain. A manifest copied from somebody else's
 * asset has other roots and counts for nothing.
 */
export const currentText = sql`LEFT JOIN LATERAL (
  SELECT m.* FROM versions v JOIN manifests m ON m.digest = v.manifest_digest AND m.state = 'read'
    AND m.content_root = v.content_root AND m.content_commitment = v.content_commitment AND m.keyset_digest = v.key_commitment
  WHERE v.asset_id = a.asset_id ORDER BY v.version DESC LIMIT 1) m ON true`;

const lowestPrice = (kind: 'download' | 'compute'): SQL => sql`(SELECT min(l.price) FROM listings l WHERE l.asset_id = a.asset_id AND l.kind = ${kind} AND NOT l.retired
  AND l.first_version <= latest.version AND (l.last_version = 0 OR l.last_version >= latest.version))`;

const source = (extra: SQL): SQL => sql`SELECT a.asset_id, a.kind, a.owner, a.published_at, latest.version, latest.status,
    m.digest, m.title, m.description, m.license, m.source, m.tags, m.row_count, m.columns, m.sealed_size,
    ${lowestPrice('download')} AS download_price, ${lowestPrice('compute')} AS compute_price,
    (SELECT count(*) FROM orders o WHERE o.asset_id = a.asset_id) AS orders,
    (SELECT count(*) FROM jobs j WHERE j.asset_id = a.asset_id) AS runs
  FROM assets a
  JOIN LATERAL (SELECT v.version, v.status FROM versions v WHERE v.asset_id = a.asset_id ORDER BY v.version DESC LIMIT 1) latest ON true
  ${currentText} ${extra}`;

export type SummaryRow = {
  asset_id: bigint; kind: AssetKind; owner: Address; published_at: bigint; version: bigint; status: VersionStatus;
  title: string | null; description: string | null; license: string | null; source: string | null; tags: string[] | null; row_count: bigint | null;
  columns: { name: string; kind: 'numeric' | 'categorical'; missing: number; distinct: number }[] | null; sealed_size: bigint | null;
  download_price: bigint | null; compute_price: bigint | null; orders: bigint; runs: bigint;
};

/** Rows of assets with texts, prices and counts. `extra` may join, filter, order and limit; it sees `a`, `latest` and `m`. */
export async function readSummaryRows(db: Database, extra: SQL): Promise<SummaryRow[]> {
  const { rows } = await db.orm.execute<SummaryRow>(source(extra));
  return rows;
}

const summaryLength = 240;

export function toSummary(row: SummaryRow): AssetSummary {
  const number = (value: bigint | null): number | null => (value === null ? null : Number(value));
  return present({
    assetId: Number(row.asset_id), kind: row.kind, owner: row.owner, title: row.title ?? untitled(Number(row.asset_id)),
    summary: shorten(row.description ?? ''), license: row.license ?? '', tags: row.tags ?? [], status: row.status, latestVersion: Number(row.version),
    rows: number(row.row_count), columns: row.columns?.length, sealedSize: number(row.sealed_size), publishedAt: Number(row.published_at),
    downloadPrice: row.download_price, computePrice: row.compute_price, orders: Number(row.orders), runs: Number(row.runs),
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
    sql`SELECT a.asset_id, m.title FROM assets a ${currentText} WHERE a.asset_id IN (${sql.join(wanted.map((id) => sql`${id}`), sql`, `)})`);
  const titles = new Map(rows.map((row) => [Number(row.asset_id), row.title]));
  return (assetId) => titles.get(assetId) ?? untitled(assetId);
}
