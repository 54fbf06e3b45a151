import { type Stats, createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type ColumnProfile, type DescribedTable, STREAMED_FROM_BYTES, type SampleChoice, type TableSample, sampleStream, sampleTable, type TableFormat, sniffCsvDialect, tableMediaTypes } from '@neurodata/engine';
import { type ManifestColumn, NeuroError, type StatisticsChoice, describeColumns } from '@neurodata/protocol';
import { profileBytes, profileLocal } from './profileLocal.ts';
import { megabytes } from './progress.ts';
import { readBytes, unreadable } from './readBytes.ts';
import { readPieces } from './readPieces.ts';

export type Table = { /** The file in memory. */ bytes: () => Promise<Uint8Array>; sample: (choice: SampleChoice) => Promise<TableSample>; /** In pieces. */ content: () => AsyncIterable<Uint8Array>; mediaType: string; rows: number; columns: ManifestColumn[]; /** As measured: for its owner's eyes. */ measured: ColumnProfile[]; format: TableFormat; /** What its publisher should know, in sentences. */ warnings: string[] };

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
  return { size, mediaType: table.mediaType, content: table.content, table, holds: `${table.rows} rows, ${table.columns.length} columns`, warnings: table.warnings };
}

/** Reads and profiles a table file: CSV, JSON, NDJSON, Parquet or Arrow, as its content shows; the engine's error says what is wrong with it. A large one is described while it is read, and not held. */
export async function readTable(file: string, choice: StatisticsChoice = {}): Promise<Table> {
  const before = await stat(file).catch((cause: unknown) => { throw unreadable(file, cause); });
  if (before.size > STREAMED_FROM_BYTES) return readLargeTable({ file, before, choice });
  const bytes = await readBytes(file);
  return describedTable({ ...(await profileBytes(bytes)), choice, head: bytes, bytes: async () => bytes, sample: (rows) => sampleTable(bytes, rows), content: () => piecesOf(bytes) });
}

async function readLargeTable({ file, before, choice }: { file: string; before: Stats; choice: StatisticsChoice }): Promise<Table> {
  const { openTableFile } = await import('./commands/profile.ts');
  async function* content(): AsyncGenerator<Uint8Array> {
    yield* readPieces(file);
    // What was described is what is sealed.
    const { mtimeMs, size } = await stat(file);
    if (mtimeMs !== before.mtimeMs || size !== before.size) throw new NeuroError(`${file} was changed while it was published.`, { code: 'CONFLICT', remedy: 'Publish it again once nothing writes to it.' });
  }
  async function sample(rows: SampleChoice): Promise<TableSample> {
    await using opened = await openTableFile(file);
    return sampleStream(content, rows, opened);
  }
  return describedTable({ ...(await profileLocal(file)), choice, head: await headOf(file), bytes: () => readBytes(file), sample, content });
}

async function headOf(file: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of createReadStream(file, { end: PIECE - 1 })) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces);
}

type Described = Pick<Table, 'bytes' | 'sample' | 'content'> & { profile: DescribedTable; choice: StatisticsChoice; /** The file's beginning at least. */ head: Uint8Array; runCells: number };

function describedTable({ profile, choice, head, runCells, bytes, sample, content }: Described): Table {
  const stray = choice.topOf?.find((name) => !profile.columns.some((column) => column.name === name && column.kind === 'categorical'));
  if (stray !== undefined) throw new NeuroError(`The table has no column ${stray} that holds texts.`, { code: 'BAD_INPUT', remedy: `Name one of ${profile.columns.filter(({ kind }) => kind === 'categorical').map(({ name }) => name).join(', ') || 'none'}.` });
  const { rows, columns, format } = profile;
  const estimated = columns.some((column) => column.estimated);
  const noHeader = format === 'csv' && !sniffCsvDialect(head).header;
  const warnings = [
    ...(estimated ? ['The table is large: numbers of more than a few thousand different values, quartiles and commonest texts are estimates.'] : []),
    ...(noHeader ? ['The first row reads like data, and is taken for the names of the columns: add a header where there is none.'] : []),
    ...(runCells === 0 ? [] : [runCellsText(runCells)]),
  ];
  return { bytes, sample, content, mediaType: tableMediaTypes[format], rows, columns: describeColumns({ rows, columns, choice }), measured: columns, format, warnings };
}

/** What is said of cells that `countRunCells` counts. */
export function runCellsText(cells: number): string {
  return `${cells} ${cells === 1 ? 'cell begins' : 'cells begin'} with = + - @ or a tab and ${cells === 1 ? 'is no number' : 'are no numbers'}: a spreadsheet may run them. Buyers can download a copy that is safe (--safe-csv).`;
}

const PIECE = 1024 * 1024;

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}
