import { HubError, type TableQuestion } from '@neurodata/sdk';
import { identifier, literal } from '../profile/sqlText.ts';
import { type Value, type Where, parseOrder, parseWhere } from './parseWhere.ts';

export type Column = { name: string; type: string };
export type TableSql = { sql: string; /** What the answer calls the row's number and the number of all that fit: names that no column has. */ index: string; total: string };

const [MOST_QUERY, MOST_WORDS] = [1_000, 32];

/**
 * One SELECT for a page of rows, made of conditions that were understood: names are those of the table's columns, values are literals. With a page that lies behind the last row comes one row
 * whose index is null.
 */
export function tableSql(columns: readonly Column[], { where, orderBy, words, offset, length }: TableQuestion): TableSql {
  const [index, total] = [freeName('__row', columns), freeName('__total', columns)];
  const named = namer(columns);
  const conditions = [...(where === undefined ? [] : [whereSql(parseWhere(where), named)]), ...(words === undefined ? [] : [wordsSql(words, columns)])];
  const order = orderBy === undefined ? [] : parseOrder(orderBy).map(({ column, descending }) => `${named('orderby', column)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`);
  const [row, count] = [identifier(index), identifier(total)];
  const sorted = [...order, row].join(', ');
  return {
    index, total,
    sql: `WITH numbered AS (SELECT row_number() OVER () - 1 AS ${row}, * FROM data),
  fitting AS (SELECT * FROM numbered${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}),
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

/** Rows with one of the words in a text, whatever its case and accents. */
function wordsSql(query: string, columns: readonly Column[]): string {
  const words = [...new Set((query.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).filter((word) => /[\p{L}\p{N}]/u.test(word)))];
  if (query.length > MOST_QUERY || words.length > MOST_WORDS) throw new HubError(`Parameter 'query' is invalid: it has at most ${MOST_WORDS} words.`, { status: 422, code: 'InvalidParameter' });
  const texts = columns.filter(({ type }) => /VARCHAR|ENUM|JSON/.test(type)).map(({ name }) => `CAST(${identifier(name)} AS VARCHAR)`);
  if (words.length === 0 || texts.length === 0) return 'false';
  const alternatives = words.map((word) => `strip_accents(lower(${literal(word)}))`).join(" || '|' || ");
  return String.raw`regexp_matches(strip_accents(lower(concat_ws(' ', ${texts.join(', ')}))), '(^|[^\p{L}\p{N}])(' || ${alternatives} || ')([^\p{L}\p{N}]|$)')`;
}

function freeName(wanted: string, columns: readonly Column[]): string {
  let name = wanted;
  while (columns.some((column) => column.name.toLowerCase() === name)) name += '_';
  return name;
}
