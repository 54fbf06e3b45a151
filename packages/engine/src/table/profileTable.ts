import { checkNames } from './csv.ts';
import { utf8Of } from './plainCsv.ts';
import { profileCsv } from './profileCsv.ts';
import { isMissingValue, valueNumber, valueText } from './putValue.ts';
import { type TableFormat, formatOf } from './readTable.ts';
import { type Held, type TableProfile, type Tally, countCell, createTally, describeTally, neither } from './tally.ts';
import { walkArrow } from './walkArrow.ts';
import { type ColumnVisit, walkParquet } from './walkParquet.ts';
import { type TableRecord, walkJson, walkNdjson } from './walkRecords.ts';

/** What a manifest calls each format. */
export const tableMediaTypes: Record<TableFormat, string> = { csv: 'text/csv', json: 'application/json', ndjson: 'application/x-ndjson', parquet: 'application/vnd.apache.parquet', arrow: 'application/vnd.apache.arrow.file', 'arrow-stream': 'application/vnd.apache.arrow.stream' };

export type DescribedTable = TableProfile & { format: TableFormat };

/**
 * Describes a table file, in any of the formats that training reads. The same table gives the same counts in each of
 * them. The columns of objects are all fields that appear, in the order in which they do.
 *
 * @example const { rows, columns, format } = await profileTable(bytes);
 * @throws EngineError as the format's reader; BAD_NUMBER for a cell that is neither a number nor a text; TOO_LARGE as {@link countCell}
 */
export async function profileTable(bytes: Uint8Array): Promise<DescribedTable> {
  const format = formatOf(bytes);
  switch (format) {
    case 'csv': return { ...profileCsv(bytes), format };
    case 'json': return { ...profileRecords((begin) => walkJson(utf8Of(bytes), begin)), format };
    case 'ndjson': return { ...profileRecords((begin) => walkNdjson(utf8Of(bytes), begin)), format };
    case 'parquet': return { ...(await profileColumns((begin) => walkParquet(bytes, begin))), format };
    case 'arrow':
    case 'arrow-stream': return { ...(await profileColumns((begin) => walkArrow(bytes, begin))), format };
  }
}

function profileRecords(walk: (begin: () => (row: number, record: TableRecord) => void) => { rows: number }): TableProfile {
  const cells = new Map<string, Cells>();
  const held = { bytes: 0, columns: 0 };
  const { rows } = walk(() => (row, record) => {
    for (const [name, value] of Object.entries(record)) {
      let column = cells.get(name);
      if (column === undefined) {
        column = createCells(name, held);
        cells.set(name, column);
      }
      column.count(row, value);
    }
  });
  return describe([...cells.values()], rows);
}

async function profileColumns(walk: (begin: (names: string[]) => ColumnVisit[]) => Promise<{ rows: number }>): Promise<TableProfile> {
  let cells: Cells[] = [];
  const { rows } = await walk((names) => {
    const held = { bytes: 0, columns: 0 };
    cells = names.map((name) => createCells(name, held));
    return cells.map(({ tally, count }) => ({ name: tally.name, take: count }));
  });
  return describe(cells, rows);
}

/** A column whose cells are typed values. `odd`: the first row whose value is a number that has no text of its own. */
type Cells = { tally: Tally; odd: () => number | undefined; count(row: number, value: unknown): void };

function createCells(name: string, held: Held): Cells {
  const tally = createTally(name, held);
  let odd: number | undefined;
  return {
    tally,
    odd: () => odd,
    count: (row, value) => {
      if (isMissingValue(value)) return;
      const number = valueNumber(value);
      const text = valueText(value);
      if (number === undefined && text === undefined) throw neither(name, row);
      if (text === undefined) odd ??= row;
      countCell(tally, text ?? String(number), number);
    },
  };
}

/** Cells that no row has are missing, as those that are null. */
function describe(cells: Cells[], rows: number): TableProfile {
  checkNames(cells.map(({ tally }) => tally.name));
  return {
    rows,
    columns: cells.map(({ tally, odd }) => {
      const described = describeTally({ ...tally, missing: rows - tally.present });
      const row = odd();
      if (described.kind === 'categorical' && row !== undefined) throw neither(tally.name, row);
      return described;
    }),
  };
}
