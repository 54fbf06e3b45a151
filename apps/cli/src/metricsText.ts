import { formatScore, scoresOf } from '@neurodata/engine';
import type { ReceiptBody } from '@neurodata/protocol';
import { clean, colours, table } from './output.ts';

type Metrics = ReceiptBody['metrics'];

/** Titles and values of the scores, the main one first, for `facts`; of a trial run they are written by `formatRounded`. */
export function scorePairs({ task, scores }: Pick<Metrics, 'task' | 'scores'>, format = formatScore): [string, string][] {
  return scoresOf(task).filter(({ name }) => name in scores).map(({ name, title }) => [title, format(name, scores[name] ?? null)]);
}

/** Actual classes down, predicted ones across; empty where there are none. */
export function confusionText({ classes, confusion }: Pick<Metrics, 'classes' | 'confusion'>): string {
  if (confusion.length === 0) return '';
  const labels = classes.map((label) => clean(label).slice(0, 16));
  const width = Math.max(8, ...labels.map((label) => label.length));
  const line = (cells: string[]): string => cells.map((cell) => cell.padStart(width)).join('  ');
  return [colours.dim(line(['actual \\ is', ...labels].map((cell) => cell.slice(0, width + 3)))), ...labels.map((label, row) => line([label, ...(confusion[row] ?? []).map(String)]))].join('\n');
}

/** Cross-validation, and the combinations of a search with the taken one marked, in the order in which they were tried; empty where there are none. */
export function selectionText({ task, validation, search }: Pick<Metrics, 'task' | 'validation' | 'search'>): string {
  const spread = (name: string, of: { mean: number; deviation: number } | null): string => (of === null ? 'none' : `${formatScore(name, of.mean)} ± ${formatScore(name, of.deviation)}`);
  const titleOf = (name: string): string => scoresOf(task).find((score) => score.name === name)?.title ?? name;
  const parts: string[] = [];
  if (search !== undefined) {
    const names = Object.keys(search.candidates[0]?.parameters ?? {});
    const rows = search.candidates.map(({ parameters, score }, index) => [index === search.best ? 'taken' : '', ...names.map((name) => clean(String(parameters[name]))), spread(search.score, score)]);
    parts.push(table(['', ...names, `${titleOf(search.score)}, ${search.folds} folds`], rows, ''));
  }
  if (validation !== undefined) {
    const rows = scoresOf(task).filter(({ name }) => name in validation.scores).map(({ name, title }) => [title, spread(name, validation.scores[name] ?? null), ...(validation.byFold?.[name] ?? []).map((value) => (value === null ? 'none' : formatScore(name, value)))]);
    parts.push(table([`cross-validation, ${validation.folds} folds`, '', ...(validation.byFold ? Array.from({ length: validation.folds }, (_, fold) => `fold ${fold + 1}`) : [])], rows, ''));
  }
  return parts.join('\n\n');
}
