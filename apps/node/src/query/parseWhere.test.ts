import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { parseOrder, parseWhere } from './parseWhere.ts';
import { type Column, tableSql } from './tableSql.ts';

const columns: Column[] = [{ name: 'age', type: 'BIGINT' }, { name: 'name', type: 'VARCHAR' }, { name: 'children', type: 'BIGINT' }, { name: 'is "x" or', type: 'BOOLEAN' }];
const sqlOf = (where: string): string => tableSql(columns, { where, offset: 0, length: 10 }).sql;

test('a condition is understood as it is documented', () => {
  expect(parseWhere("age>30 AND (name='Simone' OR children=0)")).toEqual({
    type: 'and', of: [
      { type: 'compare', column: 'age', operator: '>', value: { number: '30' } },
      { type: 'or', of: [{ type: 'compare', column: 'name', operator: '=', value: 'Simone' }, { type: 'compare', column: 'children', operator: '=', value: { number: '0' } }] },
    ],
  });
  // AND binds stronger than OR, NOT than both.
  expect(parseWhere('a=1 or not b=2 and c=3')).toMatchObject({ type: 'or', of: [{ column: 'a' }, { type: 'and', of: [{ type: 'not', of: { column: 'b' } }, { column: 'c' }] }] });
  expect(parseWhere(`"is ""x"" or"!=true and größe <= -1.5e3`)).toMatchObject({ of: [{ column: 'is "x" or', operator: '<>', value: true }, { column: 'größe', value: { number: '-1.5e3' } }] });
  expect(parseWhere("name not in ('O''Hara', 'x') and name is not null and name ilike '%a_'")).toMatchObject({ of: [{ type: 'not', of: { type: 'in', values: ["O'Hara", 'x'] } }, { type: 'not', of: { type: 'missing' } }, { type: 'like', pattern: '%a_', caseless: true }] });
  expect(parseOrder('age desc, "name", children ASC')).toEqual([{ column: 'age', descending: true }, { column: 'name', descending: false }, { column: 'children', descending: false }]);
});

test('whatever else is said is refused, with its place', () => {
  const wrong = [
    '', ' ', 'age', 'age >', 'age > 30 AND', 'age > 30 children = 0', '(age > 30', 'age > 30)', '30 > age', 'age = children', 'age + 1 > 2', 'age > 5 - 3', 'length(name) > 3', 'age > 30; DROP TABLE x', 'age > 30 -- more', '/* x */ age > 30', "name = 'x",
    'name = "x', 'age = NULL', 'name like 5', 'age in ()', "age > (SELECT 1)", 'EXISTS (SELECT 1)', 'age between 1 and 2', 'not', "name = E'x'", 'age > $1', 'age::VARCHAR = 1', 'age\u0000 = 1', `${'('.repeat(60)}age=1${')'.repeat(60)}`, `${'not '.repeat(60)}age=1`, `age in (${'1,'.repeat(3_000)}1)`,
  ];
  for (const where of wrong) expect(() => parseWhere(where), where).toThrow(expect.objectContaining({ status: 422, code: 'InvalidParameter' }));
  for (const order of ['', 'age sideways', 'age,', '1', 'random()', 'age desc nulls first']) expect(() => parseOrder(order), order).toThrow(expect.objectContaining({ status: 422 }));
  expect(() => parseWhere('age > 30 AND')).toThrow("Parameter 'where' is invalid: the name of a column is missing at character 13, its end.");
  expect(() => sqlOf('weight > 3')).toThrow('there is no column "weight"');
});

test('no text leaves its quotes: what DuckDB reads is one SELECT whose values are those that were typed', async () => {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await connection.run('CREATE TABLE data (age BIGINT, name VARCHAR, children BIGINT, "is ""x"" or" BOOLEAN)');
  const hostile = ["'; DROP TABLE data; --", String.raw`\'`, "''", '%', '"', '*/', '\n--', '🐧', "'||'"];
  for (const text of hostile) {
    await connection.run('DELETE FROM data');
    const insert = await connection.prepare('INSERT INTO data VALUES (1, ?, 0, true)');
    insert.bindVarchar(1, text);
    await insert.run();
    const statements = await connection.extractStatements(sqlOf(`NAME = '${text.replaceAll("'", "''")}' AND "IS ""x"" or" = true`));
    expect(statements.count).toBe(1);
    const found = await (await (await statements.prepare(0)).run()).getRowObjectsJson();
    expect(found, text).toMatchObject([{ __total: '1', __row: '0', name: text }]);
  }
});
