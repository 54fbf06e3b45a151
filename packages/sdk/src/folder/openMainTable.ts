import { type Manifest, NeuroError } from '@neurodata/protocol';
import type { Storage } from '@neurodata/storage';
import { collect } from '../readSealedAsset.ts';
import { checkFolder, folderFileOf } from './checkFolder.ts';
import { openFolderFile } from './openFolderFile.ts';

export type OpenMainTableParameters = {
  storage: Pick<Storage, 'readFile'>;
  manifest: Manifest;
  /** The version's content, opened and compared with the chain: the table itself, or a folder's index. */
  content: Uint8Array<ArrayBuffer>;
  /** The most bytes of a folder's main table that are taken into memory; 2 GiB where absent. */
  mostBytes?: number;
  signal?: AbortSignal;
};

/**
 * The table that runs of a version train on, and that its rows and columns describe: its only file, or a folder's main one. Whoever opens a version as a table comes
 * through here. Throws `BAD_INPUT` where a folder has none, `TOO_LARGE`, `CONTENT_MISMATCH`.
 */
export async function openMainTable(parameters: OpenMainTableParameters): Promise<Uint8Array<ArrayBuffer>> {
  const { storage, manifest, content, mostBytes = 2 ** 31, signal } = parameters;
  const { 'nd:folder': folder } = manifest;
  if (!folder) return content;
  if (!folder.main) throw new NeuroError('This folder has no main table.', { code: 'BAD_INPUT', remedy: 'Open its files one by one.' });
  const file = folderFileOf(checkFolder(manifest, content), folder.main.path);
  if (file.size > mostBytes) throw new NeuroError(`${file.path} has ${file.size} bytes, more than the ${mostBytes} that are read here.`, { code: 'TOO_LARGE', remedy: 'Download it.' });
  return collect(openFolderFile({ storage, file, ...(signal ? { signal } : {}) }));
}
