import { type FolderFile, type FolderIndex, type Manifest, NeuroError, folderFilesOf, parseFolderIndex } from '@neurodata/protocol';

/**
 * The index of a folder's version from its opened content, which must name the files that its manifest lists, each where it lies. Throws `CONTENT_MISMATCH` where it is no
 * index or names others; `BAD_INPUT` of a version that is one file.
 */
export function checkFolder(manifest: Manifest, content: Uint8Array): FolderIndex {
  if (!manifest['nd:folder']) throw new NeuroError('This version is one file, no folder.', { code: 'BAD_INPUT', remedy: 'Download it as it is.' });
  const index = parseFolderIndex(content);
  const listed = folderFilesOf(manifest);
  if (listed.length !== index.files.length) throw differs(`It names ${index.files.length} files, the manifest lists ${listed.length}.`);
  for (const [at, file] of index.files.entries()) {
    const said = listed[at];
    for (const field of ['path', 'cid', 'sealedSize', 'sealedSha256'] as const) {
      if (said?.[field] !== file[field]) throw differs(`File ${at + 1}: the manifest says ${field} ${JSON.stringify(said?.[field])}, the index ${JSON.stringify(file[field])}.`);
    }
  }
  const { main } = manifest['nd:folder'];
  const found = index.files.find(({ path }) => path === main?.path);
  if (main && found?.format !== main.mediaType) throw differs(`The manifest says that ${JSON.stringify(main.path)} is ${main.mediaType}, the index ${JSON.stringify(found?.format)}.`);
  for (const { path, mediaType } of manifest['nd:tables'] ?? []) {
    const format = index.files.find((file) => file.path === path)?.format;
    if (format !== mediaType) throw differs(`The manifest says that ${JSON.stringify(path)} is ${mediaType}, the index ${JSON.stringify(format)}.`);
  }
  return index;
}

/** A file by its path. Throws `NOT_FOUND` naming some that are there. */
export function folderFileOf(index: FolderIndex, path: string): FolderFile {
  const found = index.files.find((file) => file.path === path);
  if (found) return found;
  throw new NeuroError(`There is no ${JSON.stringify(path)} in this version.`, { code: 'NOT_FOUND', remedy: `There are ${index.files.slice(0, 5).map((file) => file.path).join(', ')}${index.files.length > 5 ? ` and ${index.files.length - 5} more` : ''}.` });
}

function differs(details: string): NeuroError {
  return new NeuroError('The index of the folder is not what its manifest describes.', { code: 'CONTENT_MISMATCH', remedy: 'Open a dispute.', details });
}
