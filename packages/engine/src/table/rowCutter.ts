import { type TableKernels, openTableKernels, putText } from './tableKernels.ts';

const LINE_FEED = 10;
/** The byte order mark's last byte. */
const LAST_OF_MARK = 0xbf;

/** Looks where rows of delimited text end. */
export type RowCutter = {
  /** Looks at the next bytes. Returns where the last whole row ends, counted from the first byte that is not taken; 0: nowhere yet. */
  push(chunk: Uint8Array): number;
  taken(bytes: number): void;
  /** Ends of rows that were seen, and those up to the last whole row. */
  readonly rows: number;
  readonly rowsAtEnd: number;
};

/** `quote`: -1 where a line feed always ends a row. */
export function createRowCutter(delimiter: number, quote: number): RowCutter {
  return createFastRowCutter(delimiter, quote) ?? createPlainRowCutter(delimiter, quote);
}

/** Bytes that are looked at together: they stay near the processor. */
const AT_ONCE = 1 << 18;

const nothing = (): number => 0;

/** In WebAssembly, sixteen bytes at a time; undefined where there is none. */
export function createFastRowCutter(delimiter: number, quote: number): RowCutter | undefined {
  const kernels = openTableKernels({ count: nothing, crowd: nothing, look: nothing, meet: nothing, harm: nothing, read: nothing, row: nothing });
  if (!kernels || kernels.setUp(0, 0, 0) === 0 || kernels.textAt(AT_ONCE) === 0) return undefined;
  kernels.cutOpen(delimiter, quote);
  return {
    push: (chunk) => {
      for (let at = 0; at < chunk.length; at += AT_ONCE) look(kernels, chunk.subarray(at, at + AT_ONCE));
      return kernels.cutEnd();
    },
    taken: (bytes) => kernels.cutTaken(bytes),
    get rows() {
      return kernels.cutRows();
    },
    get rowsAtEnd() {
      return kernels.cutRowsAtEnd();
    },
  };
}

function look(kernels: TableKernels, bytes: Uint8Array): void {
  putText(kernels, bytes);
  kernels.cut(kernels.textAt(bytes.length), bytes.length);
}

/** The readable twin, for where there is no WebAssembly. */
export function createPlainRowCutter(delimiter: number, quote: number): RowCutter {
  let quoted = false;
  /** Bytes of the file before this chunk, and the last of them. */
  let [total, before] = [0, LINE_FEED];
  let closedAt = -2;
  let seen = 0;
  let end = 0;
  let [rows, rowsAtEnd] = [0, 0];
  let needed = 2;
  const opensField = (previous: number, at: number): boolean => previous === delimiter || previous === LINE_FEED || (at === 3 && previous === LAST_OF_MARK);
  const readLines = (chunk: Uint8Array, from: number, to: number): void => {
    for (let at = chunk.indexOf(LINE_FEED, from); at >= 0 && at < to; at = chunk.indexOf(LINE_FEED, at + 1)) {
      rows += 1;
      if (rows < needed) continue;
      end = seen + at + 1;
      rowsAtEnd = rows;
    }
  };
  return {
    push: (chunk) => {
      let from = 0;
      while (from < chunk.length) {
        const found = chunk.indexOf(quote, from);
        const to = found < 0 ? chunk.length : found;
        if (!quoted) readLines(chunk, from, to);
        if (found >= 0 && quoted) [quoted, closedAt] = [false, total + found];
        // One behind a closing quote doubles it; one inside of an unquoted field is part of it.
        else if (found >= 0) quoted = closedAt === total + found - 1 || opensField(found > 0 ? (chunk[found - 1] as number) : before, total + found);
        from = to + 1;
      }
      seen += chunk.length;
      total += chunk.length;
      before = chunk.at(-1) ?? before;
      return end;
    },
    taken: (bytes) => {
      seen -= bytes;
      end = 0;
      needed = 0;
    },
    get rows() {
      return rows;
    },
    get rowsAtEnd() {
      return rowsAtEnd;
    },
  };
}
