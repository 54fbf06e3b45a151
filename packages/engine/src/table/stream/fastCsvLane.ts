import { EngineError } from '../../errors.ts';
import { readNumber } from '../cell.ts';
import { checkUtf8, fieldText, walkCsv } from '../csv.ts';
import { hazardOf } from '../hazard.ts';
import type { TakeRow } from '../rowDigests.ts';
import { openTableKernels, putText } from '../tableKernels.ts';
import { createColumnMemory } from './columnMemory.ts';
import { createColumns, stateOf } from './columns.ts';
import { countText } from './commonest.ts';
import type { Lane } from './csvLane.ts';
import { strideOf } from './parts.ts';
import type { StreamedColumn } from './streamedColumn.ts';

/** Bits of what `kindsOfBytes` gives. */
const [BEYOND_ASCII, NUL] = [1, 2];
/** The memory of more columns than this is not worth it. */
const MOST_COLUMNS = 1_024;

/**
 * Describes parts of CSV in WebAssembly: rows are walked over, numbers read, cells digested and counted there, and what happens seldom is done here. To the last bit the same as `createCsvLane`.
 * Undefined where there is no WebAssembly or no memory for it, and for more than 1,024 columns.
 */
export function createFastCsvLane(names: readonly string[]): Lane | undefined {
  if (names.length > MOST_COLUMNS) return undefined;
  const columns = createColumns(names.length);
  for (const name of names) columns.add(name, 0);
  const { list, limits } = columns;
  let bytes: Uint8Array = new Uint8Array();
  let stride = 1;
  let takeRow: TakeRow | undefined;
  const columnAt = (index: number): StreamedColumn => list[index] as StreamedColumn;
  const text = (start: number, end: number, doubled: number): string => fieldText(bytes, { start, end, doubled: doubled !== 0 });
  const kernels = openTableKernels({
    count: (index, value) => memory.count(index, value),
    crowd: (index) => memory.crowd(index),
    look: (index, start, end, doubled) => columnAt(index).personal.look(text(start, end, doubled)),
    meet: (index, start, end, doubled, numeric) => countText(columnAt(index).state.commonest, text(start, end, doubled), stride, numeric !== 0),
    harm: (index, start, end, doubled) => {
      const hazard = hazardOf(text(start, end, doubled));
      columnAt(index).state.hazard = hazard;
      return hazard === undefined ? 0 : 1;
    },
    read: (start, end) => readNumber(text(start, end, 0)) ?? NaN,
    row: (low, high) => takeRow?.(low >>> 0, high >>> 0),
  });
  if (!kernels || kernels.setUp(names.length, limits.distinct, limits.cells) === 0) return undefined;
  const memory = createColumnMemory(kernels, list, limits);
  let rows = 0;
  return {
    take: (part, tell) => {
      bytes = part.bytes;
      takeRow = tell;
      stride = strideOf(part.rows);
      if (!putText(kernels, bytes)) throw new EngineError('TOO_LARGE', `There is no memory for ${bytes.length} bytes of rows: split the table into several.`);
      const kinds = kernels.kindsOfBytes();
      if ((kinds & BEYOND_ASCII) !== 0) checkUtf8(bytes);
      const read = kernels.take(part.before === 0, stride, (kinds & NUL) !== 0, tell !== undefined);
      if (read <= 0) refuse(bytes, part.before === 0 ? undefined : { names, rows: part.before });
      rows += read;
    },
    state: () => {
      memory.pull();
      return stateOf(columns, rows, kernels.cellsThatRun());
    },
  };
}

/** What is wrong, and where, is said by the reader that takes its time. */
function refuse(bytes: Uint8Array, before?: { names: readonly string[]; rows: number }): never {
  walkCsv(bytes, () => () => undefined, before);
  throw new Error('Two readers of one CSV file disagree.');
}
