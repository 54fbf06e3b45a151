import { z } from 'zod';
import { canonicalJson, parseJson } from './bytes.ts';
import { NeuroError } from './errors.ts';
import { MOST_FOLDER_FILES, type PublicFolderFile } from './folder.ts';
import { cidSchema } from './schemas.ts';

export const FOLDER_LIST_FORMAT = 'neurodata-folder-list/1';
/** A manifest is one block of 1 MiB; this much of it may be the files of a folder. What needs more is listed in blocks of its own. */
const MOST_LISTED_BYTES = 1024 * 1024 - 64 * 1024;
/** Of one list, which is a block too, without its brackets. */
const MOST_LIST_BYTES = 1024 * 1024 - 100;
export const MOST_FOLDER_LISTS = 16;

const listSchema = z.strictObject({
  format: z.literal(FOLDER_LIST_FORMAT),
  files: z.array(z.strictObject({ path: z.string(), cid: cidSchema, sealedSize: z.int().positive(), sealedSha256: z.string().regex(/^[0-9a-f]{64}$/) })).min(1).max(MOST_FOLDER_FILES),
});

/** About what a manifest needs for each file of a folder: digest, CID, size, and its path. */
export const listedBytes = (files: readonly { path: string }[]): number => files.reduce((sum, { path }) => sum + 285 + textBytes(path), 0);

/** Whether a manifest has room for these files itself. */
export const fitsManifest = (files: readonly { path: string }[]): boolean => listedBytes(files) <= MOST_LISTED_BYTES;

/** Whether as many files can be listed at all. */
export const canBeListed = (files: readonly { path: string }[]): boolean => files.length <= MOST_FOLDER_FILES && files.reduce((sum, { path }) => sum + 260 + textBytes(path), 0) <= (MOST_FOLDER_LISTS - 1) * MOST_LIST_BYTES;

const textBytes = (path: string): number => new TextEncoder().encode(JSON.stringify(path)).length;

/** Files in the order of their paths as canonical JSON, in as many blocks as they need. Throws `TOO_LARGE` for more than there may be. */
export function encodeFolderLists(files: readonly PublicFolderFile[]): Uint8Array[] {
  const lists: PublicFolderFile[][] = [];
  let room = 0;
  for (const file of files) {
    const bytes = canonicalJson(file).length + 1;
    if (bytes > room) {
      lists.push([]);
      room = MOST_LIST_BYTES;
    }
    lists.at(-1)?.push(file);
    room -= bytes;
  }
  if (lists.length > MOST_FOLDER_LISTS) throw new NeuroError(`The folder's ${files.length} files take ${lists.length} lists, and ${MOST_FOLDER_LISTS} may be.`, { code: 'TOO_LARGE', remedy: 'Pack parts of it as tar.gz, or split it into several assets.' });
  return lists.map((part) => canonicalJson({ format: FOLDER_LIST_FORMAT, files: part }));
}

/** Reads one list. Throws `BAD_MANIFEST` naming what is wrong. */
export function parseFolderList(bytes: Uint8Array): PublicFolderFile[] {
  const parsed = listSchema.safeParse(parseJson(bytes, 'The list of files'));
  if (parsed.success) return parsed.data.files;
  throw new NeuroError("The list of a folder's files is not valid.", { code: 'BAD_MANIFEST', details: z.prettifyError(parsed.error) });
}
