import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { expect, test } from 'vitest';
import { tableCsv } from './tableCsv.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = async (bytes: Uint8Array) => {
  const { csv, texts } = await tableCsv(bytes);
  return { csv: new TextDecoder().decode(csv), texts };
};

test('every format becomes the same plain CSV, and says which columns are texts', async () => {
  expect(await read(bytesOf('a;b\n1;"x;y"\n'))).toEqual({ csv: 'a,b\n1,"x;y"\n', texts: [] });
  const plain = bytesOf('a,b\n1,2\n');
  expect((await tableCsv(plain)).csv).toBe(plain);
  const rows = [{ zip: '00501', n: 1.5 }, { zip: 'a "b", c', n: null, late: 'x\ny' }, { n: -3 }];
  const wanted = { csv: 'zip,n,late\n00501,1.5,\n"a ""b"", c",,"x\ny"\n,-3,\n', texts: ['zip', 'late'] };
  expect(await read(bytesOf(JSON.stringify(rows)))).toEqual(wanted);
  expect(await read(bytesOf(rows.map((row) => JSON.stringify(row)).join('\n')))).toEqual(wanted);
  const arrow = tableToIPC(tableFromArrays({ zip: ['00501', null], n: [1.5, 2] }), { format: 'stream' });
  expect(await read(arrow!)).toEqual({ csv: 'zip,n\n00501,1.5\n,2\n', texts: ['zip'] });
});

test('one column keeps its empty rows; more rows than are written at once; nested values are refused', async () => {
  expect((await read(bytesOf('[{"a":1},{"a":null},{"a":2}]'))).csv).toBe('a\n1\n""\n2\n');
  const many = Array.from({ length: 25_001 }, (_, n) => JSON.stringify({ n })).join('\n');
  expect((await read(bytesOf(many))).csv).toBe(`n\n${Array.from({ length: 25_001 }, (_, n) => n).join('\n')}\n`);
  await expect(tableCsv(bytesOf('[{"a":{"b":1}}]'))).rejects.toMatchObject({ code: 'BAD_NUMBER' });
});
