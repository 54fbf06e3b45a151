import type { recommendationReasons } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import type { Address } from 'viem';
import type { Database } from '../db/openDatabase.ts';
import { findBoughtTogether, findSimilar } from './relatedAssets.ts';

type Because = (typeof recommendationReasons)[number];
export type Recommended = { assetId: number; score: number; reason: { because: Because; assetId?: number; via?: 'similar' | 'boughtTogether' } };
/** Of the person's own history: what it was, and how long ago it came among all. */
type Seed = { assetId: number; because: Exclude<Because, 'trending'> };

/** The last so many things that somebody bought, ran or liked; each older one counts nine tenths of the one before. */
const mostSeeds = 8;
const fading = 0.9;
const weightOf = { bought: 1, ran: 0.8, favourite: 0.7 } as const;
/** Who bought both knows more than who wrote both. */
const weightOfWay = { boughtTogether: 1, similar: 0.8 } as const;
const perSeed = 10;

/**
 * What may interest somebody: for each of the last eight assets that the wallets bought or ran or the user likes, what is
 * bought together with it and what is like it. A candidate's score is the sum over seeds of seed weight * 0.9^place * way weight *
 * likeness; its reason is the largest part of that sum. What is known already is left out; without a history, what is trending.
 */
export async function recommend(db: Pick<Database, 'orm'>, who: { wallets: readonly Address[]; userId?: string | undefined; limit?: number | undefined }): Promise<Recommended[]> {
  const { limit = 8 } = who;
  const { seeds, known } = await historyOf(db, who);
  const parts = (await Promise.all(seeds.map((seed, place) => partsOf(db, seed, place)))).flat().filter(({ assetId }) => !known.has(assetId));
  const byAsset = Map.groupBy(parts, ({ assetId }) => assetId);
  const found = [...byAsset].map(([assetId, of]): Recommended => {
    const [first] = of.toSorted((a, b) => b.score - a.score);
    return { assetId, score: Math.round(of.reduce((sum, { score }) => sum + score, 0) * 1e6) / 1e6, reason: first!.reason };
  }).toSorted((a, b) => b.score - a.score || a.assetId - b.assetId).slice(0, limit);
  if (found.length > 0) return found;
  const { rows } = await db.orm.execute<{ asset_id: bigint }>(sql`SELECT asset_id FROM asset_search WHERE listed ORDER BY trend DESC, asset_id DESC LIMIT ${limit + known.size}`);
  return rows.map((row) => Number(row.asset_id)).filter((assetId) => !known.has(assetId)).slice(0, limit).map((assetId) => ({ assetId, score: 0, reason: { because: 'trending' } }));
}

async function partsOf(db: Pick<Database, 'orm'>, seed: Seed, place: number): Promise<Recommended[]> {
  const [similar, together] = await Promise.all([findSimilar(db, { assetId: seed.assetId, limit: perSeed }), findBoughtTogether(db, { assetId: seed.assetId, limit: perSeed })]);
  const weight = weightOf[seed.because] * fading ** place;
  const part = (via: 'similar' | 'boughtTogether') => ({ assetId, score }: { assetId: number; score: number }): Recommended =>
    ({ assetId, score: weight * weightOfWay[via] * score, reason: { because: seed.because, assetId: seed.assetId, via } });
  return [...together.map(part('boughtTogether')), ...similar.map(part('similar'))];
}

async function historyOf(db: Pick<Database, 'orm'>, { wallets, userId }: { wallets: readonly Address[]; userId?: string | undefined }): Promise<{ seeds: Seed[]; known: Set<number> }> {
  const own = sql`(${wallets.length > 0 ? sql.join(wallets.map((wallet) => sql`${wallet}`), sql`, `) : sql`NULL`})`;
  const { rows } = await db.orm.execute<{ asset_id: bigint; because: Seed['because'] | 'own' }>(sql`SELECT asset_id, because FROM (
      (SELECT asset_id, 'bought' AS because, opened_at AS at FROM orders WHERE buyer IN ${own} AND state <> 'refunded' ORDER BY opened_block DESC, opened_index DESC LIMIT 300)
      UNION ALL (SELECT asset_id, 'ran', opened_at FROM jobs WHERE buyer IN ${own} AND state <> 'refunded' ORDER BY opened_block DESC, opened_index DESC LIMIT 300)
      UNION ALL (SELECT asset_id, 'favourite', at FROM favourites WHERE user_id = ${userId ?? null}::text ORDER BY at DESC LIMIT 300)
      UNION ALL (SELECT asset_id, 'own', 0 FROM assets WHERE owner IN ${own} ORDER BY asset_id DESC LIMIT 1000)) h ORDER BY at DESC, asset_id DESC, because`);
  const seeds = new Map<number, Seed>();
  for (const row of rows) {
    const assetId = Number(row.asset_id);
    if (row.because === 'own') continue;
    const before = seeds.get(assetId);
    if (!before) seeds.set(assetId, { assetId, because: row.because });
    else if (weightOf[row.because] > weightOf[before.because]) before.because = row.because;
  }
  return { seeds: [...seeds.values()].slice(0, mostSeeds), known: new Set(rows.map((row) => Number(row.asset_id))) };
}
