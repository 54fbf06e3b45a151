import { sortVolume } from '@neurodata/protocol';
import type { FlowKind, Interval, Metric, Series } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { getAddress } from 'viem';
import type { Address } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { present } from './present.ts';

type Value = { token: Address | null; amount: bigint; count: number };
type Change = Value & { bucket: number };
type Wanted = { db: Database; neuroCoin: Address; borders: number[]; account?: Address | undefined };

/** Which flows a figure adds up, and on which side of them an account is looked for. */
const kindsOf: Record<Exclude<Metric, 'escrow' | 'stake'>, { kinds: FlowKind[]; side: 'account' | 'other' }> = {
  orders: { kinds: ['ordered'], side: 'other' }, runs: { kinds: ['hired'], side: 'other' }, verifiedRuns: { kinds: ['worked'], side: 'account' },
  spending: { kinds: ['ordered', 'hired', 'subscribed', 'dealt'], side: 'account' }, earnings: { kinds: ['earned'], side: 'account' }, payouts: { kinds: ['worked', 'validated'], side: 'account' },
  refunds: { kinds: ['refunded'], side: 'account' }, fees: { kinds: ['fee'], side: 'other' }, royalties: { kinds: ['royalty'], side: 'other' }, slashing: { kinds: ['slashed'], side: 'account' },
};

/** A figure over time: one point per interval, each with every token that comes up. */
export async function readSeries(parameters: { db: Database; neuroCoin: Address; metric: Metric; interval: Interval; borders: number[]; account?: Address | undefined }): Promise<Series> {
  const { metric, interval, borders } = parameters;
  const account = parameters.account && getAddress(parameters.account);
  const wanted: Wanted = { ...parameters, account };
  const level = metric === 'escrow' || metric === 'stake';
  const each = level ? await readLevels(wanted, metric === 'escrow' ? escrowParts(account) : stakeParts(account)) : await readChanges(wanted, flowsOf(kindsOf[metric], account));
  const tokens = sortVolume([null, ...new Set(each.map(({ token }) => token).filter((token) => token !== null))].map((token) => ({ token }))).map(({ token }) => token);
  const points = borders.slice(0, -1).map((start, index) => ({
    start, end: borders[index + 1] ?? start,
    values: tokens.map((token) => sumOf(token, each.filter((change) => change.bucket === index + 1 && change.token === token))),
  }));
  const totals = level ? (points.at(-1)?.values ?? []) : tokens.map((token) => sumOf(token, each.filter((change) => change.token === token)));
  return present({ metric, interval, account, level, points, totals });
}

function sumOf(token: Address | null, parts: Value[]): Value {
  return { token, amount: parts.reduce((sum, { amount }) => sum + amount, 0n), count: parts.reduce((sum, { count }) => sum + count, 0) };
}

/** Rows of `at`, `token`, `amount`: sums of amounts and counts of rows per interval and token. */
async function readChanges({ db, neuroCoin, borders }: Wanted, source: SQL): Promise<Change[]> {
  const [first = 0, last = 0] = [borders[0], borders.at(-1)];
  const { rows } = await db.orm.execute<{ bucket: number; token: Address | null; amount: bigint; count: bigint }>(sql`SELECT width_bucket(x.at, ${`{${borders.join(',')}}`}::bigint[]) AS bucket, nullif(x.token, ${neuroCoin}) AS token,
      sum(x.amount) AS amount, count(*) AS count FROM (${source}) x WHERE x.at >= ${first} AND x.at < ${last} GROUP BY 1, 2`);
  return rows.map(({ bucket, token, amount, count }) => ({ bucket: Number(bucket), token, amount: BigInt(amount), count: Number(count) }));
}

function flowsOf({ kinds, side }: { kinds: FlowKind[]; side: 'account' | 'other' }, account: Address | undefined): SQL {
  const list = sql.join(kinds.map((kind) => sql`${kind}`), sql`, `);
  const whose = account === undefined ? sql`` : sql` AND ${side === 'account' ? sql`f.account` : sql`f.other`} = ${account}`;
  return sql`SELECT f.at, f.token, f.amount FROM money_flows f WHERE f.kind IN (${list})${whose}`;
}

/** What there is now (`token`, `amount`, `count`), and what came (+) and went (-) when (`at`, `token`, `amount`, `sign`; `n`: how many orders and jobs more). */
type LevelParts = { now: SQL; changes: SQL };

/**
 * Levels at the ends of intervals: what there is now, less what came after, plus what went after. So only the time from the range on is read, never
 * all of history.
 */
