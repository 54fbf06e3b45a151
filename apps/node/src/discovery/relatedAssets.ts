import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Database } from '../db/openDatabase.ts';

type Db = Pick<Database, 'orm'>;
export type Similar = { assetId: number; score: number; parts: { text: number; columns: number; publisher: number; lineage: number } };
export type BoughtTogether = { assetId: number; buyers: number; score: number };

/** How much each part counts; together 1. */
const weights = { text: 0.55, columns: 0.2, publisher: 0.05, lineage: 0.2 };
/** An asset is known by so many of its words: those of title, tags and columns that few others have. */
const mostWords = 12;
/** A word of more assets than this tells little, and would bring too many candidates. */
const mostUses = 3_000;
const mostCandidates = 300;
/** Of a popular asset, its last so many buyers speak. */
const mostBuyers = 2_000;
/** One buyer who bought two things says nothing about them. */
const fewestBuyers = 2;

const digits = (value: number): number => Math.round(value * 1e6) / 1e6;

/**
 * Assets like this one: 0.55 text (the part of its rare words, weighed by rarity, that the other has too), 0.2 columns
 * (Jaccard index of their names), 0.05 publisher (the same), 0.2 lineage (parent or child 1, children of one parent 0.5).
 */
export async function findSimilar(db: Db, { assetId, limit = 6 }: { assetId: number; limit?: number | undefined }): Promise<Similar[]> {
  const words = await rareWords(db, assetId);
  type Row = { asset_id: bigint; text: number; columns: number; publisher: number; lineage: number };
  const { rows } = await db.orm.execute<Row>(sql`WITH me AS (SELECT * FROM asset_search WHERE asset_id = ${assetId}),
    kin AS (SELECT asset_id, max(near) AS near FROM (${kinOf(assetId)}) k WHERE asset_id <> ${assetId} GROUP BY asset_id),
    candidates AS (${byWords(words)} UNION (SELECT asset_id FROM kin ORDER BY near DESC, asset_id LIMIT ${mostCandidates})
      UNION (SELECT s.asset_id FROM asset_search s, me WHERE s.listed AND s.owner = me.owner ORDER BY s.asset_id DESC LIMIT 50))
    SELECT s.asset_id, ${shareOf(words)} AS text,
      CASE WHEN cardinality(s.columns) = 0 OR cardinality(me.columns) = 0 THEN 0 ELSE both_have.n::float8 / (cardinality(s.columns) + cardinality(me.columns) - both_have.n) END AS columns,
      CASE WHEN s.owner = me.owner THEN 1 ELSE 0 END::float8 AS publisher, coalesce(kin.near, 0)::float8 AS lineage
    FROM candidates c JOIN asset_search s ON s.asset_id = c.asset_id AND s.listed CROSS JOIN me LEFT JOIN kin ON kin.asset_id = s.asset_id
      CROSS JOIN LATERAL (SELECT count(*) AS n FROM (SELECT unnest(s.columns) INTERSECT SELECT unnest(me.columns)) x) both_have
    WHERE s.asset_id <> ${assetId}`);
  const scored = rows.map(({ asset_id, ...parts }): Similar => {
    const score = weights.text * parts.text + weights.columns * parts.columns + weights.publisher * parts.publisher + weights.lineage * parts.lineage;
    return { assetId: Number(asset_id), score: digits(score), parts: { text: digits(parts.text), columns: digits(parts.columns), publisher: parts.publisher, lineage: parts.lineage } };
  });
  // The same publisher alone is no likeness.
  return scored.filter(({ score }) => score > weights.publisher).toSorted((a, b) => b.score - a.score || a.assetId - b.assetId).slice(0, limit);
}

type Weighed = { word: string; weight: number };

/** Title words count three times, tags and columns twice and once, each by how rare it is: ln(1 + assets / uses). */
async function rareWords(db: Db, assetId: number): Promise<Weighed[]> {
  const { rows } = await db.orm.execute<{ word: string; weight: number }>(sql`SELECT u.lexeme AS word,
      (CASE WHEN 'A' = ANY (u.weights) THEN 3 WHEN 'B' = ANY (u.weights) THEN 2 ELSE 1 END) * ln(1 + coalesce((SELECT assets FROM search_statistics), 1000)::float8 / greatest(w.uses, 1)) AS weight
    FROM asset_search s, unnest(s.document) u JOIN search_words w ON w.word = u.lexeme
    WHERE s.asset_id = ${assetId} AND u.weights && ARRAY['A', 'B', 'C'] AND w.uses <= ${mostUses} ORDER BY weight DESC, word LIMIT ${mostWords}`);
  return rows;
}

