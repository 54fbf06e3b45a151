import type { AssetDto, Manifest, VersionDto } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { byteRange } from './byteRange.ts';
import { dataPathOf } from './dataPaths.ts';
import { cardData, hubCard } from './hubCard.ts';
import { HubError, headerText, toHubError } from './HubError.ts';
import { readRows } from './readRows.ts';
import { treeOf } from './repoInfo.ts';
import { viewerTables } from './viewerTables.ts';

const rangeOf = (header: string | undefined, size: number) => {
  try {
    return byteRange(header, size);
  } catch (error) {
    return (error as HubError).status;
  }
};

test('one range is taken, several or none mean the whole, and what lies outside is refused', () => {
  expect([undefined, '', 'bytes=', 'bytes=-', 'items=0-1', 'bytes=0-1,3-4', 'bytes=5-2'].map((header) => rangeOf(header, 10))).toEqual(Array(7).fill(undefined));
  expect(rangeOf('bytes=0-', 10)).toEqual({ offset: 0, length: 10 });
  expect(rangeOf('bytes=3-5', 10)).toEqual({ offset: 3, length: 3 });
  expect(rangeOf('Bytes = 9-99', 10)).toEqual({ offset: 9, length: 1 });
  expect(rangeOf('bytes=-4', 10)).toEqual({ offset: 6, length: 4 });
  expect(rangeOf('bytes=-99', 10)).toEqual({ offset: 0, length: 10 });
  expect(['bytes=10-', 'bytes=99-100', 'bytes=-0'].map((header) => rangeOf(header, 10))).toEqual([416, 416, 416]);
  expect(rangeOf('bytes=0-', 0)).toBe(416);
});

const manifestOf = (fileName: string, more: object = {}): Manifest => ({ name: 'Pen: "guins" #1', description: 'Rows.\n---\nmore', license: 'CC0-1.0', keywords: ['birds', 'a: b'], 'nd:sealed': { fileName }, ...more }) as unknown as Manifest;
const asset = { assetId: 3, owner: '0x00000000000000000000000000000000000000AA', kind: 'dataset', title: 'Pen' } as unknown as AssetDto;
const version = { version: 2, status: 'live', block: 9 } as unknown as VersionDto;

test('a card begins with front matter of which each value is one line', () => {
  const manifest = manifestOf('rows.csv', { 'nd:rows': 344, 'nd:task': 'classification' });
  const card = hubCard({ asset, version, manifest, dataPath: 'rows.csv' });
  const front = card.split('\n---\n')[0]!.split('\n').slice(1);
  expect(Object.fromEntries(front.map((line) => [line.slice(0, line.indexOf(':')), JSON.parse(line.slice(line.indexOf(':') + 1)) as unknown]))).toEqual({
    license: 'cc0-1.0', pretty_name: 'Pen: "guins" #1', tags: ['neurodata', 'birds', 'a: b'], task_categories: ['tabular-classification'], size_categories: ['n<1K'],
    configs: [{ config_name: 'default', data_files: [{ split: 'train', path: 'rows.csv' }] }],
  });
  const model = hubCard({ asset: { ...asset, kind: 'model' }, version, manifest: manifestOf('m.onnx', { license: 'https://example.org/terms', 'nd:task': 'regression' }), dataPath: 'm.onnx' });
  expect(model).toContain('license: "other"\nlicense_name: "https://example.org/terms"\nlicense_link: "https://example.org/terms"\n');
  expect(model).toContain('pipeline_tag: "tabular-regression"');
});

