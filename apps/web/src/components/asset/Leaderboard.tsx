import { type Score, formatScore, scoresOf } from '@neurodata/engine';
import type { AssetDto, BoardEntry, LeaderboardDto } from '@neurodata/protocol';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { Link } from 'react-router';
import { numeral, pointed } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { tFrom } from '../../language/tFrom.ts';
import { type BoardChoice, leaderboardQuery } from '../../queries/leaderboard.ts';
import { Account } from '../Account.tsx';
import { Money, count, plural } from '../Amounts.tsx';
import { Button, ButtonLink } from '../Button.tsx';
import { Hash, shorten } from '../Copy.tsx';
import { Empty, Failure, Skeleton } from '../Feedback.tsx';
import { Explain, Section, Table } from '../Layout.tsx';
import { betterWords } from '../words.ts';
import { findOffer } from './offers.ts';

type Entries = NonNullable<LeaderboardDto['section']> & { items: BoardEntry[] };

/** Finished runs on the same held-out rows of a version, best first. */
export function Leaderboard({ asset }: { asset: AssetDto }): JSX.Element {
  const [choice, setChoice] = useState<BoardChoice>({ assetId: asset.assetId, version: asset.latestVersion });
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(leaderboardQuery(choice));
  const board = data?.pages[0];
  if (error && !board) return <Failure error={error} retry={() => void refetch()} />;
  if (!board) return <Skeleton className="h-64 rounded-lg" />;
  if (!board.split.fixed) return <Empty title="The held-out rows are not fixed yet">The hash of block {count(board.split.block)} decides which rows are held out, once it is final. That takes a moment.</Empty>;
  const entries = board.section && { ...board.section, items: data.pages.flatMap(({ items }) => items) };
  return (
    <Section title="Leaderboard" aside={<span className="flex gap-4 text-sm text-muted">{board.waiting > 0 && `${plural(board.waiting, 'run')} on the way`}<Link to="/leaderboards" className="link">All leaderboards</Link></span>}>
      <div className="grid gap-5">
        <HeldOut board={board} />
        {(entries || asset.versions.length > 1) && <Choices asset={asset} board={board} choice={choice} onChange={setChoice} />}
        {entries ? <Entries entries={entries} /> : <NoRuns asset={asset} />}
        {hasNextPage && <Button className="justify-self-center" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>Show more</Button>}
      </div>
    </Section>
  );
}

function HeldOut({ board: { split } }: { board: LeaderboardDto }): JSX.Element {
  if (!split.fixed) return <></>;
  return (
    <p className="max-w-[72ch] text-muted">
      Every run here was tested on the same {numeral(split.split.testFraction * 100)} % of the rows, and repeated by validators. Nobody chose these rows: the hash <Hash value={split.blockHash} label="block hash" /> of block {count(split.block)}, the first after publication,
      gives <Explain text="The first 4 bytes of keccak256 over chain, registry, asset, version and that block’s hash. This page has just computed it again from the chain.">seed <span className="num">{split.split.seed}</span></Explain>.
    </p>
  );
}

function NoRuns({ asset }: { asset: AssetDto }): JSX.Element {
  return (
    <Empty title="Nobody is on it yet" action={findOffer(asset, 'compute') && <ButtonLink to={`/train/${asset.assetId}`}>Be the first</ButtonLink>}>
      A run counts if it predicts a column, is tested on the held-out rows, and its verdict is final. The train page sets that up.
    </Empty>
  );
}

type ChoicesProps = { asset: AssetDto; board: LeaderboardDto; choice: BoardChoice; onChange: (choice: BoardChoice) => void };

