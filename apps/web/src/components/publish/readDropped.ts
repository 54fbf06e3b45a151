import { NeuroError } from '@neurodata/protocol';
import { t } from '../../language/t.ts';
import type { ChosenFolder } from '../../workers/lookAtFolder.ts';

/** What somebody has dropped on the page: one file, or one folder. Reads the list before it waits for anything, since it is gone afterwards. Throws `BAD_INPUT` for several. */
export async function readDropped(items: DataTransferItemList): Promise<File | ChosenFolder | undefined> {
  const entries = [...items].flatMap((item) => (item.kind === 'file' ? [item.webkitGetAsEntry()] : [])).filter((entry) => entry !== null);
  const [entry] = entries;
  if (!entry) return undefined;
  if (entries.length > 1) throw new NeuroError(t`${entries.length} things were dropped.`, { code: 'BAD_INPUT', remedy: t`Drop one file, or one folder with all of them.` });
  if (isFolder(entry)) return { name: entry.name, files: await filesBelow(entry, '') };
  return fileOf(entry as FileSystemFileEntry);
}

/** The folder that a chooser of folders gives. */
export function folderOf(files: FileList): ChosenFolder | undefined {
  const [name] = files[0]?.webkitRelativePath.split('/') ?? [];
  if (name === undefined) return undefined;
  return { name, files: [...files].map((file) => ({ path: file.webkitRelativePath.slice(name.length + 1), file })) };
}

const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
const fileOf = (entry: FileSystemFileEntry): Promise<File> => new Promise((resolve, reject) => { entry.file(resolve, reject); });

async function filesBelow(folder: FileSystemDirectoryEntry, path: string): Promise<ChosenFolder['files']> {
  const reader = folder.createReader();
  const files: ChosenFolder['files'] = [];
  // It gives some of them each time, and none at the end.
  for (let found = await nextOf(reader); found.length > 0; found = await nextOf(reader)) {
    for (const entry of found) {
      const name = `${path}${entry.name}`;
      if (isFolder(entry)) files.push(...await filesBelow(entry, `${name}/`));
      else files.push({ path: name, file: await fileOf(entry as FileSystemFileEntry) });
    }
  }
  return files;
}

const nextOf = (reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> => new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