test('each table of a folder that is told of is a subset, under a name that can be a folder\'s', () => {
  const paths = ['a--b.csv', 'a/B.csv', 'README.md', 'default', 'main.csv'];
  const columns = [{ name: 'x', kind: 'numeric', missing: 0, distinct: 2 }];
  const manifest = manifestOf('birds.folder.json', {
    distribution: paths.map((path, index) => ({ '@id': `file/${index + 1}`, name: path, contentUrl: 'ipfs://bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy', contentSize: '205 B', sha256: 'a'.repeat(64) })),
    'nd:folder': { files: 5, main: { path: 'main.csv', mediaType: 'text/csv' } }, 'nd:rows': 9, 'nd:columns': [],
    'nd:tables': ['README.md', 'a--b.csv', 'a/B.csv', 'default'].map((path) => ({ path, mediaType: 'text/csv', rows: 2, columns })),
  });
  expect(viewerTables(manifest).map(({ config, inside, path, rows }) => [config, inside, path, rows])).toEqual([
    ['default', undefined, 'main.csv', 9], ['README.md', 'README.md', 'data/README.md', 2], ['a--b.csv', 'a--b.csv', 'a--b.csv', 2], ['a--B.csv~2', 'a/B.csv', 'a/B.csv', 2], ['default~2', 'default', 'default', 2],
  ]);
  expect(cardData({ asset, version, manifest, dataPath: 'main.csv' })['configs']).toMatchObject([{ config_name: 'default' }, { config_name: 'README.md', data_files: [{ split: 'train', path: 'data/README.md' }] }, {}, {}, {}]);
  // Where the main table was made Parquet, the others are not.
  expect(cardData({ asset, version, manifest, dataPath: 'default/train/0000.parquet' })['configs']).toEqual([{ config_name: 'default', data_files: [{ split: 'train', path: 'default/train/0000.parquet' }] }]);
});

test("a publisher's file name names one plain file, and never the card or the manifest", () => {
  expect(['rows.csv', '../../etc/passwd', 'a\\b.csv', '..', 'README.md', 'readme.MD', 'croissant.json', 'a*[b].csv', '.hidden'].map((name) => dataPathOf(manifestOf(name)))).toEqual(
    ['rows.csv', 'passwd', 'b.csv', 'data.bin', 'data/README.md', 'data/readme.MD', 'data/croissant.json', 'a__b_.csv', 'hidden'],
  );
});

test('a tree shows folders, what is in them, and nothing of folders that are not there', () => {
  const file = (path: string) => ({ path, size: 1, oid: 'a', etag: 'a', mediaType: '' });
  const files = [file('README.md'), file('data/README.md')];
  const paths = (folder: string, recursive: boolean) => treeOf(files, { folder, recursive, commit: 'c' })?.map(({ type, path }) => `${String(type)} ${String(path)}`);
  expect(paths('', false)).toEqual(['directory data', 'file README.md']);
  expect(paths('', true)).toEqual(['directory data', 'file README.md', 'file data/README.md']);
  expect([paths('data', true), paths('dat', true)]).toEqual([['file data/README.md'], undefined]);
});

test('errors tell what to do in a header, and nothing of what is unexpected', () => {
  expect(headerText('Größe\r\nX-Other: 1')).toBe('Gr??e X-Other: 1');
  expect(toHubError(new Error('secret path /home/x'))).toMatchObject({ status: 500, message: 'Something went wrong inside.' });
});

const bytesOf = (text: string, piece: number) => ({
  size: text.length, checks: () => 'content' as const,
  async* read() {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  },
});

test('rows of CSV, TSV and JSON lines, wherever the pieces are cut', async () => {
  const csv = '\uFEFFname,"a ""b""",note\r\nÄ,1.5,"x,\ny"\r\n\r\n"",,z\r\nlast,2,"q""q"';
  for (const piece of [1, 2, 7, 1_000]) {
    const page = { data: bytesOf(csv, piece), path: 'rows.csv', mediaType: 'text/csv', numeric: new Set(['a "b"']) };
    expect(await readRows({ ...page, offset: 0, length: 100 })).toEqual({
      columns: ['name', 'a "b"', 'note'], more: false,
      records: [{ name: 'Ä', 'a "b"': 1.5, note: 'x,\ny' }, { name: null, 'a "b"': null, note: 'z' }, { name: 'last', 'a "b"': 2, note: 'q"q' }],
    });
    expect(await readRows({ ...page, offset: 1, length: 1 })).toMatchObject({ records: [{ note: 'z' }], more: true });
  }
  const rows = { numeric: new Set<string>(), offset: 0, length: 10 };
  expect((await readRows({ ...rows, data: bytesOf('a\tb\n1\t"2"', 3), path: 'x.tsv', mediaType: 'text/tab-separated-values' })).records).toEqual([{ a: '1', b: '2' }]);
  expect((await readRows({ ...rows, data: bytesOf('{"a":1}\n{"a":2}', 4), path: 'x', mediaType: 'application/x-ndjson' })).records).toEqual([{ a: 1 }, { a: 2 }]);
  await expect(readRows({ ...rows, data: bytesOf('PAR1', 4), path: 'x.parquet', mediaType: 'application/vnd.apache.parquet' })).rejects.toMatchObject({ status: 422 });
});
