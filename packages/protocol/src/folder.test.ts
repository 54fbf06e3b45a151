import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './bytes.ts';
import { type FolderFile, clearSizeOf, encodeFolderIndex, parseFolderIndex, sealedSizeOf } from './folder.ts';
import { canBeListed, encodeFolderLists, fitsManifest } from './folderLists.ts';
import { findPathProblem, findPathsProblem } from './folderPaths.ts';
import { type FolderTable, choiceForTable, describeFolderTable, fitTables } from './folderTables.ts';
import { type Manifest, buildManifest, completeManifest, contentCidsOf, folderFilesOf, mainFileOf, parseManifest } from './manifest.ts';
import { servedCroissant } from './croissant/servedCroissant.ts';
import { type OtherTableDiff, diffManifests, diffOtherTables } from './versionDiff.ts';

const cid = (letter: string): string => `bafkrei${letter.repeat(52)}`;
const identity = `AGE-SECRET-KEY-1${'Q'.repeat(58)}`;
const fileOf = (path: string, more: Partial<FolderFile> = {}): FolderFile => ({ path, format: 'text/csv', size: 100, sha256: 'a'.repeat(64), cid: cid('a'), sealedSize: sealedSizeOf(100), sealedSha256: 'b'.repeat(64), identity, ...more });
const indexOf = (files: unknown[]): Uint8Array => canonicalJson({ format: 'neurodata-folder/1', files });
const said = (bytes: Uint8Array): string => {
  try {
    return `${parseFolderIndex(bytes).files.length} files`;
  } catch (error) {
    const { code, details } = error as { code: string; details?: string };
    return `${code}: ${details}`;
  }
};

test('an index is written in the order of its paths, and read as it was written', () => {
  const bytes = encodeFolderIndex([fileOf('b/c.csv'), fileOf('a.csv'), fileOf('B.txt')]);
  expect(parseFolderIndex(bytes).files.map(({ path }) => path)).toEqual(['B.txt', 'a.csv', 'b/c.csv']);
  expect(encodeFolderIndex(parseFolderIndex(bytes).files)).toEqual(bytes);
  expect(() => encodeFolderIndex([fileOf('../a')])).toThrow(expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringContaining('"../a" leads out of its folder') }));
});

test("a stranger's index is refused with the file that is wrong", () => {
  expect([
    indexOf([fileOf('../../etc/passwd')]), indexOf([fileOf('/etc/passwd')]), indexOf([fileOf('a\\b')]), indexOf([fileOf('a\u0000b')]), indexOf([fileOf('a/./b')]), indexOf([fileOf('.git/hooks/run')]), indexOf([fileOf('e\u0301.csv')]), indexOf([fileOf('CON.txt')]), indexOf([fileOf('C:a')]), indexOf([fileOf('a ')]),
    indexOf([fileOf('A.csv'), fileOf('a.CSV')]), indexOf([fileOf('a'), fileOf('a/b')]), indexOf([fileOf('b'), fileOf('a')]), indexOf([fileOf('a'), fileOf('a')]), indexOf([fileOf('a', { size: 99 })]), indexOf([fileOf('a', { size: -1 })]), indexOf([fileOf('a', { identity: 'AGE-SECRET-KEY-1X' })]), indexOf([]),
    indexOf([{ ...fileOf('a'), mode: 0o755 }]), new TextEncoder().encode('{'),
  ].map(said)).toMatchInlineSnapshot(`
    [
      "CONTENT_MISMATCH: The folder cannot be so: "../../etc/passwd" leads out of its folder. Rename or leave out what is named.",
      "CONTENT_MISMATCH: The folder cannot be so: "/etc/passwd" begins at the root. Rename or leave out what is named.",
      "CONTENT_MISMATCH: The folder cannot be so: "a\\\\b" holds a character that other systems have another use for (\\ : * ? " < > |). Rename or leave out what is named.",
      "CONTENT_MISMATCH: The folder cannot be so: "a\\u0000b" holds control characters. Rename or leave out what is named.",
      "CONTENT_MISMATCH: The folder cannot be so: "a/./b" has an empty part. Rename or leave out what is named.",
      "CONTENT_MISMATCH: The folder cannot be so: ".git/hooks/run" is hidden, and what is hidden may be run by programs. Rename or leave out what is named.",
      "CONTENT_MISMATCH: The folder cannot be so: "é.csv" is not in the normal form NFC. Rename or leave out what is named.",
      "CONTENT_MISMATCH: The folder cannot be so: "CON.txt" is the name of a device elsewhere. Rename or leave out what is named.",
      "CONTENT_MISMATCH: The folder cannot be so: "C:a" holds a character that other systems have another use for (\\ : * ? " < > |). Rename or leave out what is named.",
      "CONTENT_MISMATCH: The folder cannot be so: "a " has a part that begins or ends with a blank, or ends with a full stop. Rename or leave out what is named.",
      "CONTENT_MISMATCH: The folder cannot be so: "A.csv" and "a.CSV" are one elsewhere. Rename or leave out what is named.",
      "CONTENT_MISMATCH: The folder cannot be so: "a" and "a" are one elsewhere. Rename or leave out what is named.",
      "CONTENT_MISMATCH: The folder cannot be so: its files are not in the order of their paths at "a". Rename or leave out what is named.",
      "CONTENT_MISMATCH: The folder cannot be so: "a" and "a" are one elsewhere. Rename or leave out what is named.",
      "CONTENT_MISMATCH: The folder cannot be so: "a" of 99 bytes cannot have 300 when it is sealed. Rename or leave out what is named.",
      "CONTENT_MISMATCH: The index of the folder is not valid. ✖ Too small: expected number to be >=0
      → at files[0].size",
      "CONTENT_MISMATCH: The index of the folder is not valid. ✖ Invalid string: must match pattern /^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/
      → at files[0].identity",
      "CONTENT_MISMATCH: The index of the folder is not valid. ✖ Too small: expected array to have >=1 items
      → at files",
      "CONTENT_MISMATCH: The index of the folder is not valid. ✖ Unrecognized key: "mode"
      → at files[0]",
      "CONTENT_MISMATCH: The index is not valid UTF-8 JSON.",
    ]
  `);
});

