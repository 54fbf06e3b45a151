import type { ModelReport } from '@neurodata/protocol';
import type { Tensor } from 'onnxruntime-web';
import { readTable } from '../../table/readTable.ts';
import { type Table, column } from '../../table/table.ts';
import { Refused } from './refuse.ts';
import type { OnnxRuntime } from './runtime.ts';

type Port = NonNullable<ModelReport['signature']>['inputs'][number];

/** Rows of a table as a model's inputs. */
export type Feeds = { table: Table; of(first: number, last: number): Record<string, Tensor> };

const NUMERIC = new Set(['float', 'double', 'int64', 'int32', 'bool']);

/**
 * Finds the columns that a model asks for: inputs with columns' names, or with other names and a column for each in
 * `columnOf`, [rows, 1] or [rows]; or one input [rows, columns], which takes `features` (all columns but the target, in
 * the table's order, where nothing is said).
 *
 * @throws Refused BAD_SIGNATURE, BAD_TABLE
 */
export async function feedsOf(parameters: { runtime: OnnxRuntime; bytes: Uint8Array; names: readonly string[]; inputs: readonly Port[]; target: string; features?: readonly string[]; columnOf?: Readonly<Record<string, string>> }): Promise<Feeds> {
  const { runtime, bytes, names, inputs, target, columnOf = {} } = parameters;
  const [only] = inputs;
  if (only === undefined) throw new Refused('BAD_SIGNATURE', 'The model has no input.');
  for (const { name, type } of inputs) if (type !== 'string' && !NUMERIC.has(type)) throw new Refused('BAD_SIGNATURE', `The input ${name} takes ${type}: tables give float, double, int64, int32, bool and string.`);
  const stray = Object.keys(columnOf).find((name) => !inputs.some((input) => input.name === name));
  if (stray !== undefined) throw new Refused('BAD_SIGNATURE', `The model has no input ${stray}: its inputs are ${inputs.map(({ name }) => name).join(', ').slice(0, 500)}.`);
  const taken = (name: string): string => (Object.hasOwn(columnOf, name) ? (columnOf[name] ?? name) : name);
  const byName = inputs.every(({ name }) => names.includes(taken(name)));
  const wide = !byName && inputs.length === 1 && !Object.hasOwn(columnOf, only.name);
  if (!byName && !wide) throw new Refused('BAD_SIGNATURE', `The table has no column ${inputs.map(({ name }) => taken(name)).find((name) => !names.includes(name)) ?? ''}: name inputs after columns, say which column each takes, or take one matrix of them.`);
  const columns = wide ? (parameters.features ?? names.filter((name) => name !== target)) : inputs.map(({ name }) => taken(name));
  const width = only.shape[1];
  if (wide && typeof width === 'number' && width !== columns.length) throw new Refused('BAD_SIGNATURE', `The input ${only.name} takes ${width} columns, the table gives ${columns.length}: ${columns.join(', ').slice(0, 500)}.`);
  const absent = columns.find((name) => !names.includes(name));
  if (absent !== undefined) throw new Refused('BAD_TABLE', `The table has no column ${absent}: its columns are ${names.join(', ').slice(0, 500)}.`);
  if (columns.includes(target)) throw new Refused('BAD_SIGNATURE', `The model asks for the target ${target} itself.`);
  const typeOf = (index: number): string => (wide ? only.type : (inputs[index]?.type ?? ''));
  const table = await readTable(bytes, columns.map((name, index) => ({ name, kind: typeOf(index) === 'string' ? 'categorical' as const : 'numeric' as const })));
  return {
    table,
    of: (first, last) => (wide ? { [only.name]: matrix(table, { runtime, names: columns, type: only.type, first, last }) }
      : Object.fromEntries(inputs.map(({ name, type, shape }) => [name, vector(table, { runtime, name: taken(name), type, first, last, dims: shape.length === 1 ? [last - first] : [last - first, 1] })]))),
  };
}

function matrix(table: Table, { runtime, names, type, first, last }: { runtime: OnnxRuntime; names: readonly string[]; type: string; first: number; last: number }): Tensor {
  const cells = names.map((name) => cellsOf(table, name, first, last));
  const values = Array.from({ length: (last - first) * names.length }, (_, index) => cells[index % names.length]?.[Math.floor(index / names.length)] ?? 0);
  return tensorOf(runtime, type, values, [last - first, names.length]);
}

function vector(table: Table, { runtime, name, type, first, last, dims }: { runtime: OnnxRuntime; name: string; type: string; first: number; last: number; dims: number[] }): Tensor {
  return tensorOf(runtime, type, cellsOf(table, name, first, last), dims);
}

function cellsOf(table: Table, name: string, first: number, last: number): (number | string)[] {
  const found = column(table, name);
  if (found.kind === 'numeric') return Array.from(found.values.subarray(first, last));
  return Array.from(found.codes.subarray(first, last), (code) => (code < 0 ? '' : (found.texts[code] ?? '')));
}

function tensorOf({ Tensor }: OnnxRuntime, type: string, values: (number | string)[], dims: number[]): Tensor {
  if (type === 'string') return new Tensor('string', values.map(String), dims);
  const numbers = values.map(Number);
  if (type === 'float') return new Tensor('float32', Float32Array.from(numbers), dims);
  if (type === 'double') return new Tensor('float64', Float64Array.from(numbers), dims);
  const bad = numbers.find((value) => !Number.isSafeInteger(value));
  if (bad !== undefined) throw new Refused('BAD_TABLE', `The model takes ${type}, the table has ${Number.isNaN(bad) ? 'missing cells' : String(bad)} there.`);
  if (type === 'bool') return new Tensor('bool', Uint8Array.from(numbers), dims);
  return type === 'int64' ? new Tensor('int64', BigInt64Array.from(numbers, BigInt), dims) : new Tensor('int32', Int32Array.from(numbers), dims);
}
