import type { Flow, FlowKind } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import { getAddress } from 'viem';
import type { Address, Hex } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { present } from './present.ts';
import type { Range } from './ranges.ts';

type Row = { block: bigint; log_index: number; at: bigint; transaction: Hex; subject: string; kind: FlowKind; account: Address | null; other: Address | null; asset_id: bigint | null; token: Address | null; amount: bigint };
type Wanted = { db: Database; neuroCoin: Address; range: Range; limit: number; account?: Address | undefined; kind?: FlowKind | undefined; cursor?: string | undefined };

/** Amounts of a range, newest first, without zeros. A cursor names the last one of the page before: block, place, kind. */
export async function readFlows(parameters: Wanted): Promise<{ items: Flow[]; next?: string }> {
  const { db, neuroCoin, range, limit, kind, cursor } = parameters;
  const account = parameters.account && getAddress(parameters.account);
  const conditions = [
    sql`f.at >= ${range.from} AND f.at <= ${range.to} AND f.amount > 0`, ...(kind ? [sql`f.kind = ${kind}`] : []), ...(account ? [sql`(f.account = ${account} OR f.other = ${account})`] : []), ...(cursor === undefined ? [] : [before(cursor)]),
  ];
  const { rows } = await db.orm.execute<Row>(sql`SELECT f.block, f.log_index, f.at, f.transaction, f.subject, f.kind, f.account, f.other, f.asset_id, nullif(f.token, ${neuroCoin}) AS token, f.amount
    FROM money_flows f WHERE ${sql.join(conditions, sql` AND `)} ORDER BY f.block DESC, f.log_index DESC, f.kind DESC LIMIT ${limit + 1}`);
  const last = rows[limit - 1];
  const next = rows.length > limit && last ? `${last.block}.${last.log_index}.${last.kind}` : undefined;
  return present({ items: rows.slice(0, limit).map(toFlow), next });
}

function before(cursor: string) {
  const [block, logIndex, kind] = cursor.split('.');
  return sql`(f.block, f.log_index, f.kind) < (${Number(block)}, ${Number(logIndex)}, ${kind})`;
}

function toFlow(row: Row): Flow {
  const { at, transaction, subject, kind, account, other, token, amount } = row;
  const found = present({ at: Number(at), block: Number(row.block), logIndex: row.log_index, transaction, subject, kind, account, other, assetId: row.asset_id === null ? null : Number(row.asset_id), amount });
  return { ...found, token };
}
