import type { Database } from '../../apps/node/src/db/openDatabase.ts';
import { fillSearch } from '../../apps/node/src/db/refreshSearch.ts';
import { refreshStatistics } from '../../apps/node/src/discovery/index.ts';
import { createRandomNumbers } from '../engine/randomNumbers.ts';
import { makeAssets, wordOf, zipf } from './makeAssets.ts';
import type { MadeAsset } from './makeAssets.ts';

const batch = 2_000;
const now = 1_760_000_000;

/** The tables that the indexer writes, filled as it would have: assets, versions, texts, offers, orders. Returns the seconds of making the search rows from them. */
export async function fillDatabase(db: Database, count: number, say: (line: string) => void): Promise<{ buildSeconds: number }> {
  const begun = performance.now();
  let rows: MadeAsset[] = [];
  for (const asset of makeAssets(count)) {
    rows.push(asset);
    if (rows.length < batch && asset.assetId < count) continue;
    await insertAssets(db, rows);
    rows = [];
    if (asset.assetId % 100_000 === 0) say(`  ${asset.assetId} assets written, ${Math.round((performance.now() - begun) / 1_000)} s`);
  }
  await insertOrders(db, count);
  // PGlite sorts them in memory that it has not.
  if (!db.embedded) await db.pool.query('ANALYZE');
  say(`  tables filled in ${Math.round((performance.now() - begun) / 1_000)} s`);
  return build(db, count, say);
}

/** As after `neurodata index rebuild`: rows first, the large indexes after. */
async function build(db: Database, count: number, say: (line: string) => void): Promise<{ buildSeconds: number }> {
  const begun = performance.now();
  const seconds = (): number => Math.round((performance.now() - begun) / 100) / 10;
  const { rows: indexes } = await db.pool.query<{ name: string; definition: string }>("SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'asset_search' AND indexname <> 'asset_search_pkey'");
  for (const { name } of indexes) await db.pool.query(`DROP INDEX ${name}`);
  for (let after: number | undefined = 0; after !== undefined;) {
    after = await fillSearch(db.orm, { after, limit: batch });
    if (after !== undefined && after % 100_000 === 0) say(`  ${after} of ${count} search rows, ${seconds()} s`);
  }
  say(`  rows made in ${seconds()} s`);
  for (const { definition } of indexes) await db.pool.query(definition);
  say(`  indexes made after ${seconds()} s`);
  // Beside the indexer, words come with each text.
  await db.pool.query("INSERT INTO search_words (word, in_title) SELECT lexeme, bool_or('A' = ANY (weights)) FROM (SELECT document FROM asset_search ORDER BY asset_id LIMIT 100000) s, unnest(s.document) GROUP BY lexeme ORDER BY lexeme ON CONFLICT DO NOTHING");
  await refreshStatistics(db, now);
  if (!db.embedded) await db.pool.query('VACUUM ANALYZE asset_search');
  say(`  words counted after ${seconds()} s`);
  return { buildSeconds: seconds() };
}

