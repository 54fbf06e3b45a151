import { walkTableRows } from '@neurodata/engine';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Writes an Arrow file's rows as NDJSON, for readers that know no Arrow: numbers and texts as the engine reads them. @throws EngineError as its reader */
export async function writeArrowAsRecords(bytes: Uint8Array, file: string): Promise<void> {
  const rows = await walkTableRows(bytes);
  await pipeline(Readable.from(lines(rows)), createWriteStream(file));
}

function* lines({ names, rows, cell }: Awaited<ReturnType<typeof walkTableRows>>): Generator<string> {
  let held = '';
  for (let row = 0; row < rows; row += 1) {
    held += `${JSON.stringify(Object.fromEntries(names.map((name, column) => [name, cell(column, row)])))}\n`;
    if (held.length < 1 << 16) continue;
    yield held;
    held = '';
  }
  yield held;
}
