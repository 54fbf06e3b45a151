import path from 'node:path';
import { neutralCsv, tableFormatOf } from '@neurodata/engine';
import { NeuroError } from '@neurodata/protocol';
import { writeAtomic } from './atomicFile.ts';
import { readBytes } from './readBytes.ts';

/**
 * Writes a copy of a CSV file beside it, `rows.safe.csv` beside `rows.csv`, in which an apostrophe stands before each cell that a spreadsheet would run. The file itself
 * stays as it was bought. `expectFree` is asked about the copy's name before anything is written.
 *
 * @throws NeuroError BAD_INPUT where the file is no CSV
 */
export async function writeSafeCsv(file: string, expectFree: (copy: string) => Promise<void>): Promise<{ file: string; changed: number }> {
  const bytes = await readBytes(file);
  if (tableFormatOf(bytes) !== 'csv') throw new NeuroError(`${file} is no CSV: it is written as it was bought, and there is no safe copy.`, { code: 'BAD_INPUT', remedy: 'Leave --safe-csv out.' });
  const { dir, name } = path.parse(file);
  const copy = path.join(dir, `${name}.safe.csv`);
  await expectFree(copy);
  const { bytes: safe, changed } = neutralCsv(bytes);
  await writeAtomic(copy, safe, 0o600);
  return { file: copy, changed };
}
