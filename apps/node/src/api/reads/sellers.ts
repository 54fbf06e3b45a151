import { sellerReputation, sortVolume } from '@neurodata/protocol';
import type { Seller } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import type { Address } from 'viem';
import type { Database, Transaction } from '../../db/openDatabase.ts';
import { cursor } from '../../db/schema.ts';

type Counts = Record<'opened' | 'completed' | 'refunded' | 'disputed' | 'lost' | 'won' | 'buyers', bigint>;

/** The facts of `sellerFacts`, from the rows instead of the events, all of one block. */
export async function readSeller(db: Database, seller: Address): Promise<Seller> {
  return db.orm.transaction(async (tx) => {
    const [place] = await tx.select({ block: cursor.block, timestamp: cursor.timestamp }).from(cursor);
    const at = place?.timestamp ?? 0;
    const facts = await readFacts(tx, seller);
    return { seller, block: place?.block ?? 0, at, facts, reputation: sellerReputation(facts, at) };
  }, { isolationLevel: 'repeatable read', accessMode: 'read only' });
}

async function readFacts(tx: Transaction, seller: Address): Promise<Seller['facts']> {
  const { rows: [counts] } = await tx.execute<Counts>(sql`SELECT count(*) AS opened, count(*) FILTER (WHERE o.state IN ('released', 'claimed')) AS completed, count(*) FILTER (WHERE o.state = 'refunded') AS refunded,
      count(*) FILTER (WHERE o.dispute_state IS NOT NULL) AS disputed, count(*) FILTER (WHERE o.dispute_state = 'upheld') AS lost, count(*) FILTER (WHERE o.dispute_state = 'dismissed') AS won,
      count(DISTINCT o.buyer) FILTER (WHERE o.state IN ('released', 'claimed') AND o.buyer <> ${seller}) AS buyers
    FROM orders o WHERE o.seller = ${seller}`);
  const { rows: [delivery] } = await tx.execute<{ granted: bigint; seconds: bigint | null }>(sql`SELECT count(*) AS granted, percentile_disc(0.5) WITHIN GROUP (ORDER BY e.timestamp - o.opened_at) AS seconds
    FROM orders o JOIN events e ON e.subject = 'order:' || o.order_id AND e.name = 'OrderGranted' WHERE o.seller = ${seller}`);
  const { rows: [runs] } = await tx.execute<{ settled: bigint }>(sql`SELECT count(*) AS settled FROM jobs j JOIN listings l ON l.listing_id = j.listing_id WHERE l.seller = ${seller} AND j.state = 'settled'`);
  const { rows: [first] } = await tx.execute<{ at: bigint }>(sql`SELECT e.timestamp AS at FROM events e WHERE e.name = 'ListingCreated' AND e.subject = (SELECT 'listing:' || min(l.listing_id) FROM listings l WHERE l.seller = ${seller})`);
  const number = (value: bigint | null | undefined): number => Number(value ?? 0n);
  return {
    sellingSince: first ? Number(first.at) : null, opened: number(counts?.opened), granted: number(delivery?.granted), completed: number(counts?.completed), refunded: number(counts?.refunded), disputed: number(counts?.disputed),
    disputesLost: number(counts?.lost), disputesWon: number(counts?.won), buyers: number(counts?.buyers), verifiedRuns: number(runs?.settled),
    deliverySeconds: delivery?.seconds == null ? null : Number(delivery.seconds), volume: await readVolume(tx, seller),
  };
}

async function readVolume(tx: Transaction, seller: Address): Promise<Seller['facts']['volume']> {
  const { rows } = await tx.execute<{ token: Address | null; amount: bigint }>(sql`SELECT paid.token, sum(paid.amount) AS amount FROM (
      SELECT l.token, o.price AS amount FROM orders o JOIN listings l ON l.listing_id = o.listing_id WHERE o.seller = ${seller} AND o.state = 'claimed'
      UNION ALL
      SELECT NULL, (e.args->>'toPublisher')::numeric + (e.args->>'fee')::numeric + (e.args->>'toParent')::numeric FROM listings l JOIN jobs j ON j.listing_id = l.listing_id
        JOIN events e ON e.subject = 'job:' || j.job_id AND e.name = 'JobSettled' WHERE l.seller = ${seller}
      UNION ALL
      SELECT l.token, (e.args->>'toSeller')::numeric + (e.args->>'fee')::numeric + (e.args->>'toParent')::numeric FROM listings l JOIN subscriptions s ON s.listing_id = l.listing_id
        JOIN events e ON e.subject = 'subscription:' || s.subscription_id AND e.name = 'SubscriptionClaimed' WHERE l.seller = ${seller}
    ) paid GROUP BY paid.token HAVING sum(paid.amount) > 0`);
  return sortVolume(rows.map(({ token, amount }) => ({ token, amount })));
}
