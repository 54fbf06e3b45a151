import { scoresOf } from '@neurodata/engine';
import { NeuroError } from '@neurodata/protocol';
import type { BoardEntry, LeaderboardDto, Split } from '@neurodata/protocol';
import { rawCidOfDigest } from '@neurodata/storage';
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Address, Hex } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import type { ReceiptFacts, SpecFacts } from '../../db/schema.ts';
import { present } from './present.ts';

/** Which leaderboard: a dataset version with the split that the chain fixed for it. */
export type Board = { assetId: number; version: number; split: Split };
type Section = { task: 'classification' | 'regression'; target: string };
export type Sort = { name: string; better: 'higher' | 'lower' };

/** Jobs `j` whose spec `s` trains on the version's very content, with the board's split, towards a target; no trials, whose scores are rounded. */
function onSplit({ assetId, version, split }: Board): SQL {
  const facts = JSON.stringify({ assetId, version, rule: split.rule, seed: split.seed, testFraction: split.testFraction });
  return sql`FROM jobs j
    JOIN versions v ON v.asset_id = j.asset_id AND v.version = j.version
    JOIN run_documents s ON s.kind = 'spec' AND s.digest = j.spec_digest AND s.state = 'read'
    LEFT JOIN run_documents r ON r.kind = 'receipt' AND r.digest = j.receipt_digest
    WHERE j.asset_id = ${assetId} AND j.version = ${version} AND s.facts @> ${facts}::jsonb AND s.facts->>'contentRoot' = v.content_root AND s.facts->>'target' IS NOT NULL AND s.facts->>'output' IS NULL`;
}

/** Whose verdict is final and who went to the end: what `leaderboardStanding` says yes to. The receipt `r` must name this job and spec. */
const counts = sql`j.state = 'settled' AND j.total_steps = 0
  AND r.state = 'read' AND r.facts->>'jobId' = j.job_id AND r.facts->>'specDigest' = j.spec_digest AND r.facts->>'task' = s.facts->>'task'`;

export async function readSections(db: Database, board: Board): Promise<LeaderboardDto['sections']> {
  const { rows } = await db.orm.execute<Section & { runs: bigint }>(sql`SELECT s.facts->>'task' AS task, s.facts->>'target' AS target, count(*) AS runs
    ${onSplit(board)} AND ${counts} GROUP BY 1, 2 ORDER BY 3 DESC, 2, 1`);
  return rows.map(({ task, target, runs }) => ({ task, target, runs: Number(runs) }));
}

/** Those that may still come to count. */
export async function countWaiting(db: Database, board: Board): Promise<number> {
  const { rows: [row] } = await db.orm.execute<{ count: bigint }>(sql`SELECT count(*) ${onSplit(board)}
    AND (j.state IN ('open', 'claimed', 'submitted', 'accepted') OR (j.state = 'settled' AND j.total_steps = 0 AND r.state = 'wanted'))`);
  return Number(row?.count ?? 0);
}

/** The fullest section of those that fit; a target that nobody has reached yet has none. */
export function chooseSection(sections: LeaderboardDto['sections'], wanted: { task?: string | undefined; target?: string | undefined }): Section | undefined {
  return sections.find(({ task, target }) => (wanted.task ?? task) === task && (wanted.target ?? target) === target);
}

/** By the task's main score unless something else is named. @throws NeuroError BAD_INPUT */
export function chooseSort(task: Section['task'], name: string | undefined): Sort {
  const scores = scoresOf(task);
  const sorts: Sort[] = [...scores, { name: 'cost', better: 'lower' }, { name: 'time', better: 'lower' }, { name: 'steps', better: 'lower' }];
  const found = sorts.find((sort) => sort.name === (name ?? scores[0]?.name));
  if (found) return { name: found.name, better: found.better };
  throw new NeuroError(`A leaderboard for ${task} is not sorted by "${name}".`, { code: 'BAD_INPUT', remedy: `Sort by one of: ${sorts.map((sort) => sort.name).join(', ')}.` });
}

const cost = sql`j.price + j.worker_fee + j.validation_fee`;
const timeOf = (event: 'JobClaimed' | 'ReceiptSubmitted'): SQL => sql`(SELECT max(e.timestamp) FROM events e WHERE e.subject = 'job:' || j.job_id AND e.name = ${event})`;
const seconds = sql`${timeOf('ReceiptSubmitted')} - ${timeOf('JobClaimed')}`;

function keyOf({ name }: Sort): SQL {
  if (name === 'cost') return cost;
  if (name === 'time') return seconds;
  if (name === 'steps') return sql`(r.facts->>'steps')::bigint`;
  return sql`(r.facts->'scores'->>${name})::float8`;
}

type Row = {
  rank: bigint; job_id: Hex; buyer: Address; worker: Address; price: bigint; worker_fee: bigint; validation_fee: bigint; opened_at: bigint; receipt_digest: Hex; engine_id: Hex;
  seconds: bigint; spec: SpecFacts; receipt: ReceiptFacts; model: bigint | null;
};

/** The runs of a section in order; of equal ones the first opened comes first, with the same rank. */
export async function readEntries(db: Database, parameters: Board & Section & { sort: Sort; offset: number; limit: number }): Promise<BoardEntry[]> {
  const { task, target, sort, offset, limit } = parameters;
  const order = sql`${keyOf(sort)} ${sort.better === 'higher' ? sql`DESC` : sql`ASC`} NULLS LAST`;
  const { rows } = await db.orm.execute<Row>(sql`SELECT rank() OVER (ORDER BY ${order}) AS rank, j.job_id, j.buyer, j.worker, j.price, j.worker_fee, j.validation_fee, j.opened_at, j.receipt_digest, j.engine_id,
      ${seconds} AS seconds, s.facts AS spec, r.facts AS receipt, (SELECT min(a.asset_id) FROM assets a WHERE a.job_id = j.job_id) AS model
    ${onSplit(parameters)} AND ${counts} AND s.facts->>'task' = ${task} AND s.facts->>'target' = ${target}
    ORDER BY ${order}, j.opened_block, j.opened_index LIMIT ${limit} OFFSET ${offset}`);
  return rows.map(toEntry);
}

function toEntry(row: Row): BoardEntry {
  const { spec: { algorithm, features }, receipt: { scores, steps, testRows, trainRows } } = row;
  const [price, workerFee, validationFee] = [BigInt(row.price), BigInt(row.worker_fee), BigInt(row.validation_fee)];
  return present({
    rank: Number(row.rank), jobId: row.job_id, algorithm, features, scores, testRows, trainRows, steps, seconds: Number(row.seconds),
    cost: price + workerFee + validationFee, price, workerFee, validationFee, buyer: row.buyer, worker: row.worker, engineId: row.engine_id, openedAt: Number(row.opened_at),
    receiptDigest: row.receipt_digest, receiptCid: rawCidOfDigest(row.receipt_digest), modelAssetId: row.model === null ? null : Number(row.model),
  });
}
