import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Orm, Transaction } from './openDatabase.ts';

/** Of one asset, newer orders and runs than these are not counted: the work for a row stays bounded. */
const mostUses = 10_000;
/** 2024-01-01 and a week, Unix seconds: where the weights of uses begin, and after which time one counts half. */
export const trendFrom = 1_704_067_200;
export const trendHalfLife = 604_800;

/** Any number that all writers of `asset_search` agree on: a row is made from what the writers before have committed. */
const refreshLock = 7_266_314;

const isTextOf = sql`t.digest = w.manifest_digest AND t.state = 'read'
  AND t.content_root = w.content_root AND t.content_commitment = w.content_commitment AND t.keyset_digest = w.key_commitment`;

const ofNewest = sql`l.asset_id = a.asset_id AND NOT l.retired AND l.token IS NULL AND l.first_version <= latest.version AND (l.last_version = 0 OR l.last_version >= latest.version)`;

/** A use's weight, doubled for each half-life since the beginning. Bounded, since a chain's clock may say anything. */
const weighed = (weight: number, at: SQL): SQL => sql`${weight}::float8 * power(2::float8, greatest(-500, least(500, (${at} - ${trendFrom})::float8 / ${trendHalfLife})))`;

/** The name of the first band whose limit the value is under, as SQL. */
function bandOf(value: SQL, limits: readonly (readonly [limit: string, name: string])[], last: string): SQL {
  return sql`CASE ${sql.join(limits.map(([limit, name]) => sql`WHEN ${value} < ${sql.raw(limit)} THEN ${sql.raw(`'${name}'`)}`), sql` `)} ELSE ${sql.raw(`'${last}'`)} END`;
}

const priceBand = sql`CASE WHEN price.lowest IS NULL THEN 'none' WHEN price.lowest = 0 THEN 'free' ELSE ${bandOf(sql`price.lowest`, [['1e18', 'under1'], ['1e19', 'from1'], ['1e20', 'from10'], ['1e21', 'from100']], 'from1000')} END`;
const sizeBand = sql`CASE WHEN m.sealed_size IS NULL THEN 'unknown' ELSE ${bandOf(sql`m.sealed_size`, [['1000000', 'under1MB'], ['10000000', 'from1MB'], ['100000000', 'from10MB'], ['1000000000', 'from100MB']], 'from1GB')} END`;
const rowsBand = sql`CASE WHEN m.row_count IS NULL THEN 'unknown' ELSE ${bandOf(sql`m.row_count`, [['1000', 'under1k'], ['10000', 'from1k'], ['100000', 'from10k'], ['1000000', 'from100k']], 'from1M')} END`;
const qualityBand = sql`CASE WHEN made.quality >= 80 THEN 'high' WHEN made.quality >= 50 THEN 'good' ELSE 'basic' END`;

/** 0 to 100: accepted by validators 35, described 15, tagged 10, columns named 15, cells filled 15, licensed 10. */
const quality = sql`(CASE WHEN latest.status = 'live' THEN 35 ELSE 0 END
  + floor(15 * least(1, length(coalesce(m.description, '')) / 200.0)) + floor(10 * least(1, jsonb_array_length(coalesce(m.tags, '[]')) / 3.0))
  + CASE WHEN m.digest IS NOT NULL AND (m.columns IS NOT NULL OR a.kind <> 'dataset') THEN 15 ELSE 0 END
  + CASE WHEN m.digest IS NULL THEN 0 WHEN a.kind <> 'dataset' THEN 15 WHEN cells.filled IS NULL THEN 0 ELSE floor(15 * cells.filled) END
  + CASE WHEN coalesce(m.license, '') = '' THEN 0 ELSE 10 END)::int`;

const popularity = sql`10 * bought.buyers + 5 * ran.runners + 3 * liked.favourites + seen.views / 20`;

