import { z } from 'zod';
import { canonicalJson, parseJson } from './bytes.ts';
import { NeuroError } from './errors.ts';
import { findPathProblem, findPathsProblem } from './folderPaths.ts';
import { cidSchema } from './schemas.ts';

export const FOLDER_FORMAT = 'neurodata-folder/1';
/** Of a version whose sealed file is the index of a folder. */
export const FOLDER_MEDIA_TYPE = 'application/vnd.neurodata.folder+json';
export const MOST_FOLDER_FILES = 10_000;
/** An index is held in memory by whoever opens it. */
export const MOST_INDEX_BYTES = 16 * 1024 * 1024;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

const folderFileSchema = z.strictObject({
  path: z.string(),
  /** Media type, as its content shows. */
  format: z.string().min(1).max(100),
  /** Bytes in the clear, and their sha256, hexadecimal. */
  size: z.int().nonnegative(),
  sha256: sha256Schema,
  /** Of the file as it lies: an age file with one X25519 recipient. */
  cid: cidSchema,
  sealedSize: z.int().positive(),
  sealedSha256: sha256Schema,
  /** What opens it, in this program and in the stock `age`. */
  identity: z.string().regex(/^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/),
});
/** One file of a folder as its sealed index has it. */
export type FolderFile = z.output<typeof folderFileSchema>;

const indexSchema = z.strictObject({ format: z.literal(FOLDER_FORMAT), files: z.array(folderFileSchema).min(1).max(MOST_FOLDER_FILES) });
/** The sealed content of a folder's version: its files, by path. */
export type FolderIndex = z.output<typeof indexSchema>;

/** What everybody may know of a file of a folder: its path, and where its ciphertext lies. Bytes; sha256 of the ciphertext, hexadecimal. */
export type PublicFolderFile = { path: string; cid: string; sealedSize: number; sealedSha256: string };

/** An index's canonical bytes. Throws `BAD_INPUT` for paths that cannot be on every system, or files that do not fit each other. */
export function encodeFolderIndex(files: readonly FolderFile[]): Uint8Array {
  return canonicalJson(checkIndex({ format: FOLDER_FORMAT, files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)) }));
}

/** Reads a stranger's index. Throws `CONTENT_MISMATCH` naming what is wrong: it is not what a folder's version may hold. */
export function parseFolderIndex(bytes: Uint8Array): FolderIndex {
  try {
    if (bytes.length > MOST_INDEX_BYTES) throw wrong(`it has ${bytes.length} bytes, more than ${MOST_INDEX_BYTES}`);
    return checkIndex(parseJson(bytes, 'The index'));
  } catch (error) {
    if (!(error instanceof NeuroError)) throw error;
    throw new NeuroError('The index of the folder is not one.', { code: 'CONTENT_MISMATCH', remedy: 'Open a dispute.', details: [error.message, error.details].filter(Boolean).join(' '), cause: error });
  }
}

function checkIndex(value: unknown): FolderIndex {
  const parsed = indexSchema.safeParse(value);
  if (!parsed.success) throw new NeuroError('The index of the folder is not valid.', { code: 'BAD_INPUT', details: z.prettifyError(parsed.error) });
  const { files } = parsed.data;
  const problem = files.map(({ path }) => findPathProblem(path)).find(Boolean) ?? findPathsProblem(files.map(({ path }) => path));
  if (problem !== undefined) throw wrong(problem);
  for (const [index, { path, size, sealedSize }] of files.entries()) {
    const before = files[index - 1];
    if (before && before.path >= path) throw wrong(`its files are not in the order of their paths at ${JSON.stringify(path)}`);
    if (sealedSizeOf(size) !== sealedSize) throw wrong(`${JSON.stringify(path)} of ${size} bytes cannot have ${sealedSize} when it is sealed`);
  }
  return parsed.data;
}

const wrong = (problem: string): NeuroError => new NeuroError(`The folder cannot be so: ${problem}.`, { code: 'BAD_INPUT', remedy: 'Rename or leave out what is named.' });

/** age header with one X25519 stanza and its MAC, then the payload's nonce (https://age-encryption.org/v1). */
const HEADER = 'age-encryption.org/v1\n'.length + '-> X25519 \n'.length + 43 + '\n'.length + 43 + '--- \n'.length + 43 + 16;
const [CHUNK, TAG] = [65_536, 16];

/** How many bytes a file of a folder has when it is sealed: chunks of 64 KiB with a tag each, at least one. */
export function sealedSizeOf(size: number): number {
  return HEADER + size + TAG * Math.max(1, Math.ceil(size / CHUNK));
}

/** The other way round, which needs no key; undefined where no file has that size when sealed. */
export function clearSizeOf(sealedSize: number): number | undefined {
  const payload = sealedSize - HEADER;
  const size = payload - TAG * Math.max(1, Math.ceil(payload / (CHUNK + TAG)));
  return size >= 0 && sealedSizeOf(size) === sealedSize ? size : undefined;
}
