import { type JobDto, type JobSpec, leaderboardStanding } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { Said } from '../../language/Said.tsx';
import { t } from '../../language/t.ts';
import { boardSplitQuery } from '../../queries/leaderboard.ts';

const words = { yes: t`Counts`, later: t`Will count`, no: t`Does not count` } as const;

/** Whether a run counts on its dataset's leaderboard, and why not. */
export function LeaderboardLine({ job, spec: { train, output } }: { job: JobDto; spec: JobSpec }): JSX.Element {
  const { data, isError } = useQuery(boardSplitQuery(job.assetId, job.version));
  if (isError) return <span className="text-muted">The split of the leaderboard could not be read.</span>;
  if (!data) return <span className="text-muted">…</span>;
  const { counts, reason } = leaderboardStanding({ state: job.state, totalSteps: job.receipt?.totalSteps, train, output, split: data.fixed ? data.split : undefined });
  return <span data-testid="leaderboard-standing" data-counts={counts}><Link className="link" to={`/datasets/${job.assetId}?tab=leaderboard`}>{words[counts]}</Link>. <span className="text-muted"><Said text={reason} /></span></span>;
}
