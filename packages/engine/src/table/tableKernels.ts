import { tableModule } from '../generated/tableModule.ts';

/** A place in the module's memory, in bytes. */
type Place = number;

/** What the module asks for where it cannot go on alone. Columns are counted from 0, places of a field from the beginning of the part; truth values are 0 and 1. */
export type TableImports = {
  /** Counts a number that needs another grid. */
  count(column: number, value: number): void;
  /** Makes room for more digests of different values, or keeps fewer. */
  crowd(column: number): void;
  /** Looks through a new value for data about people. */
  look(column: number, start: number, end: number, doubled: number): void;
  /** Counts a text among the commonest. */
  meet(column: number, start: number, end: number, doubled: number, numeric: number): void;
  /** 1 where a text does harm. */
  harm(column: number, start: number, end: number, doubled: number): number;
  /** The number of a text that is one, or NaN where it is too large. */
  read(start: number, end: number): number;
  /** Takes the digest of a row. */
  row(low: number, high: number): void;
};

/** What the module exports, as told in `assembly/table`. */
export type TableKernels = {
  memory: WebAssembly.Memory;
  setUp(columns: number, most: number, cells: number): number;
  columnAt(column: number): Place;
  cellsThatRun(): number;
  textAt(length: number): Place;
  kindsOfBytes(): number;
  take(header: boolean, stride: number, nul: boolean, told: boolean): number;
  cutOpen(delimiter: number, quote: number): void;
  cut(from: Place, length: number): void;
  cutTaken(bytes: number): void;
  cutEnd(): number;
  cutRows(): number;
  cutRowsAtEnd(): number;
};

let compiled: WebAssembly.Module | undefined;

/** An instance with its own memory; undefined where there can be none: no WebAssembly, no vectors in it, no room. Then the same is done without, only slower. */
export function openTableKernels(table: TableImports): TableKernels | undefined {
  try {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(tableModule), (char) => char.charCodeAt(0)));
    return new WebAssembly.Instance(compiled, { table }).exports as unknown as TableKernels;
  } catch {
    return undefined;
  }
}

/** Copies bytes to where the module reads them. False where there is no room. */
export function putText(kernels: TableKernels, bytes: Uint8Array): boolean {
  const at = kernels.textAt(bytes.length) >>> 0;
  if (at === 0) return false;
  new Uint8Array(kernels.memory.buffer, at, bytes.length).set(bytes);
  return true;
}