/** The rows of these assets, as the other tables say. */
const rowsOf = (wanted: SQL): SQL => sql`SELECT a.asset_id,
    a.curation_status <> 'suspended' AND NOT EXISTS (SELECT 1 FROM assets whole WHERE whole.sample_asset_id = a.asset_id)
      AND NOT EXISTS (SELECT 1 FROM hidden_subjects h WHERE h.subject = 'asset:' || a.asset_id) AS listed,
    a.kind, a.owner, latest.version, m.digest AS manifest_digest, m.title, coalesce(m.category, 'other') AS category, coalesce(m.task, 'other') AS task,
    coalesce((SELECT array_agg(lower(c.value ->> 'name') ORDER BY c.place) FROM jsonb_array_elements(m.columns) WITH ORDINALITY c (value, place) WHERE c.place <= 200), '{}') AS columns,
    coalesce(price.lowest::float8, 'Infinity') AS price, coalesce(m.row_count, 0) AS row_count, made.quality::smallint,
    CASE WHEN stars.ratings = 0 THEN 0 ELSE (1000 * (stars.sum + 9) / (stars.ratings + 3))::int END AS rating, stars.ratings::int,
    bought.orders::int, ran.runs::int, liked.favourites::int, seen.views::int,
    (${popularity})::int AS popularity,
    floor(ln(${weighed(0.5, sql`a.published_at`)} + bought.weight + ran.weight + liked.weight + seen.weight) / ln(2::float8) * 1e6) / 1e6 AS trend,
    a.published_at, ${popularity} >= coalesce((SELECT s.hot_from FROM search_statistics s), 1) AS hot, ${popularity} >= coalesce((SELECT s.top_from FROM search_statistics s), 1) AS top,
    ARRAY['kind:' || a.kind, 'category:' || coalesce(m.category, 'other'), 'task:' || coalesce(m.task, 'other'), 'license:' || coalesce(m.license, ''),
      'price:' || ${priceBand}, 'size:' || ${sizeBand}, 'rows:' || ${rowsBand}, 'quality:' || ${qualityBand}, 'verified:' || CASE WHEN latest.status = 'live' THEN 'yes' ELSE 'no' END]
      || coalesce((SELECT array_agg(DISTINCT 'tag:' || lower(tag)) FROM jsonb_array_elements_text(m.tags) tag), '{}') AS facets,
    setweight(to_tsvector('english', lower(a.owner)), 'C') || coalesce(m.search, '') AS document
  FROM assets a
  JOIN LATERAL (SELECT v.version, v.status FROM versions v WHERE v.asset_id = a.asset_id ORDER BY v.version DESC LIMIT 1) latest ON true
  LEFT JOIN LATERAL (SELECT t.* FROM versions w JOIN manifests t ON ${isTextOf} WHERE w.asset_id = a.asset_id ORDER BY w.version DESC LIMIT 1) m ON true
  CROSS JOIN LATERAL (SELECT coalesce((SELECT min(l.price) FROM listings l WHERE ${ofNewest} AND l.kind = 'download'), (SELECT min(l.price) FROM listings l WHERE ${ofNewest} AND l.kind = 'compute')) AS lowest) price
  CROSS JOIN LATERAL (SELECT CASE WHEN m.row_count > 0 AND jsonb_array_length(m.columns) > 0
    THEN greatest(0, 1 - (SELECT sum((c ->> 'missing')::float8) FROM jsonb_array_elements(m.columns) c) / (m.row_count::float8 * jsonb_array_length(m.columns))) END AS filled) cells
  CROSS JOIN LATERAL (SELECT ${quality} AS quality) made
  CROSS JOIN LATERAL (SELECT count(*) AS ratings, coalesce(sum(r.rating), 0) AS sum FROM reviews r WHERE r.asset_id = a.asset_id) stars
  CROSS JOIN LATERAL (SELECT count(*) AS orders, count(DISTINCT o.buyer) FILTER (WHERE o.buyer <> a.owner) AS buyers, coalesce(sum(o.weight ORDER BY o.weight) FILTER (WHERE o.buyer <> a.owner), 0) AS weight
    FROM (SELECT buyer, ${weighed(4, sql`opened_at`)} AS weight FROM orders WHERE asset_id = a.asset_id AND state <> 'refunded' ORDER BY opened_block DESC, opened_index DESC LIMIT ${mostUses}) o) bought
  CROSS JOIN LATERAL (SELECT count(*) AS runs, count(DISTINCT j.buyer) FILTER (WHERE j.buyer <> a.owner) AS runners, coalesce(sum(j.weight ORDER BY j.weight) FILTER (WHERE j.buyer <> a.owner), 0) AS weight
    FROM (SELECT buyer, ${weighed(2, sql`opened_at`)} AS weight FROM jobs WHERE asset_id = a.asset_id AND state <> 'refunded' ORDER BY opened_block DESC, opened_index DESC LIMIT ${mostUses}) j) ran
  CROSS JOIN LATERAL (SELECT count(*) AS favourites, coalesce(sum(f.weight ORDER BY f.weight), 0) AS weight FROM (SELECT ${weighed(1, sql`at`)} AS weight FROM favourites WHERE asset_id = a.asset_id LIMIT ${mostUses}) f) liked
  CROSS JOIN LATERAL (SELECT least(coalesce(sum(d.visitors), 0), 1000000000) AS views, coalesce(sum(d.weight ORDER BY d.weight), 0) AS weight FROM (SELECT visitors, visitors * ${weighed(0.05, sql`day`)} AS weight FROM asset_views WHERE asset_id = a.asset_id ORDER BY day DESC LIMIT 400) d) seen
  WHERE ${wanted}`;