test('what a file has when it is sealed follows from its size, and the other way round', () => {
  expect([0, 1, 65_536, 65_537].map(sealedSizeOf)).toEqual([200, 201, 65_736, 65_753]);
  fc.assert(fc.property(fc.nat(10 ** 9), (size) => clearSizeOf(sealedSizeOf(size)) === size));
  expect([0, 183, sealedSizeOf(65_536) + 1].map(clearSizeOf)).toEqual([undefined, undefined, undefined]);
});

test('names that are one elsewhere', () => {
  expect(findPathsProblem(['a/x.csv', 'A/y.csv'])).toBe('"a" and "A" are one elsewhere');
  expect(findPathsProblem(['a/x.csv', 'a/y.csv', 'ab'])).toBeUndefined();
  expect(['data/größe.csv', 'a b/c-d_e.parquet', '漢字.txt'].map(findPathProblem)).toEqual([undefined, undefined, undefined]);
});

const digest = `0x${'ab'.repeat(32)}` as const;
const sealed = { format: 'age-encryption.org/v1' as const, cid: cid('c'), size: 10, keysetDigest: digest, contentRoot: digest, contentCommitment: digest, fileName: 'birds.folder.json', mediaType: 'application/vnd.neurodata.folder+json', ciphertextSha256: digest };
const description = { title: 'Birds', description: 'Three files.', license: 'CC0-1.0', tags: [] };
const files = [fileOf('a.csv', { cid: cid('d') }), fileOf('b/photo.png', { cid: cid('e'), sealedSha256: 'c'.repeat(64) })].map(({ path, cid: at, sealedSize, sealedSha256 }) => ({ path, cid: at, sealedSize, sealedSha256 }));
const columns = [{ name: 'x', kind: 'numeric' as const, missing: 0, distinct: 3 }];
const folder = (more: Partial<Parameters<typeof buildManifest>[0]> = {}): Manifest => buildManifest({ description, sealed, folder: { files, main: { path: 'a.csv', mediaType: 'text/csv' } }, rows: 3, columns, ...more }).manifest;

