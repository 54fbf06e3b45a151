import { csvNames, plainCsv, sniffCsvDialect } from '@neurodata/engine';
import { NeuroError } from '@neurodata/protocol';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FileProfile, ProfileQuestion } from './profile.ts';
import { writeArrowAsRecords } from './writeArrowAsRecords.ts';

const HEAD_BYTES = 1 << 20;

export type Readable = { source: Pick<ProfileQuestion, 'file' | 'source' | 'names' | 'delimiter' | 'quote'>; /** Of CSV. */ dialect?: NonNullable<FileProfile['dialect']> };

/** What DuckDB is to read: the file, or a copy of it in `folder` in a form that it knows. */
export async function readable(file: string, format: FileProfile['format'], folder: string): Promise<Readable> {
  if (format === 'arrow' || format === 'arrow-stream') {
    const copy = path.join(folder, 'rows.ndjson');
    await writeArrowAsRecords(file, copy);
    return { source: { file: copy, source: 'ndjson' } };
  }
  if (format === 'parquet') return { source: { file, source: format } };
  const head = await headOf(file);
  const dialect = sniffCsvDialect(head);
  const plain = dialect.encoding === 'utf-8' ? file : path.join(folder, 'utf8.txt');
  if (plain !== file) await toUtf8({ from: file, to: plain, encoding: dialect.encoding });
  if (format !== 'csv') return { source: { file: plain, source: format } };
  const names = csvNames(plainCsv(head, dialect));
  return { source: { file: plain, source: 'csv', names, delimiter: dialect.delimiter, quote: dialect.quote }, dialect };
}

async function headOf(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const buffer = new Uint8Array(HEAD_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function toUtf8({ from, to, encoding }: { from: string; to: string; encoding: string }): Promise<void> {
  try {
    await pipeline(createReadStream(from), (source: AsyncIterable<Uint8Array>) => decoded(source, new TextDecoder(encoding, { fatal: true })), createWriteStream(to));
  } catch (cause) {
    throw new NeuroError('The file begins as UTF-16 and is not valid UTF-16.', { code: 'BAD_INPUT', remedy: 'Save it as UTF-8.', cause });
  }
}

async function* decoded(source: AsyncIterable<Uint8Array>, decoder: TextDecoder): AsyncGenerator<string> {
  for await (const piece of source) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}
