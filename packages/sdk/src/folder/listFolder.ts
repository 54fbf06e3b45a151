import { NeuroError, canBeListed, findPathProblem, findPathsProblem } from '@neurodata/protocol';

/**
 * The files that a version of a folder has, by path: `found` are all below it, under their paths with slashes. `hidden`: how many were left out because a part of their
 * path begins with a full stop. Throws `BAD_INPUT` naming the path that cannot be on every system, `TOO_LARGE` for more files than a manifest can list.
 */
export function listFolder<File extends { path: string }>(found: readonly File[]): { files: File[]; hidden: number } {
  const shown = found.filter(({ path }) => !path.split('/').some((part) => part.startsWith('.')));
  // File systems may keep letters with their marks apart.
  const files = shown.map((file) => ({ ...file, path: file.path.normalize('NFC') }));
  for (const { path } of files) {
    const problem = findPathProblem(path);
    if (problem !== undefined) throw refused(problem);
  }
  if (files.length === 0) throw new NeuroError('There is no file in the folder.', { code: 'BAD_INPUT', remedy: 'Choose a folder with files.' });
  if (!canBeListed(files)) throw new NeuroError(`The folder has ${files.length} files, more than a description can list.`, { code: 'TOO_LARGE', remedy: 'Pack parts of it as tar.gz, or split it into several assets.' });
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const clash = findPathsProblem(files.map(({ path }) => path));
  if (clash !== undefined) throw refused(clash);
  return { files, hidden: found.length - files.length };
}

/** What a version calls a folder of this name. */
export function folderName(name: string): string {
  return name.normalize('NFC').replace(/[\p{Cc}\p{Cf}:*?"<>|\\]/gu, '_') || 'folder';
}

function refused(problem: string): NeuroError {
  return new NeuroError(`The folder cannot be published: ${problem}.`, { code: 'BAD_INPUT', remedy: 'Rename it, or leave it out.' });
}
