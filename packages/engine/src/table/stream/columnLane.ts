import { createCellDigest } from '../cellDigest.ts';
import { isMissingValue } from '../putValue.ts';
import { type TakeRow, type WalkColumns, createRowSums } from '../rowDigests.ts';
import { type Columns, type LaneState, createColumns, stateOf } from './columns.ts';
import { addValue } from './lane.ts';

/** Of all rows together so many are looked at closely, or a few more, for commonest texts. */
const CLOSE_ROWS = 2 ** 16;

/** Describes a table that is walked over column by column, a batch at a time, in memory that does not grow with it. `takeRow`: is told the digest of each row. */
export async function describeColumns(walk: WalkColumns, takeRow?: TakeRow): Promise<LaneState> {
  const digest = createCellDigest();
  const sums = takeRow && createRowSums(takeRow);
  let columns: Columns = createColumns(0);
  const { rows } = await walk((names, count) => {
    columns = createColumns(names.length);
    const stride = Math.max(1, Math.floor(count / CLOSE_ROWS));
    return names.map((name) => {
      const column = columns.add(name, 0);
      return {
        name,
        take: (row, value) => {
          if (isMissingValue(value)) return;
          addValue(column, { row, value, stride: row % stride === 0 ? stride : 0 }, digest);
          sums?.add(row, digest.low, digest.high);
        },
      };
    });
  }, (end) => sums?.end(end));
  return stateOf(columns, rows, 0);
}
