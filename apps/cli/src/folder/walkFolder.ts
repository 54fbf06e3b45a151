import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import { listFolder } from '@neurodata/sdk';

/** A file of a folder on this machine: how a version calls it, and where it lies. */
export type LocalFile = { path: string; file: string };

/**
 * Every file below a folder, by path. `hidden`: what was left out because its name begins with a full stop. Empty folders are not kept.
 *
 * @throws NeuroError BAD_INPUT naming the path, for links, devices and names that cannot be on every system
 */
export async function walkFolder(root: string): Promise<{ files: LocalFile[]; hidden: number }> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => !entry.isDirectory()).map((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return { path: path.relative(root, file).split(path.sep).join('/'), file, isFile: entry.isFile() };
  });
  const { files, hidden } = listFolder(found);
  const other = files.find(({ isFile }) => !isFile);
  if (other) throw new NeuroError(`The folder cannot be published: ${JSON.stringify(other.path)} is a link, a device or a pipe.`, { code: 'BAD_INPUT', remedy: 'Rename it, or leave it out.' });
  return { files: files.map(({ path: name, file }) => ({ path: name, file })), hidden };
}

const PIECE_BYTES = 1024 * 1024;

/** A file's bytes in pieces. */
export const contentOf = ({ file }: LocalFile): AsyncIterable<Uint8Array> => createReadStream(file, { highWaterMark: PIECE_BYTES });
