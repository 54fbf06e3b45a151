import { expect, test } from 'vitest';
import { buildManifest } from '../manifest.ts';
import { compareColumns } from './compareColumns.ts';
import { unknownLicenseError } from './importedDescription.ts';
import { readDescription } from './readDescription.ts';

const read = (value: unknown) => readDescription(new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)));
const dataset = { '@context': 'https://evil.example/context.jsonld', '@type': 'sc:Dataset', name: 'Titanic' };

test('a Croissant document, as hubs write it', () => {
  const document = {
    '@context': { '@language': 'en', '@vocab': 'https://schema.org/', sc: 'https://schema.org/', cr: 'http://mlcommons.org/croissant/' }, '@type': 'sc:Dataset', conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: 'Titanic', description: 'Who survived.\r\nAnd who did not.', license: ['https://creativecommons.org/licenses/by/4.0/'], url: 'https://www.openml.org/d/40945', keywords: ['ships', 'survival', 'ships'],
    recordSet: [{ '@type': 'cr:RecordSet', field: [
      { '@type': 'cr:Field', '@id': 'p/age', name: 'p/age', dataType: 'sc:Float', source: { fileObject: { '@id': 'f' }, extract: { column: 'age' } } }, { '@type': 'cr:Field', name: 'sex', dataType: ['sc:Text', 'wd:Q48277'] },
      { '@type': 'cr:Field', name: 'alive', dataType: 'sc:Boolean' }, { '@type': 'cr:Field', name: 'photo', dataType: 'sc:ImageObject' }, { '@type': 'cr:Field', name: 'born', dataType: 'https://schema.org/Date' },
    ] }],
  };
  expect(read(document)).toEqual({
    format: 'croissant', title: 'Titanic', description: 'Who survived.\nAnd who did not.', license: 'CC-BY-4.0', source: 'https://www.openml.org/d/40945', tags: ['ships', 'survival'],
    columns: [{ name: 'age', kind: 'number' }, { name: 'sex', kind: 'text' }, { name: 'alive', kind: 'boolean' }, { name: 'photo', kind: 'other' }, { name: 'born', kind: 'date' }],
  });
  const prefixed = { '@graph': [{ '@type': 'Person' }, { '@type': ['https://schema.org/Dataset'], 'sc:name': { '@value': 'T', '@language': 'en' }, 'schema:description': { de: 'Wer.', en: 'Who.' }, 'sc:license': { '@type': 'CreativeWork', name: 'CC0: Public Domain' }, 'sc:keywords': 'a, b', 'cr:recordSet': { 'cr:field': { 'sc:name': 'x', 'cr:dataType': { '@id': 'sc:Integer' } } } }] };
  expect(read(prefixed)).toEqual({ format: 'croissant', title: 'T', description: 'Who.', license: 'CC0-1.0', tags: ['a', 'b'], columns: [{ name: 'x', kind: 'number' }] });
});