function Choices({ asset, board: { section, sections, version }, choice, onChange }: ChoicesProps): JSX.Element {
  const byPlace = (place: number): void => {
    const chosen = sections[place];
    if (chosen) onChange({ assetId: choice.assetId, version: choice.version, task: chosen.task, target: chosen.target });
  };
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      {asset.versions.length > 1 && (
        <label><span className="label">Version</span>
          <select value={version} onChange={(event) => onChange({ assetId: choice.assetId, version: Number(event.target.value) })} className="field">
            {asset.versions.map((one) => <option key={one.version} value={one.version}>{one.version}</option>)}
          </select>
        </label>
      )}
      {section && (
        <label><span className="label">Predicts</span>
          <select value={sections.findIndex(({ task, target }) => task === section.task && target === section.target)} onChange={(event) => byPlace(Number(event.target.value))} className="field">
            {sections.map(({ task, target, runs }, place) => <option key={`${task} ${target}`} value={place}>{target} ({task === 'classification' ? 'class' : 'number'}, {plural(runs, 'run')})</option>)}
          </select>
        </label>
      )}
      {section && (
        <label><span className="label">Compare by</span>
          <select value={section.sort} onChange={(event) => onChange({ ...choice, task: section.task, target: section.target, sort: event.target.value })} className="field">
            {scoresOf(section.task).map(({ name, title, better }) => <option key={name} value={name}>{tFrom(title)} ({betterWords[better]} is better)</option>)}
            <option value="cost">Cost</option>
            <option value="time">Time</option>
            <option value="steps">Steps</option>
          </select>
        </label>
      )}
    </div>
  );
}

/** The score that is compared by, else the task's main one, is drawn as a bar; one more stands beside it. */
function Entries({ entries: { task, sort, items } }: { entries: Entries }): JSX.Element {
  const scores = scoresOf(task);
  const [drawn, second] = scores.toSorted((a, b) => Number(b.name === sort) - Number(a.name === sort));
  if (!drawn || !second) return <></>;
  const most = Math.max(...items.map(({ scores: { [drawn.name]: value } }) => value ?? 0), drawn.better === 'higher' ? 1 : 0);
  return (
    <Table label="Leaderboard" numeric={[3, 4, 5, 6]} head={['#', 'Run', <ScoreName key="drawn" score={drawn} />, <ScoreName key="second" score={second} />, 'Cost',
      <Explain key="time" text="From the worker’s claim to its receipt, by the chain’s clock: loading and sealing included. It tells about the machine as much as about the algorithm.">Time</Explain>,
      <Explain key="steps" text="The engine’s steps: the same on every machine.">Steps</Explain>, 'Buyer']}>
      {items.map((entry) => (
        <tr key={entry.jobId} data-testid="board-entry">
          <td className="num">{entry.rank}</td>
          <td className="whitespace-nowrap"><Link to={`/runs/${entry.jobId}`} className="link" title={`Run ${shorten(entry.jobId, 5)}`}>{entry.algorithm.replaceAll('-', ' ')}</Link><span className="block text-sm text-muted">{plural(entry.features, 'column')}{entry.modelAssetId !== undefined && <>, <Link to={`/models/${entry.modelAssetId}`} className="link">its model</Link></>}</span></td>
          <td><Bar score={drawn} value={entry.scores[drawn.name] ?? null} most={most} /></td>
          <td className="num text-right whitespace-nowrap">{scoreText(second, entry.scores[second.name] ?? null)}</td>
          <td className="text-right" title={costText}><Money amount={entry.cost} /></td>
          <td className="num text-right whitespace-nowrap">{count(entry.seconds)} s</td>
          <td className="num text-right">{count(entry.steps)}</td>
          <td><Account address={entry.buyer} /></td>
        </tr>
      ))}
    </Table>
  );
}

const costText = t`What the buyer paid: the price, the worker’s fee and the validators’ fee`;

function ScoreName({ score: { title, help, better } }: { score: Score }): JSX.Element {
  return <Explain text={`${tFrom(help)} ${better === 'higher' ? t`Higher` : t`Lower`} is better.`}>{tFrom(title)}</Explain>;
}

function scoreText({ name }: Score, value: number | null): string {
  return value === null ? '–' : pointed(formatScore(name, value));
}

/** From zero, so that lengths compare as the numbers do. */
function Bar({ score, value, most }: { score: Score; value: number | null; most: number }): JSX.Element {
  const part = value === null || most <= 0 ? 0 : Math.max(0, value / most);
  return (
    <div className="grid min-w-28 gap-1">
      <span className="num">{scoreText(score, value)}</span>
      <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-line"><span className="block h-full rounded-full bg-accent" style={{ width: `${part * 100}%` }} /></span>
    </div>
  );
}
