import { sql } from 'drizzle-orm';
import type { Database } from '../db/openDatabase.ts';
import { refreshSearch } from '../db/refreshSearch.ts';

const batch = 100;
const days = 2;

/** Takes looks at pages of the last two days into popularity: they are counted where nobody waits for a search row. */
export async function refreshViewed(db: Pick<Database, 'orm'>, nowSeconds: number): Promise<void> {
  const { rows } = await db.orm.execute<{ asset_id: bigint }>(sql`SELECT v.asset_id FROM (SELECT DISTINCT asset_id FROM asset_views WHERE day >= ${nowSeconds - days * 86_400}) v JOIN asset_search s ON s.asset_id = v.asset_id
    WHERE s.views <> (SELECT sum(x.visitors) FROM (SELECT visitors FROM asset_views WHERE asset_id = v.asset_id ORDER BY day DESC LIMIT 400) x) ORDER BY v.asset_id`);
  const ids = rows.map((row) => Number(row.asset_id));
  for (let start = 0; start < ids.length; start += batch) await db.orm.transaction((tx) => refreshSearch(tx, ids.slice(start, start + batch)));
}
