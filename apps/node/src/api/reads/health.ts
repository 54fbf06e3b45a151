import type { TrainingLoad, ValidatorHealth } from '@neurodata/protocol';
import { NeuroError } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import type { Address } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { readClock } from './clock.ts';
import type { Range } from './ranges.ts';

type HealthRow = { validator_id: number; account: Address; active: boolean; stake: bigint; rounds: bigint; committed: bigint; revealed: bigint; missed: bigint; faults: bigint; penalties: bigint; earned: bigint };

/** What each validator did with its seats in the rounds that were opened in a range. */
export async function readValidatorHealth(db: Database, range: Range): Promise<ValidatorHealth[]> {
  const now = await readClock(db);
  const { rows } = await db.orm.execute<HealthRow>(sql`SELECT v.validator_id, v.account, v.active, coalesce(s.amount, 0) AS stake, count(r.round_id) AS rounds,
      count(*) FILTER (WHERE a.committed) AS committed, count(*) FILTER (WHERE a.verdict <> 'none') AS revealed,
      count(*) FILTER (WHERE r.round_id IS NOT NULL AND a.verdict = 'none' AND (r.settled OR r.reveal_until < ${now})) AS missed,
      count(a.penalty) AS faults, coalesce(sum(a.penalty), 0) AS penalties, coalesce(sum(a.reward), 0) AS earned
    FROM validators v LEFT JOIN stakes s ON s.account = v.account
      LEFT JOIN (attestations a JOIN rounds r ON r.round_id = a.round_id AND r.opened_at >= ${range.from} AND r.opened_at <= ${range.to}) ON a.validator_id = v.validator_id
    GROUP BY v.validator_id, v.account, v.active, s.amount ORDER BY v.validator_id`);
  return rows.map((row) => ({
    validatorId: row.validator_id, account: row.account, active: row.active, stake: row.stake, rounds: Number(row.rounds), committed: Number(row.committed), revealed: Number(row.revealed), missed: Number(row.missed),
    faults: Number(row.faults), penalties: row.penalties, earned: row.earned,
  }));
}

type LoadRow = Record<'open' | 'running' | 'checked' | 'workers' | 'cores' | 'memory' | 'opened' | 'settled' | 'slashed' | 'refunded' | 'units', bigint> & { wait: bigint | null; run: bigint | null };

/** What waits and runs now, and what came of the jobs of a range. */
export async function readTrainingLoad(db: Database, { from, to }: Range): Promise<TrainingLoad> {
  const { rows: [row] } = await db.orm.execute<LoadRow>(sql`SELECT
    (SELECT count(*) FROM jobs WHERE state = 'open') AS open, (SELECT count(*) FROM jobs WHERE state IN ('claimed', 'cancelled')) AS running,
    (SELECT count(*) FROM jobs WHERE state IN ('submitted', 'accepted', 'rejected')) AS checked,
    w.workers, w.cores, w.memory, o.opened, o.units, d.settled, d.slashed, d.refunded,
    (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY e.timestamp - j.opened_at) FROM events e JOIN jobs j ON j.job_id = substr(e.subject, 5) WHERE e.name = 'JobClaimed' AND e.timestamp >= ${from} AND e.timestamp <= ${to}) AS wait,
    (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY e.timestamp - c.timestamp) FROM events e
      CROSS JOIN LATERAL (SELECT p.timestamp FROM events p WHERE p.subject = e.subject AND p.name = 'JobClaimed' AND (p.block, p.log_index) < (e.block, e.log_index) ORDER BY p.block DESC, p.log_index DESC LIMIT 1) c
      WHERE e.name = 'ReceiptSubmitted' AND e.timestamp >= ${from} AND e.timestamp <= ${to}) AS run
    FROM (SELECT count(*) AS workers, coalesce(sum(cores), 0)::bigint AS cores, coalesce(sum(memory_mib), 0)::bigint AS memory FROM workers WHERE active) w,
      (SELECT count(*) AS opened, coalesce(sum(units), 0)::bigint AS units FROM jobs WHERE opened_at >= ${from} AND opened_at <= ${to}) o,
      (SELECT count(*) FILTER (WHERE state = 'settled') AS settled, count(*) FILTER (WHERE state = 'slashed') AS slashed, count(*) FILTER (WHERE state = 'refunded') AS refunded
        FROM jobs WHERE state IN ('settled', 'slashed', 'refunded') AND changed_at >= ${from} AND changed_at <= ${to}) d`);
  if (!row) throw new NeuroError('The database gave no sums.', { code: 'INTERNAL' });
  const { wait, run, memory, ...counts } = row;
  const load = Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, Number(value)])) as Record<keyof typeof counts, number>;
  return { ...load, memoryMiB: Number(memory), waitSeconds: wait === null ? null : Number(wait), runSeconds: run === null ? null : Number(run) };
}