test('a manifest lists the sealed files of a folder, and nothing of what is in them', () => {
  const manifest = folder();
  expect(parseManifest(canonicalJson(manifest))).toEqual(manifest);
  expect([folderFilesOf(manifest), contentCidsOf(manifest), mainFileOf(manifest)]).toEqual([files, [cid('c'), cid('d'), cid('e')], { path: 'a.csv', mediaType: 'text/csv', sealedSize: sealedSizeOf(100) }]);
  expect(JSON.stringify(manifest)).not.toContain('a'.repeat(64));
  expect(JSON.stringify(manifest)).not.toContain('AGE-SECRET-KEY');
  expect(manifest['recordSet']).toMatchObject([{ field: [{ source: { fileObject: { '@id': 'main-table' }, extract: { column: 'x' } } }] }]);
  const facts = { site: 'https://market.example', chainId: 1, kind: 'dataset' as const, assetId: 7, version: 1, status: 'live' as const, owner: '0x00000000000000000000000000000000000000Aa' as const, publishedAt: 1, versionAt: 1, manifestDigest: digest, manifestCid: cid('a'), parents: [], offers: [] };
  expect((servedCroissant(manifest, facts)['distribution'] as { '@id': string }[]).map((file) => file['@id'])).toEqual(['sealed-file', 'content', 'file/1', 'file/2', 'main-table']);
});

const codes = { path: 'b/codes.csv', mediaType: 'text/csv', rows: 2, columns: [{ name: 'x', kind: 'categorical' as const, missing: 1, distinct: 1 }] };
const withCodesFiles = [...files.slice(0, 1), { ...files[1]!, path: 'b/codes.csv' }];
const withCodes = (tables: FolderTable[]): Manifest => folder({ folder: { files: withCodesFiles, main: { path: 'a.csv', mediaType: 'text/csv' }, tables } });

test('a manifest tells of a folder\'s other tables too, each with a record set of its own', () => {
  const manifest = withCodes([codes]);
  expect(parseManifest(canonicalJson(manifest))['nd:tables']).toEqual([codes]);
  expect(manifest['recordSet']).toMatchObject([{ '@id': 'rows', field: [{ '@id': 'rows/x' }] }, { '@id': 'table/1/rows', field: [{ '@id': 'table/1/rows/x', dataType: 'sc:Text', source: { fileObject: { '@id': 'table/1' }, extract: { column: 'x' } } }] }]);
  const facts = { site: 'https://market.example', chainId: 1, kind: 'dataset' as const, assetId: 7, version: 1, status: 'live' as const, owner: '0x00000000000000000000000000000000000000Aa' as const, publishedAt: 1, versionAt: 1, manifestDigest: digest, manifestCid: cid('a'), parents: [], offers: [] };
  const served = servedCroissant(manifest, facts) as { distribution: { '@id': string; containedIn?: object }[]; recordSet: { '@id': string; field: { description: string }[] }[]; 'nd:tables': unknown };
  expect(served.distribution.slice(-2).map((file) => [file['@id'], file.containedIn])).toEqual([['main-table', { '@id': 'file/1' }], ['table/1', { '@id': 'file/2' }]]);
  expect(served.recordSet.map((set) => [set['@id'], set.field[0]!.description])).toEqual([['rows', 'Numbers: 3 different, 0 of 3 missing.'], ['table/1/rows', 'Texts: 1 different, 1 of 2 missing.']]);
  expect(served['nd:tables']).toEqual([codes]);
});

test('tables that are not in the folder, or are told twice, are refused', () => {
  for (const tables of [[{ ...codes, path: 'z.csv' }], [{ ...codes, path: 'a.csv' }], [codes, codes]]) expect(() => withCodes(tables)).toThrow(expect.objectContaining({ code: 'BAD_MANIFEST' }));
  const { 'nd:folder': _, 'nd:sealed': { mediaType: __, ...rest }, ...file } = withCodes([codes]);
  expect(() => parseManifest(canonicalJson({ ...file, 'nd:sealed': { ...rest, mediaType: 'text/csv' } }))).toThrow(expect.objectContaining({ code: 'BAD_MANIFEST' }));
});

test('a manifest tells of as many tables as it has room for, by path', () => {
  const wide = (path: string, columns: number) => ({ path, mediaType: 'text/csv', rows: 9, columns: Array.from({ length: columns }, (_, index) => ({ name: `column ${index}`, kind: 'numeric' as const, missing: 0, distinct: 9 })) });
  const names = (tables: ReturnType<typeof wide>[], count = 3): [string[], number] => {
    const { told, left } = fitTables({ files: Array.from({ length: count }, (_, index) => ({ path: `images/photo-${index}.png` })), tables });
    return [told.map(({ path }) => path), left];
  };
  expect(names([wide('b.csv', 5), wide('a.csv', 5)])).toEqual([['a.csv', 'b.csv'], 0]);
  // Too wide for any manifest; the one after it is told nevertheless.
  expect(names([wide('a.csv', 2_000), wide('b.csv', 5)])).toEqual([['b.csv'], 1]);
  expect(names(Array.from({ length: 103 }, (_, index) => wide(`t${1_000 + index}.csv`, 1)))[1]).toBe(3);
  expect(names([wide('a.csv', 5)], 3_000)).toEqual([[], 1]);
});

