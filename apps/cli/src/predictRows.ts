import { type Prediction, predict } from '@neurodata/engine';
import { NeuroError } from '@neurodata/protocol';
import { openModel, readAsset } from '@neurodata/sdk';
import type { Context } from './context.ts';
import { checkBuyer } from './buyAsset.ts';
import { readBytes } from './publishFile.ts';
import { findJob, findOrder, isOpened } from './resolve.ts';

/** A model's bytes: from a file, a bought order (0x01...), or a run of the account (0x02...). */
export async function readModelBytes(context: Context, source: string): Promise<Uint8Array> {
  if (!source.startsWith('0x')) return readBytes(source);
  const client = await context.signer();
  if (source.startsWith('0x02')) return (await openModel({ client, jobId: (await findJob(context, source)).jobId })).model;
  const order = await findOrder(context, source);
  checkBuyer(order, client.account.address);
  if (!isOpened(order)) throw new NeuroError(`The key of order ${order.orderId} is not granted; it is ${order.state}.`, { code: 'NOT_READY', remedy: 'Try again when it is granted.' });
  return (await readAsset({ client, orderId: order.orderId })).bytes;
}

/** Applies a model to the rows of a CSV file. */
export async function predictRows(context: Context, source: string, rowsFile: string): Promise<Prediction> {
  const [model, csv] = await Promise.all([readModelBytes(context, source), readBytes(rowsFile)]);
  return predict({ model, csv });
}

/** `prediction`, and one column for each class's probability or each component; one line per row, RFC 4180. */
export function predictionCsv({ task, rows, labels, columns, outputs }: Prediction): string {
  const named = task === 'classification' || task === 'reduction' ? columns : [];
  const width = columns.length;
  const header = [...(labels.length > 0 ? ['prediction'] : []), ...named];
  const lines = Array.from({ length: rows }, (_, row) => [...labels.slice(row, row + 1), ...named.map((__, index) => String(outputs[row * width + index] ?? 0))]);
  return `${[header, ...lines].map((cells) => cells.map(cell).join(',')).join('\n')}\n`;
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