async function readLevels(wanted: Wanted, { now, changes }: LevelParts): Promise<Change[]> {
  const { db, neuroCoin, borders } = wanted;
  const ends = borders.slice(1);
  const { rows: present_ } = await db.orm.execute<{ token: Address | null; amount: bigint; count: bigint }>(sql`SELECT nullif(x.token, ${neuroCoin}) AS token, coalesce(sum(x.amount), 0) AS amount, coalesce(sum(x.count), 0)::bigint AS count FROM (${now}) x GROUP BY 1`);
  const { rows: later } = await db.orm.execute<{ bucket: number; token: Address | null; amount: bigint; count: bigint }>(sql`SELECT width_bucket(x.at, ${`{${ends.join(',')}}`}::bigint[]) AS bucket, nullif(x.token, ${neuroCoin}) AS token,
      sum(x.sign * x.amount) AS amount, sum(x.n)::bigint AS count FROM (${changes}) x WHERE x.at >= ${ends[0] ?? 0} GROUP BY 1, 2`);
  const tokens = [...new Set([...present_, ...later].map(({ token }) => token))];
  return tokens.flatMap((token) => ends.map((_, index): Change => {
    const own = present_.filter((row) => row.token === token);
    const after = later.filter((row) => row.token === token && Number(row.bucket) > index);
    return {
      bucket: index + 1, token, amount: own.reduce((sum, row) => sum + BigInt(row.amount), 0n) - after.reduce((sum, row) => sum + BigInt(row.amount), 0n),
      count: own.reduce((sum, row) => sum + Number(row.count), 0) - after.reduce((sum, row) => sum + Number(row.count), 0),
    };
  }));
}

/** What Market, Training, Subscriptions and MilestoneEscrow hold for orders, jobs, subscriptions and deals; of an account: what it has paid in. A job counts with all that was paid for it until it ends. */
function escrowParts(account: Address | undefined): LevelParts {
  const of = (column: SQL): SQL => (account === undefined ? sql`` : sql` AND ${column} = ${account}`);
  const job = sql`j.price + j.max_worker_fee + j.validation_fee`;
  const flows = (kinds: SQL, subject: string, sign: number): SQL => sql`SELECT f.at, f.token, f.amount, ${sql.raw(String(sign))} AS sign FROM money_flows f WHERE f.kind IN (${kinds}) AND f.subject LIKE ${`${subject}:%`}`;
  // A fee or a royalty names no payer: of an account, subscriptions and deals are left out.
  const rest = account === undefined ? {
    now: sql` UNION ALL SELECT l.token, s.held, 0 FROM subscriptions s JOIN listings l ON l.listing_id = s.listing_id WHERE s.held > 0 UNION ALL SELECT d.token, d.left_amount, 0 FROM deals d WHERE d.left_amount > 0`,
    changes: sql` UNION ALL SELECT y.at, y.token, y.amount, y.sign, 0 FROM (${flows(sql`'subscribed'`, 'subscription', 1)} UNION ALL ${flows(sql`'earned', 'fee', 'royalty', 'refunded'`, 'subscription', -1)}
      UNION ALL ${flows(sql`'dealt'`, 'deal', 1)} UNION ALL ${flows(sql`'earned', 'refunded'`, 'deal', -1)}) y`,
  } : { now: sql``, changes: sql`` };
  return {
    now: sql`SELECT l.token, o.price AS amount, 1 AS count FROM orders o JOIN listings l ON l.listing_id = o.listing_id WHERE o.state IN ('open', 'granted', 'disputed', 'released')${of(sql`o.buyer`)}
      UNION ALL SELECT NULL, ${job}, 1 FROM jobs j WHERE j.state IN ('open', 'claimed', 'cancelled', 'submitted', 'accepted', 'rejected')${of(sql`j.buyer`)}${rest.now}`,
    changes: sql`SELECT o.opened_at AS at, l.token, o.price AS amount, 1 AS sign, 1 AS n FROM orders o JOIN listings l ON l.listing_id = o.listing_id WHERE true${of(sql`o.buyer`)}
      UNION ALL SELECT o.changed_at, l.token, o.price, -1, -1 FROM orders o JOIN listings l ON l.listing_id = o.listing_id WHERE o.state IN ('claimed', 'refunded')${of(sql`o.buyer`)}
      UNION ALL SELECT j.opened_at, NULL, ${job}, 1, 1 FROM jobs j WHERE true${of(sql`j.buyer`)}
      UNION ALL SELECT j.changed_at, NULL, ${job}, -1, -1 FROM jobs j WHERE j.state IN ('settled', 'slashed', 'refunded')${of(sql`j.buyer`)}${rest.changes}`,
  };
}

/** Own stake, as `Staking.stakeOf` counts it: what is lent to a validator is not among it. */
function stakeParts(account: Address | undefined): LevelParts {
  const of = account === undefined ? sql`` : sql` AND f.account = ${account}`;
  return {
    now: sql`SELECT NULL::text AS token, s.amount, 0 AS count FROM stakes s WHERE s.amount > 0${account === undefined ? sql`` : sql` AND s.account = ${account}`}`,
    changes: sql`SELECT f.at, f.token, f.amount, CASE f.kind WHEN 'staked' THEN 1 ELSE -1 END AS sign, 0 AS n FROM money_flows f WHERE f.kind IN ('staked', 'unbonded', 'slashed', 'delegated')${of}`,
  };
}
