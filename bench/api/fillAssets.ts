import type { Config } from '@neurodata/protocol';
import type { Database } from '../../apps/node/src/db/openDatabase.ts';
import { fillSearch } from '../../apps/node/src/db/refreshSearch.ts';

export const benchConfig: Config = {
  version: '0.1.0', deployment: { chainId: 31_337, block: 0, addresses: {} as Config['deployment']['addresses'] }, rpcUrl: '/rpc', demo: false, engineId: `0x${'00'.repeat(32)}`, feeBps: 25, roundFee: 1n, listingBond: 1n,
  windows: { grant: 600, confirm: 259_200, dispute: 604_800, jobOpen: 900, jobRun: 900 },
};

/** Rows as the indexer would make them: live datasets with texts, two listings, twenty events each, and some orders. */
export async function fillAssets(db: Database, count: number): Promise<void> {
  const owner = `'0x' || lpad(to_hex(4096 + i % 97), 40, '0')`;
  const digest = (salt: string): string => `'0x' || md5('${salt}' || i) || md5(i || '${salt}')`;
  const each = `FROM generate_series(1, ${count}) i`;
  const statements = [
    `INSERT INTO cursor (deployment, block, hash, timestamp) VALUES ('bench', ${count}, '0x00', 1700000000) ON CONFLICT DO NOTHING`,
    `INSERT INTO assets (asset_id, kind, owner, published_at) SELECT i, CASE WHEN i % 5 = 0 THEN 'model' ELSE 'dataset' END, ${owner}, 1600000000 + i ${each}`,
    `INSERT INTO versions (asset_id, version, status, manifest_digest, content_root, content_commitment, key_commitment, committee, threshold, validators_may_read, subject, transaction, block, at)
      SELECT i, 1, 'live', ${digest('m')}, ${digest('r')}, ${digest('c')}, ${digest('k')}, '[1,2,3]', 2, true, ${digest('s')}, ${digest('t')}, i, 1600000000 + i ${each}`,
    `INSERT INTO manifests (digest, state, attempts, retry_at, title, description, license, source, tags, row_count, columns, sealed_size, content_root, content_commitment, keyset_digest, search)
      SELECT ${digest('m')}, 'read', 1, 0, 'Measurements ' || i || ' of rivers and weather', repeat('Daily values of station ' || i || ', with gaps filled. ', 8), 'CC-BY-4.0', 'https://data.example/' || i, '["weather","rivers","daily"]',
        1000 + i, (SELECT jsonb_agg(jsonb_build_object('name', 'column_' || c, 'kind', 'numeric', 'missing', 0, 'distinct', 100 + c)) FROM generate_series(1, 12) c), 100000 + i,
        ${digest('r')}, ${digest('c')}, ${digest('k')}, to_tsvector('english', 'Measurements ' || i || ' of rivers and weather') ${each}`,
    ...[1, 2].map((kind) => `INSERT INTO listings (listing_id, asset_id, seller, kind, price, first_version, last_version, model_share_bps, terms_digest, retired)
      SELECT i * 2 - ${kind - 1}, i, ${owner}, '${kind === 1 ? 'download' : 'compute'}', (1 + i % 50)::numeric * 1000000000000000000, 1, 0, 0, ${digest('l')}, false ${each}`),
    `INSERT INTO events (block, log_index, transaction, timestamp, gas_used, contract, name, subject, asset_id, account, topics, data, args)
      SELECT i, e, ${digest('t')}, 1600000000 + i, 100000 + e, 'assetRegistry', 'AssetPublished', 'asset:' || i, i, ${owner}, '[]', '0x', '{}' FROM generate_series(1, ${count}) i, generate_series(1, 20) e`,
    `INSERT INTO orders (order_id, listing_id, asset_id, version, buyer, seller, price, recipient_key, state, opened_at, changed_at, opened_block, opened_index)
      SELECT ${digest('o')}, i * 2, i, 1, '0x' || lpad(to_hex(8192 + i % 89), 40, '0'), ${owner}, 1000000000000000000, ${digest('p')}, 'granted', 1600000000 + i, 1600000000 + i, i, 1 ${each}`,
    'ANALYZE',
  ];
  for (const statement of statements) await db.pool.query(statement);
  for (let after: number | undefined = 0; after !== undefined;) after = await fillSearch(db.orm, { after, limit: 1_000 });
}
