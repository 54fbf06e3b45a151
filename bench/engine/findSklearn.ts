import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A Python that has scikit-learn, and in words where it comes from. */
export type Sklearn = { python: string; from: string };

/**
 * Finds scikit-learn: the Python that NEURODATA_PYTHON names, one of an earlier run in the user's cache, or the
 * system's (Debian's python3-sklearn); else it is installed by pip into the cache.
 *
 * @throws Error with the remedy when there is none and it cannot be installed
 */
export function findSklearn(): Sklearn {
  const home = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'neurodata', 'sklearn');
  const cached = join(home, 'bin', 'python');
  const named = process.env['NEURODATA_PYTHON'];
  if (named !== undefined) {
    if (hasSklearn(named)) return { python: named, from: `NEURODATA_PYTHON, ${named}` };
    throw new Error(`NEURODATA_PYTHON is ${named}, which cannot import sklearn and threadpoolctl: name another Python, or leave it unset.`);
  }
  if (existsSync(cached) && hasSklearn(cached)) return { python: cached, from: `pip, in ${home}` };
  if (hasSklearn('python3')) return { python: 'python3', from: "the system's Python (Debian's python3-sklearn or pip)" };
  install(home);
  if (hasSklearn(cached)) return { python: cached, from: `pip, just installed in ${home}` };
  throw new Error('There is no scikit-learn to compare with, and pip could not install it: apt install python3-sklearn python3-threadpoolctl, or set NEURODATA_PYTHON.');
}

function hasSklearn(python: string): boolean {
  return spawnSync(python, ['-c', 'import sklearn, threadpoolctl'], { stdio: 'ignore' }).status === 0;
}

function install(home: string): void {
  mkdirSync(home, { recursive: true });
  if (isDone('python3', ['-m', 'venv', home])) isDone(join(home, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', 'scikit-learn']);
}

function isDone(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}
