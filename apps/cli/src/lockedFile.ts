import { mkdir, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';

const LOCK_WAIT_MS = 10_000;
const LOCK_STALE_MS = 30_000;

/** Does `work` while no other process does any on the same file. Throws `CONFLICT` after ten seconds. */
export async function locked<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const until = Date.now() + LOCK_WAIT_MS;
  while (!(await take(lock))) {
    if (Date.now() > until) throw new NeuroError(`The file ${file} is locked by another process.`, { code: 'CONFLICT', remedy: `Try again; if no other command runs, remove ${lock}.`, retryable: true });
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx')).close();
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  // A killed process leaves its lock behind; nobody holds one for this long.
  const age = await stat(lock).then(({ mtimeMs }) => Date.now() - mtimeMs, () => 0);
  if (age > LOCK_STALE_MS) await rm(lock, { force: true });
  return false;
}
