import { NeuroError } from '@neurodata/protocol';
import { getTableColumns, getTableName, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { getTableConfig } from 'drizzle-orm/pg-core';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Transaction } from '../db/openDatabase.ts';

/** Some columns of a table's row. */
export type Part<T extends PgTable> = Partial<T['$inferInsert']>;

/** Writes that wait until there are enough of them: one statement takes thousands of rows as fast as a dozen statements take one each. */
export type RowBuffer = {
  /** A new row. `ifMissing`: unless there is one with its key. */
  insert<T extends PgTable>(table: T, row: T['$inferInsert'], ifMissing?: boolean): void;
  /** Sets columns of the row with this key, which is all of the table's primary key. `missing`: what is thrown at {@link RowBuffer.flush} where there is no such row. */
  change<T extends PgTable>(table: T, key: Part<T>, set: Part<T>, missing?: string): void;
  /** Adds to amounts of the row with this key, which is made where there is none. */
  add<T extends PgTable>(table: T, key: Part<T>, amounts: Part<T>): void;
  /** Sends everything. */
  flush(): Promise<void>;
};

type Row = Record<string, unknown>;
/** What becomes of one row. */
type Fate = { kind: 'insert' | 'insertIfMissing' | 'change' | 'add'; row: Row; missing?: string | undefined };

/** The buffer of one transaction. What waits is not read: whoever reads sends first. */
export function createRowBuffer(tx: Transaction): RowBuffer {
  const tables = new Map<PgTable, Map<string, Fate>>();
  const fatesOf = (table: PgTable): Map<string, Fate> => {
    const known = tables.get(table) ?? new Map<string, Fate>();
    tables.set(table, known);
    return known;
  };
  return {
    insert: (table, given, ifMissing = false) => {
      const { key, row } = read(table, given);
      const fates = fatesOf(table);
      const before = fates.get(key)?.kind;
      if (ifMissing && before) return;
      if (before === 'insert') throw new NeuroError(`Two rows of ${getTableName(table)} have one key.`, { code: 'INTERNAL' });
      // A change that came before changed nothing: there was no row yet.
      fates.set(key, { kind: ifMissing ? 'insertIfMissing' : 'insert', row });
    },
    change: (table, of, set, missing) => {
      const { key, row } = read(table, { ...of, ...set });
      const fate = fatesOf(table).get(key);
      if (fate && fate.kind !== 'change' && fate.kind !== 'insert') throw mixed(table);
      if (fate) {
        Object.assign(fate.row, row);
        fate.missing ??= missing;
      }
      else fatesOf(table).set(key, { kind: 'change', row, missing });
    },
    add: (table, of, amounts) => {
      const { key, row } = read(table, { ...of, ...amounts });
      const fate = fatesOf(table).get(key);
      if (fate && fate.kind !== 'add') throw mixed(table);
      if (!fate) return void fatesOf(table).set(key, { kind: 'add', row });
      const columns = getTableColumns(table as PgTable) as Record<string, PgColumn>;
      for (const name of Object.keys(amounts)) {
        const column = columns[name]?.name ?? '';
        fate.row[column] = String(BigInt(fate.row[column] as string) + BigInt(row[column] as string));
      }
    },
    flush: async () => {
      const waiting = [...tables];
      tables.clear();
      for (const [table, fates] of waiting) {
        for (const alike of Map.groupBy(fates.values(), ({ kind, row, missing }) => `${kind} ${missing === undefined ? '' : '!'} ${Object.keys(row).join()}`).values()) await send(tx, table, alike);
      }
    },
  };
}

const mixed = (table: PgTable): NeuroError => new NeuroError(`Rows of ${getTableName(table)} are added to and changed in one go.`, { code: 'INTERNAL' });

type Shape = { columns: Map<string, PgColumn>; keys: string[] };
const shapes = new WeakMap<PgTable, Shape>();

function shapeOf(table: PgTable): Shape {
  const known = shapes.get(table);
  if (known) return known;
  const { primaryKeys, columns } = getTableConfig(table);
  const keys = primaryKeys[0]?.columns ?? columns.filter(({ primary }) => primary);
  const shape = { columns: new Map(Object.entries(getTableColumns(table as PgTable) as Record<string, PgColumn>)), keys: keys.map(({ name }) => name) };
  shapes.set(table, shape);
  return shape;
}

/** As the database takes it, by its columns' names; and its key as text. */
function read(table: PgTable, given: Row): { key: string; row: Row } {
  const { columns, keys } = shapeOf(table);
  const row: Row = {};
  for (const [name, column] of columns) {
    const value = given[name];
    if (value === undefined) continue;
    row[column.name] = value === null || column.columnType === 'PgJsonb' ? value : column.mapToDriverValue(value);
  }
  const key = keys.map((name) => {
    if (row[name] === undefined) throw new NeuroError(`A row of ${getTableName(table)} has no ${name}.`, { code: 'INTERNAL' });
    return String(row[name]);
  });
  return { key: key.join(' '), row };
}

const names = (columns: readonly string[]): SQL => sql.join(columns.map((name) => sql.identifier(name)), sql`, `);

/** Rows with the same columns, as one parameter: thousands of parameters take longer to be counted than their values to be stored. */
async function send(tx: Transaction, table: PgTable, fates: readonly Fate[]): Promise<void> {
  const { columns, keys } = shapeOf(table);
  const [first] = fates;
  if (!first) return;
  const types = new Map([...columns.values()].map((column) => [column.name, column.getSQLType()]));
  const used = Object.keys(first.row);
  const set = used.filter((name) => !keys.includes(name));
  const typed = sql.join(used.map((name) => sql`${sql.identifier(name)} ${sql.raw(types.get(name) ?? 'text')}`), sql`, `);
  const given = sql`jsonb_to_recordset(${JSON.stringify(fates.map(({ row }) => row))}::jsonb) AS given (${typed})`;
  if (first.kind === 'change') {
    if (set.length === 0) return;
    const assigned = sql.join(set.map((name) => sql`${sql.identifier(name)} = given.${sql.identifier(name)}`), sql`, `);
    const same = sql.join(keys.map((name) => sql`${table}.${sql.identifier(name)} = given.${sql.identifier(name)}`), sql` AND `);
    const statement = sql`UPDATE ${table} SET ${assigned} FROM ${given} WHERE ${same}`;
    if (first.missing === undefined) return void (await tx.execute(statement));
    const { rows } = await tx.execute<Row>(sql`${statement} RETURNING ${sql.join(keys.map((name) => sql`${table}.${sql.identifier(name)}`), sql`, `)}`);
    const there = new Set(rows.map((row) => keys.map((name) => String(row[name])).join(' ')));
    const lost = fates.find(({ row }) => !there.has(keys.map((name) => String(row[name])).join(' ')));
    if (lost) throw new NeuroError(lost.missing ?? '', { code: 'INTERNAL' });
    return;
  }
  const insert = sql`INSERT INTO ${table} (${names(used)}) SELECT ${names(used)} FROM ${given}`;
  const sums = sql.join(set.map((name) => sql`${sql.identifier(name)} = ${table}.${sql.identifier(name)} + excluded.${sql.identifier(name)}`), sql`, `);
  await tx.execute(first.kind === 'insert' ? insert : first.kind === 'insertIfMissing' ? sql`${insert} ON CONFLICT DO NOTHING` : sql`${insert} ON CONFLICT (${names(keys)}) DO UPDATE SET ${sums}`);
}
