import type { PublicFolderFile } from '../folder.ts';
import { type CountedColumn, type RecordSet, describeCountedRows, describeRows } from './describeFiles.ts';
import { fileIds } from './vocabulary.ts';

/** The table of a folder that its rows, columns and runs are of. */
export type MainTable = { path: string; mediaType: string };

const idOf = (index: number): string => `file/${index + 1}`;
/** Of what is in a file, and of its rows. */
const tableIds = (index: number): { file: string; id: string } => ({ file: `table/${index + 1}`, id: `table/${index + 1}/rows` });

/** A table of a folder that is not its main one. */
export type OtherTable = MainTable & { rows: number; columns: readonly CountedColumn[] };

/** The record set of a folder's other table, by its place among them. */
export const describeTable = ({ columns, mediaType }: OtherTable, index: number): RecordSet => describeRows(columns, mediaType, tableIds(index));

/** The same with a sentence about each column. */
export const describeCountedTable = ({ columns, mediaType, rows }: OtherTable, index: number): RecordSet => describeCountedRows(columns, { rows, mediaType, ...tableIds(index) });

/**
 * A folder's files: the sealed index, what is in it, each sealed file under its path, the main table, and the others that are described. The digests are those of ciphertexts; of what is in them nothing
 * is said, as of single files.
 */
export function describeFolder(parameters: { sealed: { cid: string; size: number; fileName: string; mediaType: string }; sha256: string; files: readonly PublicFolderFile[]; main: MainTable | undefined; tables?: readonly MainTable[] | undefined; /** Whether the files are listed in blocks of their own. */ listed?: boolean }): [Record<string, unknown>, ...Record<string, unknown>[]] {
  const { sealed: { cid, size, fileName, mediaType }, sha256, files, main, tables = [], listed = false } = parameters;
  const at = new Map(files.map(({ path }, index) => [path, index]));
  const inside = ({ path, mediaType: format }: MainTable, id: string): Record<string, unknown>[] => {
    const place = at.get(path);
    return place === undefined ? [] : [{ '@type': 'cr:FileObject', '@id': id, name: path, description: 'The table that is described here.', containedIn: { '@id': idOf(place) }, contentUrl: path, encodingFormat: format }];
  };
  return [
    {
      '@type': 'cr:FileObject', '@id': fileIds.sealed, name: `${fileName}.age`, description: "The list of the folder's files with the key of each, sealed in the format age-encryption.org/v1. Whoever has bought it holds its key.",
      contentUrl: `ipfs://${cid}`, contentSize: `${size} B`, encodingFormat: 'application/octet-stream', sha256,
    },
    { '@type': 'cr:FileObject', '@id': fileIds.content, name: fileName, description: "The list of the folder's files.", containedIn: { '@id': fileIds.sealed }, contentUrl: fileName, encodingFormat: mediaType },
    ...(listed ? [] : files.map(describeFile)),
    ...(main ? inside(main, fileIds.mainTable) : []),
    ...tables.flatMap((table, index) => inside(table, tableIds(index).file)),
  ];
}

const describeFile = (file: PublicFolderFile, index: number): Record<string, unknown> & { '@id': string } => ({
  '@type': 'cr:FileObject', '@id': idOf(index), name: file.path, contentUrl: `ipfs://${file.cid}`, contentSize: `${file.sealedSize} B`, encodingFormat: 'application/octet-stream', sha256: file.sealedSha256,
});

/** A distribution whose files were listed in blocks of their own, with them where they would stand. */
export function withFiles<Entry extends { '@id': string }>([sealed, content, ...rest]: readonly [Entry, ...Entry[]], files: readonly PublicFolderFile[]): [Entry, ...Entry[]] {
  return [sealed, ...(content ? [content] : []), ...(files.map(describeFile) as unknown as Entry[]), ...rest];
}

/** The sealed files that a folder's manifest lists; undefined where what stands there is no such list. */
export function readFolderFiles(distribution: readonly Record<string, unknown>[]): PublicFolderFile[] | undefined {
  const listed = distribution.filter(({ '@id': id }) => typeof id === 'string' && id.startsWith('file/'));
  const files = listed.map((entry, index) => (entry['@id'] === idOf(index) ? readFile(entry) : undefined));
  return files.every((file) => file !== undefined) ? files : undefined;
}

function readFile({ name, contentUrl, contentSize, sha256 }: Record<string, unknown>): PublicFolderFile | undefined {
  const [cid, size] = [/^ipfs:\/\/([a-zA-Z0-9]{10,120})$/.exec(String(contentUrl))?.[1], /^([1-9]\d{0,14}) B$/.exec(String(contentSize))?.[1]];
  if (typeof name !== 'string' || cid === undefined || size === undefined || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  return { path: name, cid, sealedSize: Number(size), sealedSha256: sha256 };
}
