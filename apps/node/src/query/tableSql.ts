import { HubError, type TableQuestion } from '@neurodata/sdk';
import { identifier, literal } from '../profile/sqlText.ts';
import { type Value, type Where, parseOrder, parseWhere } from './parseWhere.ts';

export type Column = { name: string; type: string };
export type TableSql = { sql: string; /** What the answer calls the row's number and the number of all that fit: names that no column has. */ index: string; total: string };

/**
 * One SELECT for a page of rows, made of conditions that were understood: names are those of the table's columns, values are literals. With a page that lies behind the last row comes one row
 * whose index is null.
 */
export function tableSql(columns: readonly Column[], { where, orderBy, offset, length }: Omit<TableQuestion, 'words'>): TableSql {
  const [index, total] = [freeName('__row', columns), freeName('__total', columns)];
  const named = namer(columns);
  const condition = where === undefined ? '' : ` WHERE ${whereSql(parseWhere(where), named)}`;
  const order = orderBy === undefined ? [] : parseOrder(orderBy).map(({ column, descending }) => `${named('orderby', column)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`);
  const [row, count] = [identifier(index), identifier(total)];
  const sorted = [...order, row].join(', ');
  return {
    index, total,
    sql: `WITH numbered AS (SELECT row_number() OVER () - 1 AS ${row}, * FROM data),
  fitting AS (SELECT * FROM numbered${condition}),
  page AS (SELECT * FROM fitting ORDER BY ${sorted} LIMIT ${length} OFFSET ${offset})
SELECT counted.${count}, page.* FROM (SELECT count(*) AS ${count} FROM fitting) AS counted LEFT JOIN page ON true ORDER BY ${sorted}`,
  };
}

type Namer = (parameter: string, name: string) => string;

/** Finds columns as SQL does, whatever the case. */
function namer(columns: readonly Column[]): Namer {
  const names = new Map(columns.map(({ name }) => [name.toLowerCase(), name]));
  return (parameter, name) => {
    const found = names.get(name.toLowerCase());
    if (found === undefined) throw new HubError(`Parameter '${parameter}' is invalid: there is no column ${JSON.stringify(name.slice(0, 100))}.`, { status: 422, code: 'InvalidParameter' });
    return identifier(found);
  };
}

function whereSql(where: Where, named: Namer): string {
  if (where.type === 'and' || where.type === 'or') return `(${where.of.map((part) => whereSql(part, named)).join(where.type === 'and' ? ' AND ' : ' OR ')})`;
  if (where.type === 'not') return `(NOT ${whereSql(where.of, named)})`;
  const column = named('where', where.column);
  if (where.type === 'missing') return `(${column} IS NULL)`;
  if (where.type === 'in') return `(${column} IN (${where.values.map(valueSql).join(', ')}))`;
  if (where.type === 'like') return `(CAST(${column} AS VARCHAR) ${where.caseless ? 'ILIKE' : 'LIKE'} ${literal(where.pattern)})`;
  return `(${column} ${where.operator} ${valueSql(where.value)})`;
}

function valueSql(value: Value): string {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return typeof value === 'string' ? literal(value) : value.number;
}

/** A name that no column has. */
export function freeName(wanted: string, columns: readonly Column[]): string {
  let name = wanted;
  while (columns.some((column) => column.name.toLowerCase() === name)) name += '_';
  return name;
}