test('a large folder is listed in blocks of its own, and its manifest is read whole from them', async () => {
  const many = Array.from({ length: 9_000 }, (_, index) => ({ ...files[0]!, path: `images/photo-${String(index).padStart(5, '0')}.png` }));
  expect([fitsManifest(many), fitsManifest(many.slice(0, 3_000)), canBeListed(many)]).toEqual([false, true, true]);
  const blocks = new Map(encodeFolderLists(many).map((bytes, index) => [cid('mnopq'[index]!), bytes]));
  expect([blocks.size > 1, [...blocks.values()].every((bytes) => bytes.length <= 2 ** 20)]).toEqual([true, true]);
  const main = { path: many[7]!.path, mediaType: 'text/csv' };
  const { bytes } = buildManifest({ description, sealed, folder: { files: many, main, lists: [...blocks.keys()] }, rows: 3, columns });
  expect(bytes.length).toBeLessThan(10_000);
  const bare = parseManifest(bytes);
  expect(() => folderFilesOf(bare)).toThrow('The lists of the folder were not read.');
  expect(contentCidsOf(bare)).toEqual([sealed.cid, ...blocks.keys()]);
  const whole = await completeManifest(bare, async (at) => blocks.get(at)!);
  expect(folderFilesOf(whole)).toEqual(many);
  expect([contentCidsOf(whole), mainFileOf(whole)?.path, whole.distribution.at(-1)!['@id']]).toEqual([[sealed.cid, ...blocks.keys(), files[0]!.cid], main.path, 'main-table']);
  // As it would be if it had room for them.
  expect(whole.distribution).toEqual(buildManifest({ description, sealed, folder: { files: many, main }, rows: 3, columns }).manifest.distribution);
  expect(await completeManifest(folder(), () => { throw new Error('not asked'); })).toEqual(folder());
  const refused = expect.objectContaining({ code: 'BAD_MANIFEST' }) as Error;
  for (const list of [encodeFolderLists(many.slice(1))[0]!, encodeFolderLists([{ ...many[0]!, path: '../up' }])[0]!, canonicalJson({ files: many })]) await expect(completeManifest(bare, async () => list)).rejects.toEqual(refused);
});

test('columns whose commonest values may be public are named by their table', () => {
  const tables = ['a.csv', 'a.csv:b', 'c/d.csv'];
  const topOf = (path: string, isMain: boolean) => choiceForTable({ digits: 3, topOf: ['side', 'k:v', 'a.csv:side', 'a.csv:b:x', 'c/d.csv: y'] }, { path, isMain, tables });
  expect(topOf('a.csv', true)).toEqual({ digits: 3, topOf: ['side', 'k:v', 'side'] });
  expect([topOf('a.csv', false).topOf, topOf('a.csv:b', false).topOf, topOf('c/d.csv', false).topOf, topOf('e.csv', false).topOf]).toEqual([['side'], ['x'], [' y'], []]);
  expect(choiceForTable({ digits: 0 }, { path: 'a.csv', isMain: false, tables })).toEqual({ digits: 0 });
  const measured = { name: 'side', kind: 'categorical' as const, missing: 0, distinct: 2, top: [{ value: 'north', count: 30 }, { value: 'Ann', count: 1 }] };
  const told = { path: 'a.csv', mediaType: 'text/csv', rows: 40, columns: [measured] };
  expect(describeFolderTable({ ...told, choice: { topOf: ['side'] } })?.columns).toEqual([{ name: 'side', kind: 'categorical', missing: 0, distinct: 2, statistics: { top: [{ value: 'north', share: 0.75 }] } }]);
  expect(describeFolderTable({ ...told, choice: {} })?.columns[0]).not.toHaveProperty('statistics');
  expect(() => describeFolderTable({ ...told, choice: { topOf: ['name'] } })).toThrow('a.csv has no column name that holds texts.');
  expect(describeFolderTable({ ...told, columns: [], choice: {} })).toBeUndefined();
});

