import { formatScore, scoresOf } from '@neurodata/engine';
import type { ReceiptBody } from '@neurodata/protocol';
import { clean, colours } from './output.ts';

type Metrics = ReceiptBody['metrics'];

/** Titles and values of the scores, the main one first, for `facts`. */
export function scorePairs({ task, scores }: Pick<Metrics, 'task' | 'scores'>): [string, string][] {
  return scoresOf(task).filter(({ name }) => name in scores).map(({ name, title }) => [title, formatScore(name, scores[name] ?? null)]);
}

/** Actual classes down, predicted ones across; empty where there are none. */
export function confusionText({ classes, confusion }: Pick<Metrics, 'classes' | 'confusion'>): string {
  if (confusion.length === 0) return '';
  const labels = classes.map((label) => clean(label).slice(0, 16));
  const width = Math.max(8, ...labels.map((label) => label.length));
  const line = (cells: string[]): string => cells.map((cell) => cell.padStart(width)).join('  ');
  return [colours.dim(line(['actual \\ is', ...labels].map((cell) => cell.slice(0, width + 3)))), ...labels.map((label, row) => line([label, ...(confusion[row] ?? []).map(String)]))].join('\n');
}
