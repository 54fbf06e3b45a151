import type { Prediction } from '@neurodata/engine';

/** One cell as RFC 4180 writes it. */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The outputs of a row, in the order of the columns. */
export function outputsOf({ columns, outputs }: Prediction, row: number): number[] {
  return [...outputs.subarray(row * columns.length, (row + 1) * columns.length)];
}

/** Predictions as a CSV file: the row's number from 1, the label where there is one, the outputs. */
export function predictionCsv(prediction: Prediction): Uint8Array<ArrayBuffer> {
  const { rows: count, labels, columns } = prediction;
  const head = ['row', ...(labels.length > 0 ? ['prediction'] : []), ...columns];
  const rows = Array.from({ length: count }, (_, index) => [String(index + 1), ...labels.slice(index, index + 1), ...outputsOf(prediction, index).map(String)]);
  return new TextEncoder().encode([head, ...rows].map((row) => row.map(csvCell).join(',')).join('\n'));
}