const columns = ['listed', 'kind', 'owner', 'version', 'manifest_digest', 'title', 'category', 'task', 'columns', 'price', 'row_count', 'quality', 'rating', 'ratings', 'orders', 'runs', 'favourites', 'views', 'popularity', 'trend', 'published_at', 'hot', 'top', 'facets', 'document'];
const all = sql.raw(['asset_id', ...columns].join(', '));
const taken = sql.raw(columns.map((name) => `${name} = excluded.${name}`).join(', '));
const differ = sql.raw(`(${columns.map((name) => `asset_search.${name}`).join(', ')}) IS DISTINCT FROM (${columns.map((name) => `excluded.${name}`).join(', ')})`);

/**
 * Makes the search rows of these assets again from the other tables, in the transaction that changed those. Whoever drops
 * `asset_search` gets the same rows back from {@link fillSearch}.
 */
export async function refreshSearch(tx: Transaction, assetIds: Iterable<number>): Promise<void> {
  const ids = [...new Set(assetIds)].toSorted((a, b) => a - b);
  if (ids.length === 0) return;
  // One parameter, so that the statement stays the same and is planned once.
  const these = sql`= ANY (ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::bigint))`;
  await tx.execute(sql`SELECT pg_advisory_xact_lock(${refreshLock})`);
  await tx.execute(sql`DELETE FROM asset_search s WHERE s.asset_id ${these} AND NOT EXISTS (SELECT 1 FROM assets a JOIN versions v ON v.asset_id = a.asset_id WHERE a.asset_id = s.asset_id)`);
  await tx.execute(sql`INSERT INTO asset_search (${all}) ${rowsOf(sql`a.asset_id ${these}`)} ORDER BY a.asset_id ON CONFLICT (asset_id) DO UPDATE SET ${taken} WHERE ${differ}`);
}

/** Takes the search rows of these assets away, for {@link fillSearch} to make: under the lock, so that nobody puts back what was made before this transaction's changes. */
export async function dropSearch(tx: Transaction, assetIds: readonly number[]): Promise<void> {
  if (assetIds.length === 0) return;
  await tx.execute(sql`SELECT pg_advisory_xact_lock(${refreshLock})`);
  await tx.execute(sql`DELETE FROM asset_search WHERE asset_id = ANY (ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(assetIds)}::jsonb)::bigint))`);
}

const filledAtOnce = 200;

/** Looks at the next `limit` assets after `after` and makes the rows that are missing; returns the last one's id, or undefined where that was the end. */
export async function fillSearch(orm: Orm, { after, limit }: { after: number; limit: number }): Promise<number | undefined> {
  // The assets first: joined the other way round, all rows would be read each time.
  const { rows } = await orm.execute<{ asset_id: bigint; there: boolean }>(sql`SELECT a.asset_id, EXISTS (SELECT 1 FROM asset_search s WHERE s.asset_id = a.asset_id OFFSET 0) AS there FROM (SELECT asset_id FROM assets WHERE asset_id > ${after} ORDER BY asset_id LIMIT ${limit}) a ORDER BY a.asset_id`);
  const missing = rows.filter(({ there }) => !there).map((row) => Number(row.asset_id));
  for (let start = 0; start < missing.length; start += filledAtOnce) await orm.transaction((tx) => refreshSearch(tx, missing.slice(start, start + filledAtOnce)));
  const last = rows.at(-1);
  return last && Number(last.asset_id);
}

/** Assets that events of these subjects may have changed, whether or not their rows are still there; with the samples of such assets. */
export async function assetsOfEvents(tx: Transaction, subjects: readonly string[]): Promise<number[]> {
  const { rows } = await tx.execute<{ asset_id: bigint }>(sql`WITH touched AS (SELECT DISTINCT asset_id FROM events WHERE asset_id IS NOT NULL AND subject = ANY (ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(subjects)}::jsonb))))
    SELECT asset_id FROM touched UNION SELECT (e.args ->> 'sampleAssetId')::bigint FROM events e JOIN touched t ON t.asset_id = e.asset_id WHERE e.name = 'SampleLinked' AND e.args ->> 'sampleAssetId' <> '0'`);
  return rows.map((row) => Number(row.asset_id));
}
