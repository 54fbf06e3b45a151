import type { Database } from '../../apps/node/src/db/openDatabase.ts';
import { fillSearch } from '../../apps/node/src/db/refreshSearch.ts';
import { refreshStatistics } from '../../apps/node/src/discovery/index.ts';
import { createRandomNumbers } from '../engine/randomNumbers.ts';
import { createDocuments } from './createDocuments.ts';
import { makeAssets, zipf } from './makeAssets.ts';

const batch = 2_000;
const now = 1_760_000_000;
const filled = ['assets', 'versions', 'manifests', 'listings', 'orders'];

/** The tables that the indexer writes, filled as it would have: assets, versions, texts, offers, orders. Returns the seconds of making the search rows from them. */
export async function fillDatabase(db: Database, count: number, say: (line: string) => void): Promise<{ buildSeconds: number }> {
  const begun = performance.now();
  const indexes = db.embedded ? [] : await dropIndexes(db, filled);
  await insertAll(db, assetBatches(db, count), (written) => say(`  ${written} assets written, ${Math.round((performance.now() - begun) / 1_000)} s`));
  await insertAll(db, orderBatches(count));
  for (const definition of indexes) await db.pool.query(definition);
  // PGlite sorts them in memory that it has not.
  if (!db.embedded) await db.pool.query('ANALYZE');
  say(`  tables filled in ${Math.round((performance.now() - begun) / 1_000)} s`);
  return build(db, count, say);
}

/** Returns how they are made again; those that keep rows apart stay. */
async function dropIndexes(db: Database, tables: string[]): Promise<string[]> {
  const { rows } = await db.pool.query<{ name: string; definition: string }>('SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = ANY ($1::text[]::regclass[]) AND NOT i.indisunique', [tables]);
  for (const { name } of rows) await db.pool.query(`DROP INDEX ${name}`);
  return rows.map(({ definition }) => definition);
}

/** As after `neurodata index rebuild`: rows first, the large indexes after. */
async function build(db: Database, count: number, say: (line: string) => void): Promise<{ buildSeconds: number }> {
  const begun = performance.now();
  const seconds = (): number => Math.round((performance.now() - begun) / 100) / 10;
  const indexes = await dropIndexes(db, ['asset_search']);
  for (let after: number | undefined = 0; after !== undefined;) {
    after = await fillSearch(db.orm, { after, limit: batch });
    if (after !== undefined && after % 50_000 === 0) say(`  ${after} of ${count} search rows, ${seconds()} s`);
  }
  say(`  rows made in ${seconds()} s`);
  const [words, orders] = [indexes.filter((definition) => definition.includes('USING gin')), indexes.filter((definition) => !definition.includes('USING gin'))];
  for (const definition of orders) await db.pool.query(definition);
  // Beside the indexer, words come with each text.
  await db.pool.query("INSERT INTO search_words (word, in_title) SELECT lexeme, bool_or('A' = ANY (weights)) FROM (SELECT document FROM asset_search ORDER BY asset_id LIMIT 100000) s, unnest(s.document) GROUP BY lexeme ORDER BY lexeme ON CONFLICT DO NOTHING");
  await refreshStatistics(db, now);
  say(`  words counted after ${seconds()} s`);
  for (const definition of words) await db.pool.query(definition);
  say(`  indexes made after ${seconds()} s`);
  if (!db.embedded) await db.pool.query('VACUUM ANALYZE');
  return { buildSeconds: seconds() };
}

type Batch = { statement: string; rows: unknown[]; written: number };

/** PostgreSQL works on one batch while the next is made and another is on its way. */
async function insertAll(db: Database, batches: AsyncIterable<Batch>, say?: (written: number) => void): Promise<void> {
  const under = new Set<Promise<unknown>>();
  for await (const { statement, rows, written } of batches) {
    if (under.size >= (db.embedded ? 1 : 2)) await Promise.race(under);
    const inserted: Promise<unknown> = db.pool.query(statement, [JSON.stringify(rows)]).finally(() => under.delete(inserted));
    under.add(inserted);
    if (written % 50_000 === 0) say?.(written);
  }
  await Promise.all(under);
}

