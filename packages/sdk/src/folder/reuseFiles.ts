import type { PlainFile } from './sealFolderFile.ts';

/**
 * Which files of a new version lie sealed already: by path, the entry that each takes over from the version before. The same path with the same content keeps its own; a
 * file that was renamed takes that of the path that is gone. A copy of a file that is still there does not: equal CIDs would tell everybody that the two are the same.
 */
export function reuseFiles<File extends PlainFile>(before: readonly File[], now: readonly PlainFile[]): Map<string, File> {
  const taken = new Map<string, File>();
  const old = new Map(before.map((file) => [file.path, file]));
  for (const file of now) {
    const same = old.get(file.path);
    if (same && isSame(same, file)) taken.set(file.path, { ...same, format: file.format });
  }
  const paths = new Set(now.map(({ path }) => path));
  const gone = before.filter(({ path }) => !paths.has(path));
  for (const file of now) {
    if (taken.has(file.path)) continue;
    const at = gone.findIndex((candidate) => isSame(candidate, file));
    const [moved] = at < 0 ? [] : gone.splice(at, 1);
    if (moved) taken.set(file.path, { ...moved, path: file.path, format: file.format });
  }
  return taken;
}

const isSame = (a: Pick<PlainFile, 'size' | 'sha256'>, b: Pick<PlainFile, 'size' | 'sha256'>): boolean => a.size === b.size && a.sha256 === b.sha256;