test('our own manifest comes back', () => {
  const digest = `0x${'ab'.repeat(32)}` as const;
  const { bytes } = buildManifest({
    description: { title: 'A', description: 'B', license: 'MIT', tags: ['t'] }, columns: [{ name: 'x y', kind: 'numeric', missing: 0, distinct: 3 }],
    sealed: { format: 'age-encryption.org/v1', cid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy', size: 10, keysetDigest: digest, contentRoot: digest, contentCommitment: digest, fileName: 'a.csv', mediaType: 'text/csv', ciphertextSha256: digest },
  });
  expect(readDescription(bytes)).toEqual({ format: 'croissant', title: 'A', description: 'B', license: 'MIT', tags: ['t'], columns: [{ name: 'x y', kind: 'number' }] });
});

test('what Kaggle writes', () => {
  const document = {
    title: 'My dataset', id: 'ada/my-dataset', subtitle: 'Short', description: 'Long.', licenses: [{ name: 'CC-BY-SA-4.0' }], keywords: ['earth', 'sea'], isPrivate: false,
    resources: [{ path: 'a.csv', schema: { fields: [{ name: 'id', type: 'id' }, { name: 'height', type: 'decimal' }, { name: 'n', type: 'integer' }, { name: 'at', type: 'datetime' }] } }],
  };
  expect(read(document)).toEqual({
    format: 'kaggle', title: 'My dataset', description: 'Long.', license: 'CC-BY-SA-4.0', source: 'https://www.kaggle.com/datasets/ada/my-dataset', tags: ['earth', 'sea'],
    columns: [{ name: 'id', kind: 'text' }, { name: 'height', kind: 'number' }, { name: 'n', kind: 'number' }, { name: 'at', kind: 'date' }],
  });
  expect(read({ title: 'T', id: '../../etc', licenses: [{ name: 'other' }] })).toEqual({ format: 'kaggle', title: 'T', unknownLicense: 'other', tags: [], columns: [] });
  expect(read({ title: 'T', licenses: [{ name: 'CC0-1.0' }, { name: 'MIT' }] })).toMatchObject({ unknownLicense: 'CC0-1.0, MIT' });
});

test('a licence that nobody knows is for a person to name, who is told what to type', () => {
  expect(read({ ...dataset, license: 'Community Data License' })).toMatchObject({ unknownLicense: 'Community Data License' });
  const error = unknownLicenseError('Community Data License', 'with --license');
  expect([error.code, error.message, error.details]).toEqual(['BAD_INPUT', expect.stringContaining('with --license: an SPDX id'), expect.stringContaining('CC0-1.0, ')]);
  expect(error.details).toContain('CC-BY-NC-SA-4.0');
  expect(read(dataset)).not.toHaveProperty('license');
});

test('strangers\' texts are cut, and cannot rewrite a terminal or leave the page', () => {
  const found = read({ ...dataset, name: `\u001b[2Jx\u202e${'y'.repeat(500)}`, description: 7, url: 'javascript:alert(1)', keywords: ['ok', 'z'.repeat(51), '', null, { name: 'term' }, ...Array.from({ length: 50 }, (_, index) => `t${index}`)], recordSet: [null, 'x', { field: [7, { name: '' }, { name: 'a' }] }] });
  expect(found).toMatchObject({ title: `[2Jx${'y'.repeat(196)}`, description: '7', columns: [{ name: 'a', kind: 'other' }] });
  expect(found).not.toHaveProperty('source');
  expect([found.tags.length, found.tags.slice(0, 3)]).toEqual([20, ['ok', 'term', 't0']]);
  expect(read('{"@type":"Dataset","__proto__":{"name":"p"},"constructor":{"name":"c"}}')).toEqual({ format: 'croissant', tags: [], columns: [] });
});

test('what is no description is refused, before it costs anything', () => {
  const refused = (value: unknown, code = 'BAD_INPUT') => expect(() => read(value)).toThrow(expect.objectContaining({ code }));
  for (const value of ['', 'hello', '[]', 'null', '{}', { title: 'T' }, { '@type': 'Person', name: 'x' }, '{"@type":"Dataset"']) refused(value);
  refused(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
  refused(`{"@type":"Dataset","a":${'[{"b":'.repeat(30)}1${'}]'.repeat(30)}}`);
  expect(read(`{"@type":"Dataset","name":"${'[{'.repeat(60)}"}`).title).toBe('[{'.repeat(60));
  refused(' '.repeat(4 * 2 ** 20 + 1), 'TOO_LARGE');
  expect(() => readDescription(new Uint8Array([0xff, 0xfe]))).toThrow(/UTF-8/);
});

test('columns that differ are told', () => {
  const columns = [{ name: 'a', kind: 'numeric' as const }, { name: 'b', kind: 'categorical' as const }, { name: 'c', kind: 'numeric' as const }];
  expect(compareColumns([{ name: 'a', kind: 'number' }, { name: 'b', kind: 'number' }, { name: 'z', kind: 'text' }], columns)).toEqual([
    'The description names columns that the table has not: z.', 'The table has columns that the description does not name: c.', 'Columns of numbers, the description says, hold other texts too: b.',
  ]);
  expect(compareColumns([], columns)).toEqual([]);
  expect(compareColumns(columns.map(({ name }) => ({ name, kind: 'text' })), columns)).toEqual([]);
});
