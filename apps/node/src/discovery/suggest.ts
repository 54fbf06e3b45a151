import type { AssetKind } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import type { Reader } from '../db/openDatabase.ts';
import { findMatches } from './findMatches.ts';
import { readTerms } from './readTerms.ts';
import type { Statistics } from './statistics.ts';

export type Suggestions = { items: { assetId: number; kind: AssetKind; title: string }[]; words: string[] };

/** Titles that fit what is typed so far, and the words that were understood. */
export async function suggest(deps: { db: Reader; statistics: () => Promise<Statistics> }, { q, limit = 8 }: { q: string; limit?: number | undefined }): Promise<Suggestions> {
  const read = await readTerms(deps.db, q);
  if (!read || read.terms.length === 0) return { items: [], words: [] };
  const { items } = await findMatches(deps.db, { terms: read.terms, wanted: [], sort: 'relevance', limit, statistics: await deps.statistics() });
  return { items: await titled(deps.db, items.map(({ assetId }) => assetId)), words: [...new Set(read.terms.flatMap(({ words }) => words))].slice(0, limit) };
}

async function titled(db: Reader, ids: number[]): Promise<Suggestions['items']> {
  if (ids.length === 0) return [];
  const { rows } = await db.orm.execute<{ asset_id: bigint; kind: AssetKind; title: string | null }>(sql`SELECT asset_id, kind, title FROM asset_search WHERE asset_id IN (${sql.join(ids.map((id) => sql`${id}`), sql`, `)})`);
  const byId = new Map(rows.map((row) => [Number(row.asset_id), row]));
  return ids.flatMap((assetId) => {
    const row = byId.get(assetId);
    return row?.title ? [{ assetId, kind: row.kind, title: row.title }] : [];
  });
}
