import { fileIds } from './vocabulary.ts';

/** A column as a manifest counts it. */
export type CountedColumn = { name: string; kind: 'numeric' | 'categorical'; missing: number; distinct: number };
export type SealedFile = { cid: string; size: number; fileName: string; mediaType: string };

/** Names that readers of Croissant know formats by, where they are not those of the media type registry. */
const alsoKnownAs: Readonly<Record<string, string>> = { 'application/x-ndjson': 'application/jsonlines', 'application/vnd.apache.parquet': 'application/x-parquet' };

/** Plaintext that its publisher lets everybody read: sha256 without 0x, bytes. */
export type OpenContent = { sha256: string; size: number };

/**
 * A version's files: the sealed one, which everybody can fetch and whose digest is that of the ciphertext, and what is in it. Of the
 * content nothing is said that could be compared with a guess, neither digest nor size, unless everybody may read it.
 */
export function describeFiles(sealed: SealedFile, sha256: string, open?: OpenContent): [Record<string, unknown>, Record<string, unknown>] {
  const { cid, size, fileName, mediaType } = sealed;
  const other = alsoKnownAs[mediaType];
  return [
    {
      '@type': 'cr:FileObject', '@id': fileIds.sealed, name: `${fileName}.age`, description: 'The file, sealed in the format age-encryption.org/v1. Whoever has bought it holds the key.',
      contentUrl: `ipfs://${cid}`, contentSize: `${size} B`, encodingFormat: 'application/octet-stream', sha256,
    },
    {
      '@type': 'cr:FileObject', '@id': fileIds.content, name: fileName, description: 'What is in the sealed file.',
      containedIn: { '@id': fileIds.sealed }, contentUrl: fileName, encodingFormat: other === undefined ? mediaType : [mediaType, other],
      ...(open ? { sha256: open.sha256, contentSize: `${open.size} B` } : {}),
    },
  ];
}

/** Ids of the file that rows are in, and of their record set. */
export type RowsPlace = { file?: string; id?: string };
export type RecordSet = { '@type': 'cr:RecordSet'; '@id': string; name: string; field: Record<string, unknown>[] };

/** The property of a document, where there is one. */
export const recordSets = (sets: readonly object[]): { recordSet?: readonly object[] } => (sets.length === 0 ? {} : { recordSet: sets });

/** The rows of a table: a field for each column, from the file that the sealed one holds, or from a folder's main table. */
export function describeRows(columns: readonly CountedColumn[], mediaType: string, { file = fileIds.content, id = fileIds.rows }: RowsPlace = {}): RecordSet {
  const ids = fieldIds(columns, id);
  return {
    '@type': 'cr:RecordSet', '@id': id, name: id,
    field: columns.map((column, index) => ({
      '@type': 'cr:Field', '@id': ids[index], name: column.name,
      dataType: column.kind === 'numeric' ? 'sc:Float' : 'sc:Text',
      source: { fileObject: { '@id': file }, extract: extractOf(column.name, mediaType) },
    })),
  };
}

/** The same with a sentence about each column, made from what is counted. */
export function describeCountedRows(columns: readonly CountedColumn[], { rows, mediaType, ...place }: RowsPlace & { rows: number | undefined; mediaType: string }): RecordSet {
  const described = describeRows(columns, mediaType, place);
  return { ...described, field: described.field.map((field, index) => ({ ...field, description: columns[index] ? sentenceOf(columns[index], rows) : '' })) };
}

/** Of a list of objects a path, of anything else the name of a column. */
function extractOf(name: string, mediaType: string): Record<string, string> {
  if (mediaType !== 'application/json') return { column: name };
  const plain = /^[A-Za-z_]\w*$/.test(name) && name !== 'where' && name !== 'parent';
  return { jsonPath: `$[*].${plain ? name : `'${name.replaceAll(/['\\]/g, String.raw`\$&`)}'`}` };
}

/** Ids hold no spaces, whatever columns are called, and no two are the same. */
function fieldIds(columns: readonly CountedColumn[], set: string): string[] {
  const taken = new Set<string>();
  return columns.map(({ name }, index) => {
    const plain = `${set}/${name.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').slice(0, 100)}`;
    const id = taken.has(plain) ? `${plain}~${index}` : plain;
    taken.add(id);
    return id;
  });
}

function sentenceOf({ kind, missing, distinct }: CountedColumn, rows: number | undefined): string {
  return `${kind === 'numeric' ? 'Numbers' : 'Texts'}: ${distinct} different, ${missing}${rows === undefined ? '' : ` of ${rows}`} missing.`;
}
