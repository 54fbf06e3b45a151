import { createReadStream } from 'node:fs';
import { type ColumnProfile, countRunCells, profileTable, type TableFormat, sniffCsvDialect, tableMediaTypes } from '@neurodata/engine';
import { type ManifestColumn, NeuroError, type StatisticsChoice, describeColumns } from '@neurodata/protocol';
import { megabytes } from './progress.ts';
import { readBytes } from './readBytes.ts';

export type Table = { bytes: Uint8Array; mediaType: string; rows: number; columns: ManifestColumn[]; /** As measured: for its owner's eyes. */ measured: ColumnProfile[]; format: TableFormat };

/** What is published, by its content: a table, or an archive of images or texts. */
export type PublishSource = {
  size: number;
  mediaType: string;
  content: () => AsyncIterable<Uint8Array>;
  table?: Table;
  /** In words: "344 rows, 7 columns". */
  holds: string;
  /** What its publisher should know, in sentences. */
  warnings: string[];
};

/**
 * Looks what a file is, and reads and profiles it where it is a table; an archive is read to its end.
 *
 * @throws NeuroError BAD_INPUT for what is refused: programs, pickles, spreadsheets, archives with tricks; models have a command of their own
 */
export async function readSource(file: string, choice: StatisticsChoice): Promise<PublishSource> {
  // DuckDB and what reads archives are loaded for this only.
  const { inspectFile } = await import('./commands/profile.ts');
  const { kind, format, mediaType, size, archive } = await inspectFile(file);
  if (kind === 'model') throw new NeuroError(`The file is a model (${format}), no dataset.`, { code: 'BAD_INPUT', remedy: 'Publish it with `neurodata models publish`.' });
  if (kind === 'image') throw new NeuroError('The file is a single image.', { code: 'BAD_INPUT', remedy: 'Pack a folder of images as zip or tar.gz, and publish that.' });
  if (archive) {
    const kinds = Object.entries(archive.kinds).map(([name, count]) => `${count} ${name}`).join(', ');
    return { size, mediaType, content: () => createReadStream(file), holds: `${archive.files} files (${kinds}), ${megabytes(archive.bytes)} unpacked`, warnings: [] };
  }
  const table = await readTable(file, choice);
  return { size, mediaType: table.mediaType, content: () => piecesOf(table.bytes), table, holds: `${table.rows} rows, ${table.columns.length} columns`, warnings: warningsOf(table) };
}

/** Reads and profiles a table file: CSV, JSON, NDJSON, Parquet or Arrow, as its content shows; the engine's error says what is wrong with it. */
export async function readTable(file: string, choice: StatisticsChoice = {}): Promise<Table> {
  const bytes = new Uint8Array(await readBytes(file));
  const profile = await profileTable(bytes);
  const stray = choice.topOf?.find((name) => !profile.columns.some((column) => column.name === name && column.kind === 'categorical'));
  if (stray !== undefined) throw new NeuroError(`The table has no column ${stray} that holds texts.`, { code: 'BAD_INPUT', remedy: `Name one of ${profile.columns.filter(({ kind }) => kind === 'categorical').map(({ name }) => name).join(', ') || 'none'}.` });
  return {
    bytes, mediaType: tableMediaTypes[profile.format], rows: profile.rows, columns: describeColumns({ ...profile, choice }), measured: profile.columns, format: profile.format,
  };
}

/** What a publisher should know of a table. */
export function warningsOf({ bytes, format }: Table): string[] {
  if (format !== 'csv') return [];
  const changed = countRunCells(bytes);
  return [
    ...(sniffCsvDialect(bytes).header ? [] : ['The first row reads like data, and is taken for the names of the columns: add a header where there is none.']),
    ...(changed === 0 ? [] : [`${changed} ${changed === 1 ? 'cell begins' : 'cells begin'} with = + - @ or a tab and ${changed === 1 ? 'is no number' : 'are no numbers'}: a spreadsheet may run them. Buyers can download a copy that is safe (--safe-csv).`]),
  ];
}

const PIECE = 1024 * 1024;

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}