async function insertAssets(db: Database, rows: MadeAsset[]): Promise<void> {
  const digest = "'0x' || md5('m' || r.\"assetId\") || md5(r.\"assetId\" || 'm')";
  const from = `FROM jsonb_to_recordset($1::jsonb) r ("assetId" bigint, kind text, owner text, title text, tags jsonb, columns jsonb, description text, license text, category text, task text, rows bigint, size bigint, price bigint, live boolean)`;
  const json = [JSON.stringify(rows)];
  const weighed = (text: string, weight: string): string => `setweight(to_tsvector('english', ${text}), '${weight}')`;
  const joined = (list: string): string => `(SELECT string_agg(w, ' ') FROM jsonb_array_elements_text(${list}) w)`;
  await db.pool.query(`INSERT INTO assets (asset_id, kind, owner, published_at) SELECT r."assetId", r.kind, r.owner, ${now} - 90 * 86400 + (r."assetId" % 90) * 86400 ${from}`, json);
  await db.pool.query(`INSERT INTO versions (asset_id, version, status, manifest_digest, content_root, content_commitment, key_commitment, committee, threshold, validators_may_read, subject, transaction, block, at)
    SELECT r."assetId", 1, CASE WHEN r.live THEN 'live' ELSE 'pending' END, ${digest}, 'r', 'c', 'k', '[1]', 1, true, 's', 't', r."assetId", ${now} ${from}`, json);
  await db.pool.query(`INSERT INTO manifests (digest, state, attempts, retry_at, title, description, license, tags, row_count, columns, sealed_size, content_root, content_commitment, keyset_digest, category, task, described, search)
    SELECT ${digest}, 'read', 1, 0, r.title, r.description, r.license, r.tags, r.rows, (SELECT jsonb_agg(jsonb_build_object('name', c, 'kind', 'numeric', 'missing', 0, 'distinct', 100)) FROM jsonb_array_elements_text(r.columns) c), r.size, 'r', 'c', 'k', r.category, r.task, true,
      ${weighed('r.title', 'A')} || ${weighed(joined('r.tags'), 'B')} || ${weighed(joined('r.columns'), 'C')} || ${weighed('r.description', 'D')} ${from}`, json);
  await db.pool.query(`INSERT INTO listings (listing_id, asset_id, seller, kind, price, first_version, last_version, model_share_bps, terms_digest, retired)
    SELECT r."assetId", r."assetId", r.owner, 'download', r.price::numeric * 1000000000000000000, 1, 0, 0, 't', false ${from} WHERE r.price IS NOT NULL`, json);
}

/** As many orders as assets, most of them of few: the popular ones lie anywhere among the numbers. */
async function insertOrders(db: Database, count: number): Promise<void> {
  const { uniform } = createRandomNumbers(77);
  const scattered = (rank: number): number => 1 + ((rank * 7_919 + 13) % count);
  for (let start = 0; start < count; start += batch) {
    const size = Math.min(batch, count - start);
    const rows = Array.from({ length: size }, (_, index) => ({ id: start + index, asset: scattered(zipf(uniform, count)), buyer: `0x${(1_000_000 + zipf(uniform, 50_000)).toString(16).padStart(40, '0')}`, at: now - Math.floor(uniform() * 90 * 86_400) }));
    await db.pool.query(`INSERT INTO orders (order_id, listing_id, asset_id, version, buyer, seller, price, recipient_key, state, opened_at, changed_at, opened_block, opened_index)
      SELECT 'o' || r.id, r.asset, r.asset, 1, r.buyer, '0x', 1, 'k', 'claimed', r.at, r.at, r.at, 0 FROM jsonb_to_recordset($1::jsonb) r (id bigint, asset bigint, buyer text, at bigint)`, [JSON.stringify(rows)]);
  }
}

export type BenchQuery = Record<string, string>;

/** What people ask: from a seed that was fixed before anything was tuned. One word, two of one title, the beginning of one, a misspelt one, filters, facets, other orders. */
export function makeQueries(count: number): BenchQuery[] {
  const { uniform } = createRandomNumbers(4_711);
  const word = (): string => wordOf(zipf(uniform, 20_000));
  const filter = (): BenchQuery => (uniform() < 0.5 ? { category: ['science', 'health', 'finance', 'climate'][Math.floor(uniform() * 4)]! } : { kind: 'dataset', verified: 'yes' });
  const kinds: (() => BenchQuery)[] = [
    () => ({ q: word() }), () => ({ q: word() }), () => ({ q: `${word()} ${word()}` }), () => ({ q: `${word()} ${word()}` }), () => ({ q: `${word()} ${word()} ${word()}` }),
    () => ({ q: word().slice(0, -1) }), () => swapped(word()), () => filter(), () => ({ ...filter(), q: word(), facets: 'true' }), () => ({ ...filter(), sort: ['popular', 'newest', 'price', 'trending'][Math.floor(uniform() * 4)]! }),
  ];
  return Array.from({ length: count }, () => kinds[Math.floor(uniform() * kinds.length)]!());
}

function swapped(word: string): BenchQuery {
  const at = Math.max(1, Math.floor(word.length / 2));
  return { q: `${word.slice(0, at - 1)}${word[at]}${word[at - 1]}${word.slice(at + 1)}` };
}
