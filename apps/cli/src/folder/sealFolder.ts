import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { FolderFile } from '@neurodata/protocol';
import { type NeuroClient, type PlainFile, freshFileIdentity, readFilesBefore, resumingStorage, reuseFiles, sealFolderFile, storeFolderFile } from '@neurodata/sdk';
import { writeAtomic } from '../atomicFile.ts';
import type { Context } from '../context.ts';
import { createProgress } from '../progress.ts';
import type { FolderSource } from './folderSource.ts';
import { type SealingJournal, openSealingJournal } from './sealingJournal.ts';
import { type LocalFile, contentOf } from './walkFolder.ts';

/** The files of a folder as they lie sealed; `kept`: how many the version before had. `forget` is called once the version is registered. */
export type SealedFolder = { files: FolderFile[]; kept: number; sent: number; forget(): Promise<void> };

/**
 * Seals and stores the files of a folder that the version before does not have, each under an identity of its own. What was interrupted goes on where it was: stored files
 * are not sent again, and one that was sealed is sent as it is. Throws `CONFLICT` where a file changes meanwhile, or what the storage throws.
 */
export async function sealFolder(parameters: { context: Context; client: NeuroClient; source: FolderSource; assetId: number | undefined }): Promise<SealedFolder> {
  const { context, client, source: { folder }, assetId } = parameters;
  const before = assetId === undefined ? [] : await filesBefore(context, client, assetId);
  const reused = reuseFiles(before, folder.files);
  const journal = await openSealingJournal({ home: context.settings.home, client, root: folder.root });
  const progress = createProgress('bytes');
  const files: FolderFile[] = [];
  let sent = 0;
  try {
    for (const [index, file] of folder.files.entries()) {
      const known = reused.get(file.path) ?? (await storedBefore(client, journal, file));
      const entry = known ?? (await sealOne({ client, journal, file, onProgress: (done) => progress.update(`Sealing and storing ${file.path}`, done, Math.max(done, file.size), `${index + 1} of ${folder.files.length}`) }));
      if (!known) sent += 1;
      files.push(entry);
    }
  } finally {
    progress.stop();
  }
  return { files, kept: reused.size, sent, forget: journal.clear };
}

type OneFile = { client: NeuroClient; journal: SealingJournal; file: PlainFile & LocalFile; onProgress: (bytes: number) => void };

async function sealOne({ client, journal, file, onProgress }: OneFile): Promise<FolderFile> {
  const { file: where, ...plain } = file;
  const place = journal.place(plain);
  const before = await journal.sealed(plain);
  const identity = before ?? freshFileIdentity();
  if (before === undefined) {
    await writeAtomic(place, sealFolderFile({ content: contentOf({ path: plain.path, file: where }), file: plain, identity }), 0o600);
    await journal.note({ is: 'sealed', path: plain.path, sha256: plain.sha256, identity });
  }
  const storage = before === undefined ? client.storage : resumingStorage(client);
  const entry = await storeFolderFile({ storage, sealed: createReadStream(place, { highWaterMark: 1024 * 1024 }), file: plain, identity, onProgress });
  await journal.note({ is: 'stored', ...entry });
  await rm(place, { force: true });
  return entry;
}

/** A node may have dropped what nobody registered: then it is sealed anew. */
async function storedBefore(client: NeuroClient, journal: SealingJournal, file: PlainFile): Promise<FolderFile | undefined> {
  const entry = journal.stored(file);
  return entry && (await client.storage.fileSize(entry.cid).then((size) => size === entry.sealedSize, () => false)) ? entry : undefined;
}

/** The files of the newest version whose index opens; none, and a word about it, where none does. */
async function filesBefore(context: Context, client: NeuroClient, assetId: number): Promise<FolderFile[]> {
  const { files, failed } = await readFilesBefore({ client, assetId });
  if (failed) context.say(`Note: the index of version ${failed.version} could not be opened (${failed.error.message}) Every file is sealed and sent anew.`);
  return files;
}