test('a manifest that lists other files than it promises is none', () => {
  const manifest = folder();
  const without = { ...manifest, distribution: manifest.distribution.filter((file) => file['@id'] !== 'file/2') };
  const renamed = { ...manifest, distribution: manifest.distribution.map((file) => (file['@id'] === 'file/2' ? { ...file, name: '../up' } : file)) };
  const { 'nd:folder': _, ...unlisted } = manifest;
  for (const lying of [without, renamed, unlisted, { ...manifest, 'nd:folder': { format: 'neurodata-folder/1', files: 2, main: { path: 'z', mediaType: 'text/csv' } } }]) {
    expect(() => parseManifest(canonicalJson(lying))).toThrow(expect.objectContaining({ code: 'BAD_MANIFEST' }));
  }
});

test('what differs in other tables is told by their paths, also where files were moved or the main table is another', () => {
  const same = { schema: { added: [], removed: [], changed: [], reordered: false }, statistics: [] };
  expect(diffManifests(withCodes([codes]), withCodes([codes])).tables).toEqual([]);
  const longer = { ...codes, rows: 4, columns: [{ ...codes.columns[0]!, distinct: 3 }, { name: 'y', kind: 'numeric' as const, missing: 0, distinct: 4 }] };
  const grown: OtherTableDiff = { path: 'b/codes.csv', schema: { ...same.schema, added: [{ name: 'y', kind: 'numeric' }] }, rows: { before: 2, after: 4 }, statistics: [{ column: 'x', figure: 'distinct', before: 1, after: 3 }] };
  expect(diffManifests(withCodes([codes]), withCodes([longer]))).toMatchObject({ tables: [grown], rows: { before: 3, after: 3 }, ...same });
  // The same sealed file under another path.
  const moved = folder({ folder: { files: [files[0]!, { ...files[1]!, path: 'z.csv' }], main: { path: 'a.csv', mediaType: 'text/csv' }, tables: [{ ...longer, path: 'z.csv' }] } });
  expect(diffManifests(withCodes([codes]), moved).tables).toEqual([{ ...grown, path: 'z.csv', from: 'b/codes.csv' }]);
  expect(diffOtherTables(withCodes([codes]), withCodes([codes]), diffManifests(withCodes([]), withCodes([])).files)).toHaveLength(1);
  // Gone, and new.
  expect(diffManifests(withCodes([codes]), withCodes([])).tables).toEqual([{ path: 'b/codes.csv', schema: { ...same.schema, removed: [{ name: 'x', kind: 'categorical' }] }, rows: { before: 2, after: null }, statistics: [] }]);
  expect(diffManifests(withCodes([]), withCodes([codes])).tables).toMatchObject([{ path: 'b/codes.csv', rows: { before: null, after: 2 } }]);
  // The main table changes places with another one: what was told of it then still counts.
  const swapped = folder({ folder: { files: withCodesFiles, main: { path: 'b/codes.csv', mediaType: 'text/csv' }, tables: [{ path: 'a.csv', mediaType: 'text/csv', rows: 3, columns: [...columns] }] }, rows: 2, columns: codes.columns });
  expect(diffManifests(withCodes([codes]), swapped).tables).toEqual([]);
});

test('what differs between two versions, as far as everybody can see it', () => {
  const now = [{ ...files[0]!, cid: cid('f'), sealedSha256: 'd'.repeat(64) }, { ...files[1]!, path: 'b/image.png' }, { ...files[0]!, path: 'c.csv' }].map((file, at) => (at === 2 ? { ...file, sealedSha256: 'e'.repeat(64) } : file));
  const after = folder({ folder: { files: now, main: { path: 'a.csv', mediaType: 'text/csv' } }, rows: 5, columns: [{ ...columns[0]!, kind: 'categorical', distinct: 4 }, { name: 'y', kind: 'numeric', missing: 1, distinct: 2 }] });
  expect(diffManifests(folder(), after)).toEqual({
    files: { added: ['c.csv'], removed: [], changed: ['a.csv'], moved: [{ from: 'b/photo.png', to: 'b/image.png' }], unchanged: [], exact: false },
    schema: { added: [{ name: 'y', kind: 'numeric' }], removed: [], changed: [{ name: 'x', before: 'numeric', after: 'categorical' }], reordered: false },
    rows: { before: 3, after: 5 }, statistics: [{ column: 'x', figure: 'distinct', before: 3, after: 4 }], tables: [],
  });
  expect(diffManifests(folder(), folder()).files.unchanged).toEqual(['a.csv', 'b/photo.png']);
});
