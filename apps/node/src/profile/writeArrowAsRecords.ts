import { type TableRows, walkTableRows } from '@neurodata/engine';
import { open } from 'node:fs/promises';
import { openTableFile } from './openTableFile.ts';

/** Writes an Arrow file's rows as NDJSON, for readers that know no Arrow, a few batches at a time: numbers and texts as the engine reads them. @throws EngineError as its reader */
export async function writeArrowAsRecords(source: string, target: string): Promise<void> {
  await using file = await openTableFile(source);
  await using copy = await open(target, 'w');
  await walkTableRows(file, async (rows) => {
    for (const piece of lines(rows)) await copy.appendFile(piece);
  });
}

function* lines({ names, rows, cell }: TableRows): Generator<string> {
  let held = '';
  for (let row = 0; row < rows; row += 1) {
    held += `${JSON.stringify(Object.fromEntries(names.map((name, column) => [name, cell(column, row)])))}\n`;
    if (held.length < 1 << 16) continue;
    yield held;
    held = '';
  }
  yield held;
}
