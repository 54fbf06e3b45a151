import { createReadStream } from 'node:fs';
import { type Prediction, predictPieces } from '@neurodata/engine';
import { NeuroError } from '@neurodata/protocol';
import { openModel, readAsset } from '@neurodata/sdk';
import type { Context } from './context.ts';
import { checkBuyer } from './buyAsset.ts';
import { readBytes, unreadable } from './readBytes.ts';
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

/** Applies a model to the rows of a table file, a piece at a time. */
export async function* predictRows(context: Context, source: string, rowsFile: string): AsyncGenerator<Prediction> {
  const model = await readModelBytes(context, source);
  yield* predictPieces({ model, source: piecesOfFile(rowsFile) });
}

async function* piecesOfFile(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw cause instanceof Error && 'syscall' in cause ? unreadable(file, cause) : cause;
  }
}

/** `prediction`, and one column for each class's probability or each component; one line per row, RFC 4180. */
export function predictionCsv(prediction: Prediction, { header = true }: { header?: boolean } = {}): string {
  const { task, rows, labels, columns, outputs } = prediction;
  const named = task === 'classification' || task === 'reduction' ? columns : [];
  const width = columns.length;
  const names = [...(labels.length > 0 ? ['prediction'] : []), ...named];
  const quoted = new Map<string, string>();
  let text = header ? `${names.map(cell).join(',')}\n` : '';
  for (let row = 0; row < rows; row += 1) {
    const label = labels[row];
    if (label !== undefined) text += quotedOnce(quoted, label);
    for (let index = 0; index < named.length; index += 1) text += `${label === undefined && index === 0 ? '' : ','}${outputs[row * width + index] ?? 0}`;
    text += '\n';
  }
  return text;
}

/** Classes come again and again; numbers do not, and are not kept. */
function quotedOnce(known: Map<string, string>, label: string): string {
  const found = known.get(label);
  if (found !== undefined) return found;
  const made = cell(label);
  if (known.size < 1_000) known.set(label, made);
  return made;
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
