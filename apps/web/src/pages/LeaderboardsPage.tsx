import { scoresOf, formatScore } from '@neurodata/engine';
import type { AssetSummary, BoardEntry } from '@neurodata/protocol';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { Account } from '../components/Account.tsx';
import { count, plural } from '../components/Amounts.tsx';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Empty, Failure, Skeleton } from '../components/Feedback.tsx';
import { PageTitle, Section, Table } from '../components/Layout.tsx';
import { pointed } from '../language/format.ts';
import { tFrom } from '../language/tFrom.ts';
import { assetsQuery } from '../queries/assets.ts';
import { leaderboardQuery } from '../queries/leaderboard.ts';

const BEST = 5;

/** The best runs of every dataset's newest version, on rows that nobody chose. */
export function LeaderboardsPage(): JSX.Element {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(assetsQuery({ kind: 'dataset', sort: 'popular' }));
  const all = data?.pages.flatMap(({ items }) => items);
  const run = all?.filter(({ runs }) => runs > 0);
  return (
    <>
      <PageTitle title="Leaderboards">Runs on the same held-out rows of a dataset, best first. The chain fixed these rows; validators repeated every run that stands here.</PageTitle>
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <div className="grid gap-6"><Skeleton className="h-56 rounded-lg" /><Skeleton className="h-56 rounded-lg" /></div>}
      {run?.length === 0 && <Empty title="Nobody is on a board yet" action={<ButtonLink look="primary" to="/train">Train a model</ButtonLink>}>A run counts if it predicts a column, is tested on the held-out rows, and its verdict is final.</Empty>}
      <div className="grid gap-6">{run?.map((asset) => <Board key={asset.assetId} asset={asset} />)}</div>
      {hasNextPage && <div className="mt-6 text-center"><Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>Show more datasets</Button></div>}
    </>
  );
}

function Board({ asset }: { asset: AssetSummary }): JSX.Element {
  const { data, error, refetch } = useInfiniteQuery(leaderboardQuery({ assetId: asset.assetId, version: asset.latestVersion }));
  const board = data?.pages[0];
  const more = <Link to={`/datasets/${asset.assetId}?tab=leaderboard`} className="link text-sm">Whole board</Link>;
  return (
    <Section title={asset.title} aside={more}>
      {error && !board && <Failure error={error} retry={() => void refetch()} />}
      {!board && !error && <Skeleton className="h-40" />}
      {board && !board.section && <p className="text-muted">Version {board.version}: {board.waiting > 0 ? `${plural(board.waiting, 'run')} on the way.` : 'none of its runs was tested on the held-out rows.'} <Link to={`/train/${asset.assetId}`} className="link">Be the first</Link></p>}
      {board?.section && <Best task={board.section.task} target={board.section.target} sort={board.section.sort} version={board.version} items={board.items.slice(0, BEST)} others={board.sections.length - 1} />}
    </Section>
  );
}

type BestProps = { task: 'classification' | 'regression'; target: string; sort: string; version: number; items: BoardEntry[]; others: number };

function Best({ task, target, sort, version, items, others }: BestProps): JSX.Element {
  const score = scoresOf(task).find(({ name }) => name === sort) ?? scoresOf(task)[0];
  return (
    <>
      <p className="mb-3 text-muted">Predicts <span className="font-medium text-text">{target}</span>, version {version}{others > 0 && `, and ${plural(others, 'other column')}`}</p>
      <Table label="Best runs" head={['#', 'Run', tFrom(score?.title ?? sort), 'Columns', 'By']} numeric={[2, 3]}>
        {items.map((entry) => (
          <tr key={entry.jobId} data-testid="best-run">
            <td className="num">{entry.rank}</td>
            <td><Link to={`/runs/${entry.jobId}`} className="link">{entry.algorithm.replaceAll('-', ' ')}</Link></td>
            <td className="num text-right">{score ? shown(score.name, entry.scores[score.name]) : ''}</td>
            <td className="num text-right">{count(entry.features)}</td>
            <td><Account address={entry.buyer} /></td>
          </tr>
        ))}
      </Table>
    </>
  );
}

const shown = (name: string, value: number | null | undefined): string => (value === null || value === undefined ? '–' : pointed(formatScore(name, value)));
