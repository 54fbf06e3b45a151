import { formatScore, scoresOf } from '@neurodata/engine';
import { type BoardEntry, type LeaderboardDto, NeuroError } from '@neurodata/protocol';
import { type CheckedEntry, checkLeaderboard, readLeaderboard } from '@neurodata/sdk';
import { type Command, Option } from 'commander';
import { type Context, type Result, act } from './context.ts';
import { checkLines, clean, facts, ncr, short, shortId, table } from './output.ts';
import { pageSize, positiveInteger } from './parse.ts';
import { parseAssetId } from './resolve.ts';

export type LeaderboardOptions = { assetVersion?: number; target?: string; task?: 'classification' | 'regression'; sort?: string; limit: number; cursor?: number; check?: boolean };

export function leaderboardCommand(noun: Command): void {
  noun.command('leaderboard <asset>').description('finished runs on the same held-out rows, which the chain fixed after publication')
    .option('--asset-version <n>', 'this version; by default the newest', positiveInteger)
    .option('--target <column>', 'runs that predict this column; by default the one with most runs')
    .addOption(new Option('--task <name>', 'where a column is predicted as class and as number').choices(['classification', 'regression']))
    .option('--sort <name>', "a score like accuracy or rmse, or cost, time or steps; by default the task's main score")
    .option('--limit <n>', 'how many', pageSize, 20)
    .option('--cursor <n>', 'where the page before ended', positiveInteger)
    .option('--check', 'check each entry against the chain and its receipt, besides the split')
    .action(act(show));
}

async function show(context: Context, text: string, options: LeaderboardOptions): Promise<Result> {
  const { assetVersion: version, check, ...rest } = options;
  const assetId = parseAssetId(text);
  const { kind } = await context.api.getAsset({ assetId });
  if (kind !== 'dataset') throw new NeuroError(`Asset ${assetId} is a ${kind}: only datasets have a leaderboard.`, { code: 'BAD_INPUT', remedy: 'Give the number of a dataset.' });
  const client = await context.client();
  const board = await readLeaderboard({ client, assetId, ...rest, ...(version === undefined ? {} : { version }) });
  if (!check) return { value: board, text: leaderboardText(board, options) };
  const checked = await checkLeaderboard({ client, board });
  return { value: { ...board, checked }, text: `${leaderboardText(board, options)}\n\n${checkedText(checked)}`, failed: checked.some(({ passed }) => !passed) };
}

/** What is wrong, run by run, or that nothing is. */
function checkedText(checked: CheckedEntry[]): string {
  const wrong = checked.filter(({ passed }) => !passed);
  if (wrong.length === 0) return `${checked.length} of ${checked.length} entries hold: their receipts are on chain, and say what stands here.`;
  return wrong.map(({ jobId, checks }) => `Run ${shortId(jobId)} does NOT hold:\n${checkLines(checks.filter(({ status }) => status === 'failed'))}`).join('\n');
}

/** A board for people: what is held out, the section's table, and what else there is. */
export function leaderboardText(board: LeaderboardDto, options: Pick<LeaderboardOptions, 'target'> = {}): string {
  const { assetId, version, split, section, sections, waiting, items, next } = board;
  if (!split.fixed) return `Asset ${assetId} version ${version} has no leaderboard yet: block ${split.block} decides which rows are held out, and is not finalized.`;
  const head = facts([
    ['Asset', `${assetId} version ${version}`],
    ['Held out', `${split.split.testFraction * 100}% of the rows, seed ${split.split.seed}, fixed by block ${split.block}`],
    ['Predicts', section && `${clean(section.target)}, ${section.task}; sorted by ${section.sort}, ${section.better} is better`],
    ['Also', sections.filter(({ target, task }) => target !== section?.target || task !== section.task).map(({ target, task, runs }) => `${clean(target)} (${task}, ${runs})`).join(', ') || undefined],
    ['On the way', waiting === 0 ? undefined : `${waiting} without a final verdict`],
  ]);
  if (!section) return `${head}\n\n${options.target === undefined ? 'No runs yet.' : `No runs yet that predict ${clean(options.target)}.`} Be the first: neurodata jobs run --asset ${assetId} --target ${options.target === undefined ? '<column>' : clean(options.target)} --leaderboard`;
  // Those that every run has; the one that is sorted by comes first.
  const scores = scoresOf(section.task).toSorted((a, b) => Number(b.name === section.sort) - Number(a.name === section.sort)).slice(0, 3);
  const rows = items.map((entry) => [String(entry.rank), short(entry.algorithm, 24), ...scores.map(({ name }) => scoreText(name, entry.scores[name] ?? null)), ncr(entry.cost), `${entry.seconds} s`, String(entry.steps), shortId(entry.jobId), modelOf(entry)]);
  const more = next === undefined ? '' : `\nMore: --cursor ${next}`;
  return `${head}\n\n${table(['rank', 'algorithm', ...scores.map(({ title }) => title), 'cost', 'time', 'steps', 'run', 'model'], rows, 'No more runs.')}${more}`;
}

function modelOf({ modelAssetId }: BoardEntry): string {
  return modelAssetId === undefined ? '' : `asset ${modelAssetId}`;
}

function scoreText(name: string, value: number | null): string {
  return value === null ? '-' : formatScore(name, value);
}