const digest = "'0x' || md5('m' || r.\"assetId\") || md5(r.\"assetId\" || 'm')";
const insertAssets = `WITH r AS MATERIALIZED (SELECT * FROM jsonb_to_recordset($1::jsonb) r ("assetId" bigint, kind text, owner text, title text, tags jsonb, columns jsonb, description text, license text, category text, task text, rows bigint, size bigint, price bigint, live boolean, document text)),
  a AS (INSERT INTO assets (asset_id, kind, owner, published_at) SELECT r."assetId", r.kind, r.owner, ${now} - 90 * 86400 + (r."assetId" % 90) * 86400 FROM r),
  v AS (INSERT INTO versions (asset_id, version, status, manifest_digest, content_root, content_commitment, key_commitment, committee, threshold, validators_may_read, subject, transaction, block, at)
    SELECT r."assetId", 1, CASE WHEN r.live THEN 'live' ELSE 'pending' END, ${digest}, 'r', 'c', 'k', '[1]', 1, true, 's', 't', r."assetId", ${now} FROM r),
  l AS (INSERT INTO listings (listing_id, asset_id, seller, kind, price, first_version, last_version, model_share_bps, terms_digest, retired)
    SELECT r."assetId", r."assetId", r.owner, 'download', r.price::numeric * 1000000000000000000, 1, 0, 0, 't', false FROM r WHERE r.price IS NOT NULL)
  INSERT INTO manifests (digest, state, attempts, retry_at, title, description, license, tags, row_count, columns, sealed_size, content_root, content_commitment, keyset_digest, category, task, described, search)
    SELECT ${digest}, 'read', 1, 0, r.title, r.description, r.license, r.tags, r.rows, (SELECT jsonb_agg(jsonb_build_object('name', c, 'kind', 'numeric', 'missing', 0, 'distinct', 100)) FROM jsonb_array_elements_text(r.columns) c), r.size, 'r', 'c', 'k', r.category, r.task, true, r.document::tsvector FROM r`;

async function* assetBatches(db: Database, count: number): AsyncGenerator<Batch> {
  const documentOf = await createDocuments(db);
  let rows: unknown[] = [];
  for (const asset of makeAssets(count)) {
    rows.push({ ...asset, document: documentOf(asset) });
    if (rows.length < batch && asset.assetId < count) continue;
    yield { statement: insertAssets, rows, written: asset.assetId };
    rows = [];
  }
}

const insertOrders = `INSERT INTO orders (order_id, listing_id, asset_id, version, buyer, seller, price, recipient_key, state, opened_at, changed_at, opened_block, opened_index)
  SELECT 'o' || r.id, r.asset, r.asset, 1, r.buyer, '0x', 1, 'k', 'claimed', r.at, r.at, r.at, 0 FROM jsonb_to_recordset($1::jsonb) r (id bigint, asset bigint, buyer text, at bigint)`;

/** As many orders as assets, most of them of few: the popular ones lie anywhere among the numbers. */
async function* orderBatches(count: number): AsyncGenerator<Batch> {
  const { uniform } = createRandomNumbers(77);
  const scattered = (rank: number): number => 1 + ((rank * 7_919 + 13) % count);
  for (let start = 0; start < count; start += batch) {
    const size = Math.min(batch, count - start);
    const rows = Array.from({ length: size }, (_, index) => ({ id: start + index, asset: scattered(zipf(uniform, count)), buyer: `0x${(1_000_000 + zipf(uniform, 50_000)).toString(16).padStart(40, '0')}`, at: now - Math.floor(uniform() * 90 * 86_400) }));
    yield { statement: insertOrders, rows, written: start + size };
  }
}
