import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { MOST_FOLDER_FILES, NeuroError, createSha256, findPathProblem, findPathsProblem } from '@neurodata/protocol';
import { FORMAT_HEAD_BYTES, type PlainFile, folderFormat } from '@neurodata/sdk';

/** A file of a folder on this machine: how a version calls it, and where it lies. */
export type LocalFile = { path: string; file: string };

/**
 * Every file below a folder, by path. `hidden`: what was left out because its name begins with a full stop. Empty folders are not kept.
 *
 * @throws NeuroError BAD_INPUT naming the path, for links, devices and names that cannot be on every system
 */
export async function walkFolder(root: string): Promise<{ files: LocalFile[]; hidden: number }> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  let hidden = 0;
  const files: LocalFile[] = [];
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name);
    const parts = path.relative(root, file).split(path.sep);
    if (parts.some((part) => part.startsWith('.'))) {
      if (!entry.isDirectory()) hidden += 1;
      continue;
    }
    if (entry.isDirectory()) continue;
    // File systems may keep letters with their marks apart.
    const plain = parts.join('/').normalize('NFC');
    if (!entry.isFile()) throw refused(`${JSON.stringify(plain)} is a link, a device or a pipe`);
    const problem = findPathProblem(plain);
    if (problem !== undefined) throw refused(problem);
    files.push({ path: plain, file });
  }
  if (files.length === 0) throw new NeuroError(`There is no file in ${root}.`, { code: 'BAD_INPUT', remedy: 'Choose a folder with files.' });
  if (files.length > MOST_FOLDER_FILES || listedBytes(files) > MOST_LISTED_BYTES) throw new NeuroError(`The folder has ${files.length} files, more than a description can list.`, { code: 'TOO_LARGE', remedy: 'Pack parts of it as tar.gz, or split it into several assets.' });
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const clash = findPathsProblem(files.map((file) => file.path));
  if (clash !== undefined) throw refused(clash);
  return { files, hidden };
}

/** A manifest is one block of 1 MiB; this much of it may be its files. */
const MOST_LISTED_BYTES = 1024 * 1024 - 64 * 1024;

/** About what a manifest needs for each: digest, CID, size, and its path. */
const listedBytes = (files: readonly LocalFile[]): number => files.reduce((sum, file) => sum + 285 + Buffer.byteLength(JSON.stringify(file.path)), 0);

/** Reads a file to its end: size, digest, and what it is. Throws `BAD_INPUT` for what is refused in a folder. */
export async function lookAt({ path: name, file }: LocalFile): Promise<PlainFile> {
  const hash = createSha256();
  let size = 0;
  let head = Buffer.alloc(0);
  let last: Uint8Array = new Uint8Array();
  for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    hash.update(piece);
    size += piece.length;
    if (head.length < FORMAT_HEAD_BYTES) head = Buffer.concat([head, piece.subarray(0, FORMAT_HEAD_BYTES - head.length)]);
    last = Uint8Array.from(piece.subarray(-1));
  }
  return { path: name, format: folderFormat({ path: name, head, last }), size, sha256: hash.hex() };
}

function refused(problem: string): NeuroError {
  return new NeuroError(`The folder cannot be published: ${problem}.`, { code: 'BAD_INPUT', remedy: 'Rename it, or leave it out.' });
}
