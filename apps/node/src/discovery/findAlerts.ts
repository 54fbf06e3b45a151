import { formatNcr } from '@neurodata/protocol';
import type { AssetKind } from '@neurodata/protocol';
import { asc, eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../db/openDatabase.ts';
import { discoveryAlerts, savedSearches } from '../db/schema.ts';
import { readSavedQuery } from './createSavedSearches.ts';
import { conditionsOf, wantedFacets } from './filters.ts';
import { readTerms, tsqueryOf } from './readTerms.ts';

export type Alert = { userId: string; kind: 'match' | 'version' | 'price'; assetId: number; assetKind: AssetKind; /** Unix seconds. */ at: number; searchId: string | null; key: string; text: string };
export type FindAlertsDeps = {
  db: Database;
  now: () => number;
  /** Tells people, in the transaction that keeps the alerts: told once, or not kept. */
  notify?: ((alerts: Alert[], tx: Transaction) => Promise<void>) | undefined;
};

/** An alert is about a new asset; so many of one search at once, the newest. */
const mostMatches = 20;
const batch = 200;

/**
 * Finds what is new for saved searches with alerts and for watch lists, and keeps it for its users: for a background job, as
 * often as it likes. An asset counts as new once its text was read. Nothing is told twice; two at once take turns.
 */
export async function findAlerts(deps: FindAlertsDeps): Promise<Alert[]> {
  return [...(await findMatches(deps)), ...(await findWatched(deps))];
}

async function findMatches({ db, now, notify }: FindAlertsDeps): Promise<Alert[]> {
  const searches = await db.orm.select().from(savedSearches).where(eq(savedSearches.alerts, true)).orderBy(asc(savedSearches.searchId));
  const found: Alert[] = [];
  const upTo = await readUpTo(db);
  for (const search of searches.filter(({ lastAssetId }) => lastAssetId < upTo)) {
    found.push(...(await db.orm.transaction(async (tx) => {
      // Only who moves the mark tells; another pass at the same time finds it moved.
      const { rowCount } = await tx.execute(sql`UPDATE saved_searches SET last_asset_id = ${upTo} WHERE search_id = ${search.searchId} AND last_asset_id = ${search.lastAssetId}`);
      if (rowCount === 0) return [];
      const rows = await newMatches(tx, search.query, { after: search.lastAssetId, upTo });
      const alerts = rows.map(({ assetId, assetKind, title }): Alert => ({ userId: search.userId, kind: 'match', assetId, assetKind, at: now(), searchId: search.searchId, key: `match:${search.searchId}:${assetId}`, text: `“${title}” fits your search “${search.name}”.` }));
      return keep(tx, alerts, notify);
    })));
  }
  return found;
}

/** The newest asset before any whose text is still to come: what has no words yet must not be passed over. One that nobody serves is waited for a day. */
async function readUpTo(db: Database): Promise<number> {
  const { rows: [row] } = await db.orm.execute<{ up_to: bigint | null }>(sql`SELECT coalesce(
    (SELECT min(s.asset_id) - 1 FROM versions v JOIN manifests m ON m.digest = v.manifest_digest AND m.state = 'wanted' AND m.attempts < 150 JOIN asset_search s ON s.asset_id = v.asset_id AND s.manifest_digest IS NULL),
    (SELECT max(asset_id) FROM asset_search)) AS up_to`);
  return Number(row?.up_to ?? 0);
}

async function newMatches(tx: Transaction, query: string, { after, upTo }: { after: number; upTo: number }): Promise<{ assetId: number; assetKind: AssetKind; title: string }[]> {
  const filter = readSavedQuery(query);
  const terms = await readTerms({ orm: tx }, filter.q ?? '');
  if (!terms || (filter.q?.trim() && terms.terms.length === 0)) return [];
  const conditions = [sql`s.listed AND s.asset_id > ${after} AND s.asset_id <= ${upTo}`, ...(terms.terms.length > 0 ? [sql`s.document @@ ${tsqueryOf(terms.terms)}::tsquery`] : []), ...conditionsOf(wantedFacets(filter), filter.publisher)];
  const { rows } = await tx.execute<{ asset_id: bigint; kind: AssetKind; title: string | null }>(sql`SELECT s.asset_id, s.kind, s.title FROM asset_search s WHERE ${sql.join(conditions, sql` AND `)} ORDER BY s.asset_id DESC LIMIT ${mostMatches}`);
  return rows.map((row) => ({ assetId: Number(row.asset_id), assetKind: row.kind, title: row.title ?? `Asset ${row.asset_id}` }));
}

type Changed = { user_id: string; asset_id: bigint; kind: AssetKind; title: string | null; version: bigint; old_version: bigint; price: number; old_price: number | null };

async function findWatched({ db, now, notify }: FindAlertsDeps): Promise<Alert[]> {
  const found: Alert[] = [];
  for (;;) {
    const { alerts, changed } = await db.orm.transaction(async (tx) => {
      const { rows } = await tx.execute<Changed>(sql`WITH due AS (SELECT w.user_id, w.asset_id, w.version, w.price, s.title, s.kind, s.version AS new_version, s.price AS new_price FROM watches w JOIN asset_search s ON s.asset_id = w.asset_id
          WHERE s.listed AND (s.version <> w.version OR s.price <> coalesce(w.price, 'Infinity')) ORDER BY w.user_id, w.asset_id LIMIT ${batch} FOR UPDATE OF w SKIP LOCKED)
        UPDATE watches w SET version = due.new_version, price = nullif(due.new_price, 'Infinity') FROM due WHERE w.user_id = due.user_id AND w.asset_id = due.asset_id
        RETURNING w.user_id, w.asset_id, due.title, due.kind, due.new_version AS version, due.version AS old_version, due.new_price AS price, due.price AS old_price`);
      return { alerts: await keep(tx, rows.flatMap((row) => alertsOf(row, now())), notify), changed: rows.length };
    });
    found.push(...alerts);
    if (changed < batch) return found;
  }
}

/** A new version, and a lower price than before; a higher one and a version taken back by the chain are nothing to tell. */
function alertsOf(row: Changed, at: number): Alert[] {
  const [assetId, title] = [Number(row.asset_id), row.title ?? `Asset ${row.asset_id}`];
  const base = { userId: row.user_id, assetId, assetKind: row.kind, at, searchId: null };
  const alerts: Alert[] = [];
  if (row.version > row.old_version) alerts.push({ ...base, kind: 'version', key: `version:${assetId}:${row.version}`, text: `“${title}” has a new version, ${row.version}.` });
  if (row.price < (row.old_price ?? Infinity)) alerts.push({ ...base, kind: 'price', key: `price:${assetId}:${row.version}:${row.price}`, text: `“${title}” now costs ${formatNcr(BigInt(row.price))} NCR.` });
  return alerts;
}

async function keep(tx: Transaction, alerts: Alert[], notify: FindAlertsDeps['notify']): Promise<Alert[]> {
  if (alerts.length === 0) return [];
  const fresh = new Set((await tx.insert(discoveryAlerts).values(alerts.map(({ assetKind: _assetKind, ...alert }) => alert)).onConflictDoNothing().returning({ userId: discoveryAlerts.userId, key: discoveryAlerts.key })).map(({ userId, key }) => `${userId} ${key}`));
  const told = alerts.filter(({ userId, key }) => fresh.has(`${userId} ${key}`));
  if (told.length > 0) await notify?.(told, tx);
  return told;
}
