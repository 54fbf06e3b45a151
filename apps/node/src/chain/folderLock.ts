import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import { processStamp } from './processStamp.ts';

type Holder = { pid: number; stamp: string };

function parseHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    return typeof value?.pid === 'number' && typeof value.stamp === 'string' ? { pid: value.pid, stamp: value.stamp } : undefined;
  } catch {
    return undefined;
  }
}

/** Puts the file there with its content at once, so that nobody reads a half-written one. False if there is one. */
async function createExclusively(file: string, text: string): Promise<boolean> {
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, text);
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/** Moves a stale lock away; whoever moved another one than was read as stale puts it back. */
async function removeStale(file: string, staleText: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  await rename(file, aside).catch(() => undefined);
  const moved = await readFile(aside, 'utf8').catch(() => staleText);
  if (moved !== staleText) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

/**
 * Takes `folder` for this process alone, by a file `lock` that names the holder. A lock whose holder no longer runs is
 * taken over.
 *
 * @throws NeuroError CONFLICT when a running process holds it.
 */
export async function lockFolder(folder: string): Promise<{ release: () => Promise<void> }> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'lock');
  const mine = JSON.stringify({ pid: process.pid, stamp: (await processStamp(process.pid)) ?? String(process.pid) });
  for (let tries = 0; tries < 5; tries += 1) {
    if (await createExclusively(file, mine)) return { release: () => rm(file, { force: true }) };
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const holder = parseHolder(text);
    if (holder !== undefined && (await processStamp(holder.pid)) === holder.stamp) {
      throw new NeuroError(`The folder ${folder} is in use by process ${holder.pid}.`, {
        code: 'CONFLICT', remedy: 'Stop that node, or give this one another state folder.',
      });
    }
    await removeStale(file, text);
  }
  throw new NeuroError(`The lock of ${folder} keeps changing hands.`, { code: 'CONFLICT', remedy: 'Start one node at a time.', retryable: true });
}

/** The running process that has taken `folder`; undefined where none has. */
export async function holderOf(folder: string): Promise<number | undefined> {
  const holder = parseHolder(await readFile(path.join(folder, 'lock'), 'utf8').catch(() => ''));
  return holder !== undefined && (await processStamp(holder.pid)) === holder.stamp ? holder.pid : undefined;
}
