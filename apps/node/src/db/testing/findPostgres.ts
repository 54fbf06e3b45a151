import { accessSync, constants, globSync } from 'node:fs';
import path from 'node:path';

/** The folder of PostgreSQL's programs on this machine: of `searchPath` (what PATH says), else where Debian puts the newest; undefined where there is none. */
export function findPostgres(searchPath: string): string | undefined {
  const usual = globSync('/usr/lib/postgresql/*/bin').toSorted((a, b) => versionOf(b) - versionOf(a));
  return [...searchPath.split(path.delimiter).filter(Boolean), ...usual].find((folder) => ['initdb', 'postgres'].every((name) => isExecutable(path.join(folder, name))));
}

const versionOf = (folder: string): number => Number(folder.split('/')[4]) || 0;

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
