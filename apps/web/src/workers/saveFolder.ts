import { type FolderFile, NeuroError, createSha256 } from '@neurodata/protocol';
import { type Check, type DownloadProof, type NeuroClient, downloadFolder, openFolderFile } from '@neurodata/sdk';
import { blobOf, pieces } from './blobs.ts';
import { tarOf } from './tar.ts';
import type { VaultProgress } from './vaultProgress.ts';

/** A folder that was opened and written; `archive` holds it where no place was chosen for it. */
export type SavedFolder = { name: string; files: number; /** Of them, how many were written now. */ written: number; bytes: number; checks: Check[]; archive?: Blob };

type SaveParameters = { client: NeuroClient; proof: DownloadProof; /** A folder is made in it; none: an archive is made. */ place: FileSystemDirectoryHandle | undefined; report: (progress: VaultProgress) => void };

/**
 * Opens every file of a bought folder, and writes each once its size and digest are right. What is there already and right is left as it is, so that an interrupted saving
 * goes on. Throws `CONFLICT` before it writes where another file has a name, or as `downloadFolder` and `openFolderFile`.
 */
export async function saveFolder({ client, proof, place, report }: SaveParameters): Promise<SavedFolder> {
  report({ stage: 'opening the key', done: 0 });
  const { index: { files }, manifest, checks } = await downloadFolder({ client, ...proof });
  const name = manifest['nd:sealed'].fileName.replace(/\.folder\.json$/, '').replaceAll(/[\\/]/g, '_').replace(/^\.+/, '') || 'folder';
  const root = await place?.getDirectoryHandle(name, { create: true });
  const missing: FolderFile[] = [];
  for (const file of files) if (!root || !(await isThere(root, file))) missing.push(file);
  const total = missing.reduce((sum, { sealedSize }) => sum + sealedSize, 0);
  const packed: { path: string; content: Blob }[] = [];
  let before = 0;
  for (const [at, file] of missing.entries()) {
    const part = { name: file.path, number: at + 1, of: missing.length };
    const content = openFolderFile({ storage: client.storage, file, onProgress: (done) => report({ stage: 'unsealing', done: before + done, total, part }) });
    if (root) await write(root, file, content);
    else packed.push({ path: `${name}/${file.path}`, content: await blobOf(content, file.format) });
    before += file.sealedSize;
  }
  const all: Check[] = [...checks, { name: 'Files', status: 'passed', detail: `${files.length} with the size and sha256 that the index names`, by: 'this machine' }];
  const archive = root ? {} : { archive: new Blob(tarOf(packed, Math.floor(Date.now() / 1000)), { type: 'application/x-tar' }) };
  return { name, files: files.length, written: missing.length, bytes: files.reduce((sum, { size }) => sum + size, 0), checks: all, ...archive };
}

const namesOf = ({ path }: FolderFile): { folders: string[]; name: string } => ({ folders: path.split('/').slice(0, -1), name: path.split('/').at(-1) ?? path });

/** Whether the file is there as it should be. An empty one is what was interrupted. */
async function isThere(root: FileSystemDirectoryHandle, file: FolderFile): Promise<boolean> {
  const { folders, name } = namesOf(file);
  const found = await findFile(root, folders, name).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'TypeMismatchError') throw inTheWay(file);
    throw error;
  });
  if (!found || (found.size === 0 && file.size > 0)) return false;
  if (found.size !== file.size || (await digestOf(found)) !== file.sha256) throw inTheWay(file);
  return true;
}

async function findFile(root: FileSystemDirectoryHandle, folders: string[], name: string): Promise<File | undefined> {
  try {
    let folder = root;
    for (const part of folders) folder = await folder.getDirectoryHandle(part);
    return await (await folder.getFileHandle(name)).getFile();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}

function inTheWay({ path }: FolderFile): NeuroError {
  return new NeuroError(`Another ${path} is there already.`, { code: 'CONFLICT', remedy: 'Choose another folder to save into.' });
}

async function digestOf(file: Blob): Promise<string> {
  const hash = createSha256();
  for await (const piece of pieces(file)) hash.update(piece);
  return hash.hex();
}

/** The browser keeps what is written aside until it is closed: under its name the file is whole, or empty. */
async function write(root: FileSystemDirectoryHandle, file: FolderFile, content: AsyncIterable<Uint8Array>): Promise<void> {
  const { folders, name } = namesOf(file);
  let folder = root;
  for (const part of folders) folder = await folder.getDirectoryHandle(part, { create: true });
  const target = await (await folder.getFileHandle(name, { create: true })).createWritable();
  try {
    for await (const piece of content) await target.write(new Uint8Array(piece));
    await target.close();
  } catch (error) {
    await target.abort().catch(() => undefined);
    await folder.removeEntry(name).catch(() => undefined);
    throw error;
  }
}
