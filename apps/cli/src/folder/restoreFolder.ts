import { createReadStream } from 'node:fs';
import { lstat, mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { type FolderFile, NeuroError, createSha256 } from '@neurodata/protocol';
import { type NeuroClient, type OpenedFolder, folderFileOf, openFolderFile } from '@neurodata/sdk';
import { writeAtomic } from '../atomicFile.ts';
import type { Result } from '../context.ts';
import { checkLines } from '../output.ts';
import type { Progress } from '../progress.ts';

export type RestoreOptions = { out: string; /** Only this one, by its path. */ file?: string; force?: boolean };

/**
 * Writes the files of an opened folder, each under its path below `out`: one appears once its size and digest are right, and one that is there already and right is left
 * as it is, so that an interrupted download goes on. Throws `CONFLICT` before it writes where another file has a name, unless `force`.
 */
export async function restoreFolder(parameters: { client: NeuroClient; opened: OpenedFolder; options: RestoreOptions; progress: Progress; proof: object }): Promise<Result> {
  const { client, opened: { facts: { assetId, version }, index, checks }, options, progress, proof } = parameters;
  const files = options.file === undefined ? index.files : [folderFileOf(index, options.file)];
  const root = path.resolve(options.out);
  await mkdir(root, { recursive: true });
  const missing: FolderFile[] = [];
  for (const file of files) if (!(await isThere(root, file, options.force ?? false))) missing.push(file);
  const total = missing.reduce((sum, { sealedSize }) => sum + sealedSize, 0);
  let before = 0;
  for (const [at, file] of missing.entries()) {
    const target = await placeOf(root, file);
    await writeAtomic(target, openFolderFile({ storage: client.storage, file, onProgress: (done) => progress.update(`Fetching and unsealing ${file.path}`, before + done, total, `${at + 1} of ${missing.length}`) }), 0o600);
    before += file.sealedSize;
  }
  progress.stop();
  const all = [...checks, { name: 'Files', status: 'passed' as const, detail: `${files.length} with the size and sha256 that the index names`, by: 'this machine' }];
  const left = files.length - missing.length;
  return {
    value: { ...proof, assetId, version, folder: root, files: files.map(({ path: name, size, sha256 }) => ({ path: name, size, sha256 })), written: missing.length, checks: all },
    text: `${checkLines(all)}\nWrote ${missing.length} ${missing.length === 1 ? 'file' : 'files'} to ${root}${left === 0 ? '' : `; ${left} ${left === 1 ? 'was' : 'were'} there already`}`,
  };
}

/** Whether the file is there as it should be; throws where another one has its name and may not be replaced. */
async function isThere(root: string, file: FolderFile, force: boolean): Promise<boolean> {
  const target = path.join(root, ...file.path.split('/'));
  const about = await lstat(target).catch(() => undefined);
  if (!about) return false;
  if (about.isFile() && about.size === file.size && (await digestOf(target)) === file.sha256) return true;
  if (!about.isFile()) throw new NeuroError(`${target} is in the way: it is no file.`, { code: 'CONFLICT', remedy: 'Choose another folder with --out.' });
  if (!force) throw new NeuroError(`${target} exists already, and is another file.`, { code: 'CONFLICT', remedy: 'Add --force to replace it, or --out with another folder.' });
  return false;
}

async function digestOf(file: string): Promise<string> {
  const hash = createSha256();
  for await (const piece of createReadStream(file) as AsyncIterable<Uint8Array>) hash.update(piece);
  return hash.hex();
}

/** The file's folder is made; a link that leads elsewhere is no part of what was bought. */
async function placeOf(root: string, file: FolderFile): Promise<string> {
  const target = path.join(root, ...file.path.split('/'));
  await mkdir(path.dirname(target), { recursive: true });
  const [real, inside] = await Promise.all([realpath(root), realpath(path.dirname(target))]);
  if (inside !== real && !inside.startsWith(`${real}${path.sep}`)) throw new NeuroError(`${path.dirname(target)} leads out of ${root}.`, { code: 'CONFLICT', remedy: 'Choose another folder with --out.' });
  return target;
}