function byWords(words: Weighed[]): SQL {
  if (words.length === 0) return sql`(SELECT asset_id FROM me WHERE false)`;
  const any = words.map(({ word }) => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`).join(' | ');
  return sql`(SELECT f.asset_id FROM (SELECT s.asset_id, ts_rank('{0.1,0.25,0.5,1}', s.document, ${any}::tsquery) AS rank FROM asset_search s WHERE s.listed AND s.document @@ ${any}::tsquery LIMIT 3000) f
    ORDER BY f.rank DESC, f.asset_id LIMIT ${mostCandidates})`;
}

function shareOf(words: Weighed[]): SQL {
  if (words.length === 0) return sql`0::float8`;
  const total = words.reduce((sum, { weight }) => sum + weight, 0);
  return sql`(SELECT coalesce(sum(w.weight ORDER BY w.word), 0) FROM jsonb_to_recordset(${JSON.stringify(words)}::jsonb) w (word text, weight float8) WHERE w.word = ANY (tsvector_to_array(s.document))) / ${total}::float8`;
}

const kinOf = (assetId: number): SQL => sql`SELECT parent_asset_id AS asset_id, 1.0 AS near FROM lineage WHERE asset_id = ${assetId}
  UNION ALL SELECT asset_id, 1.0 FROM lineage WHERE parent_asset_id = ${assetId}
  UNION ALL SELECT b.asset_id, 0.5 FROM lineage a JOIN lineage b ON b.parent_asset_id = a.parent_asset_id WHERE a.asset_id = ${assetId}`;

/** What buyers of this asset also bought: by how many bought both, over the root of the product of how many bought each. Two buyers at least. */
export async function findBoughtTogether(db: Db, { assetId, limit = 6 }: { assetId: number; limit?: number | undefined }): Promise<BoughtTogether[]> {
  const { rows } = await db.orm.execute<{ asset_id: bigint; buyers: bigint; mine: bigint; others: bigint }>(sql`WITH buyers AS (SELECT DISTINCT buyer FROM (SELECT o.buyer FROM orders o JOIN assets a ON a.asset_id = o.asset_id
      WHERE o.asset_id = ${assetId} AND o.state <> 'refunded' AND o.buyer <> a.owner ORDER BY o.opened_block DESC, o.opened_index DESC LIMIT ${mostBuyers}) b),
    pairs AS (SELECT o.asset_id, count(DISTINCT o.buyer) AS buyers FROM buyers b CROSS JOIN LATERAL (SELECT asset_id, buyer FROM orders WHERE buyer = b.buyer AND state <> 'refunded' ORDER BY opened_block DESC, opened_index DESC LIMIT 200) o
      WHERE o.asset_id <> ${assetId} GROUP BY o.asset_id HAVING count(DISTINCT o.buyer) >= ${fewestBuyers} ORDER BY buyers DESC, o.asset_id LIMIT 100)
    SELECT p.asset_id, p.buyers, (SELECT count(*) FROM buyers) AS mine,
      (SELECT count(DISTINCT x.buyer) FROM (SELECT buyer FROM orders WHERE asset_id = p.asset_id AND state <> 'refunded' ORDER BY opened_block DESC, opened_index DESC LIMIT ${mostBuyers}) x) AS others
    FROM pairs p JOIN asset_search s ON s.asset_id = p.asset_id AND s.listed JOIN assets a ON a.asset_id = p.asset_id`);
  return rows.map((row): BoughtTogether => ({ assetId: Number(row.asset_id), buyers: Number(row.buyers), score: digits(Number(row.buyers) / Math.sqrt(Number(row.mine) * Math.max(1, Number(row.others)))) }))
    .toSorted((a, b) => b.score - a.score || b.buyers - a.buyers || a.assetId - b.assetId).slice(0, limit);
}

