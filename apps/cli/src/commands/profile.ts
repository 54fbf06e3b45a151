import { findHazard } from '@neurodata/engine';
import { type FileProfile, type ProfileOptions, type ProfiledColumn, inspectFile, openTableFile, profileFile, startLaneThreads } from '@neurodata/node/profile';
import { personalText } from '@neurodata/protocol';
import type { Context, Result } from '../context.ts';
import { clean, colours, facts, short, table } from '../output.ts';
import { createProgress, megabytes } from '../progress.ts';
import { profileLocal } from '../profileLocal.ts';

export { inspectFile, openTableFile, startLaneThreads };

export type ProfileCommandOptions = { memory?: number; timeout?: number };

const stages = { reading: 'Opening', counting: 'Counting', measuring: 'Measuring', drawing: 'Drawing' } as const;

/** Describes a table file on this machine, of any size: nothing leaves it, and nothing is published. */
export async function profileTableFile(_context: Context, file: string, { memory, timeout }: ProfileCommandOptions): Promise<Result> {
  const progress = createProgress('counts');
  const options: ProfileOptions = {
    ...(memory === undefined ? {} : { memoryMb: memory }), ...(timeout === undefined ? {} : { timeoutMs: timeout * 60_000 }),
    onProgress: ({ stage, part }) => progress.update(stages[stage], Math.round(part * 100), 100),
  };
  try {
    const profile = await profileFile(file, options);
    // Looking through a large file has a progress of its own.
    progress.stop();
    const warnings = [...profile.warnings, ...(await lookThrough(file))];
    return { value: { ...profile, warnings }, text: textOf({ ...profile, warnings }) };
  } finally {
    progress.stop();
  }
}

/** What publishing would warn of, or refuse: data about people, cells that spreadsheets run. */
async function lookThrough(file: string): Promise<string[]> {
  const { profile: { columns }, runCells: cells } = await profileLocal(file);
  const hazard = findHazard(columns);
  return [
    ...(hazard === undefined ? [] : [`Publishing refuses it: ${hazard}`]),
    ...columns.flatMap(({ name, personal = [] }) => personal.map(({ kind, values }) => `Column ${name} looks like data about people: ${values} times ${personalText(kind)}.`)),
    ...(cells === 0 ? [] : [`Cells that begin with = + - @ or a tab and are no numbers: ${cells}. A spreadsheet may run them.`]),
  ];
}

function textOf(profile: FileProfile): string {
  const { format, dialect, bytes, rows, exact, columns, correlations, warnings } = profile;
  const delimiters = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' } as const;
  const head = facts([
    ['Format', dialect ? `${format}, ${dialect.encoding}, ${delimiters[dialect.delimiter]}` : format], ['Size', megabytes(bytes)], ['Rows', rows], ['Columns', columns.length],
    ['Figures', exact ? 'exact' : 'distinct values and quantiles are estimates: the file is large'],
  ]);
  const list = table(['column', 'kind', 'missing', 'distinct', 'range', 'mean ± deviation', '5, 25, 50, 75, 95 %', 'shape or commonest'], columns.map((column) => cellsOf(column, rows)), 'No columns.');
  const pairs = correlations.slice(0, 10).map(({ a, b, r }) => `${bar(Math.abs(r), 10)} ${r.toFixed(3).padStart(6)}  ${short(a, 30)} and ${short(b, 30)}`);
  return [head, list, ...(pairs.length === 0 ? [] : [`Correlations\n${pairs.join('\n')}`]), ...(warnings.length === 0 ? [] : [warnings.map((warning) => colours.yellow(`! ${clean(warning)}`)).join('\n')])].join('\n\n');
}

function cellsOf({ name, kind, missing, distinct, numbers, top = [] }: ProfiledColumn, rows: number): string[] {
  const lost = missing === 0 ? '0' : `${missing} (${Math.round((missing / rows) * 100)}%)`;
  if (numbers) return [short(name, 30), kind, lost, String(distinct), `${figure(numbers.min)} to ${figure(numbers.max)}`, `${figure(numbers.mean)} ± ${figure(numbers.deviation)}`, numbers.quantiles.map(figure).join(', '), bars(numbers.histogram)];
  return [short(name, 30), kind, lost, String(distinct), '', '', '', top.filter(({ count }) => count > 1).slice(0, 3).map(({ value, count }) => `${short(value, 16)} ${bar(count / Math.max(1, rows - missing), 5)} ${count}`).join('  ')];
}

/** Five digits are enough to look at. */
function figure(value: number): string {
  return String(Number(value.toPrecision(5)));
}

const HEIGHTS = ' ▁▂▃▄▅▆▇█';

/** Counts as blocks; one that is not zero has at least the lowest. */
function bars(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts.map((count) => HEIGHTS[count === 0 ? 0 : Math.max(1, Math.round((count / most) * 8))]).join('');
}

/** A part of one as a line of this many characters. */
function bar(part: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, part)) * width);
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
}
