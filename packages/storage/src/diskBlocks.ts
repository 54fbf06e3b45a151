import { randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { access, link, mkdir, open, readFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { base32 } from 'multiformats/bases/base32';
import { CID } from 'multiformats/cid';
import type { BlockStore } from './BlockStore.ts';
import { checkBlock, notFound } from './BlockStore.ts';
import { StorageError } from './StorageError.ts';

/** A half-written file older than this belongs to a writer that died: one block takes no minute. */
const STALE_MS = 60_000;

const SUFFIX = '.block';

/** Blocks in a folder of this machine. */
export type DiskBlocks = BlockStore & {
  /** Sum of the sizes of all blocks, in bytes. Walks the folder. */
  bytes(): Promise<number>;
  /** Every block, in no order. */
  list(): AsyncIterable<CID>;
  /** Removes a block. One that is not there is no error. */
  delete(cid: CID): Promise<void>;
  /** Every block with its size, in bytes, and when it was last put or touched, in ms since 1970. */
  stats(): AsyncIterable<{ cid: CID; size: number; changedAt: number }>;
  /** Makes a block as young as one that was just put; whether it is there. */
  touch(cid: CID): Promise<boolean>;
  /**
   * Removes a block that was neither put nor touched since `before`, ms since 1970: also where somebody puts it at this moment, who then finds it kept
   * or writes it anew. Whether it went.
   */
  deleteOlder(cid: CID, before: number): Promise<boolean>;
};

/**
 * Blocks on disk, at `folder/{shard}/{cid}.block`, where the shard is the last two characters of the CID but one
 * (kubo's `next-to-last/2`). A block is written beside, flushed, and renamed into place, and the folder flushed
 * too: a crash at any moment leaves the whole block or none. `get` re-hashes, so bad sectors are an error
 * (`MISMATCH`), never content; putting the block again repairs it.
 *
 * Several processes may share a folder. Half-written files of dead writers are removed at first use, and blocks on which somebody who was removing them
 * died are put back.
 */
export function diskBlocks({ folder }: { folder: string }): DiskBlocks {
  const temporary = join(folder, 'tmp');
  let ready: Promise<void> | undefined;
  const leaving = join(folder, 'leaving');
  const prepare = (): Promise<void> => (ready ??= sweep(temporary).then(() => putBack(folder, leaving)));

  return {
    has: async (cid) => {
      await prepare();
      return exists(pathOf(folder, cid));
    },
    get: async (cid) => {
      await prepare();
      return readChecked(folder, cid);
    },
    put: async (cid, bytes, { hashed = false } = {}) => {
      await prepare();
      if (!hashed) await checkBlock(cid, bytes);
      // Touched before it is looked at: whoever is about to remove it sees that, or it is written anew.
      if ((await touch(pathOf(folder, cid))) && (await isWhole(folder, cid))) return;
      await writeDurably({ temporary, path: pathOf(folder, cid), bytes });
    },
    delete: (cid) => rm(pathOf(folder, cid), { force: true }),
    bytes: async () => {
      let sum = 0;
      for await (const cid of list(folder)) sum += await sizeOf(pathOf(folder, cid));
      return sum;
    },
    list: () => list(folder),
    stats: () => stats(folder),
    touch: async (cid) => {
      await prepare();
      return touch(pathOf(folder, cid));
    },
    deleteOlder: async (cid, before) => {
      await prepare();
      return deleteOlder({ path: pathOf(folder, cid), leaving, before });
    },
  };
}

async function touch(path: string): Promise<boolean> {
  const now = new Date();
  return orMissing(utimes(path, now, now).then(() => true), false);
}

/** Out of the way first, then looked at once more: what was touched until it left comes back. */
async function deleteOlder({ path, leaving, before }: { path: string; leaving: string; before: number }): Promise<boolean> {
  if ((await changedAt(path)) >= before) return false;
  await mkdir(leaving, { recursive: true });
  const aside = join(leaving, basename(path));
  if (!(await orMissing(rename(path, aside).then(() => true), false))) return false;
  if ((await changedAt(aside)) >= before) {
    await restore(aside, path);
    return false;
  }
  await rm(aside, { force: true });
  return true;
}

/** One that is not there is of no age. */
async function changedAt(path: string): Promise<number> {
  return orMissing(stat(path).then(({ mtimeMs }) => mtimeMs), Number.POSITIVE_INFINITY);
}

async function restore(aside: string, path: string): Promise<void> {
  await link(aside, path).catch((error: unknown) => {
    if (!isMissing(error) && !(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  await rm(aside, { force: true });
}

async function putBack(folder: string, leaving: string): Promise<void> {
  for (const { name } of await entries(leaving)) {
    const cid = cidOf(name);
    if (cid !== undefined) await restore(join(leaving, name), pathOf(folder, cid));
  }
}

async function* stats(folder: string): AsyncGenerator<{ cid: CID; size: number; changedAt: number }> {
  for await (const cid of list(folder)) {
    const found = await orMissing(stat(pathOf(folder, cid)), undefined);
    if (found) yield { cid, size: found.size, changedAt: found.mtimeMs };
  }
}

async function orMissing<T, Other>(work: Promise<T>, other: Other): Promise<T | Other> {
  return work.catch((error: unknown) => {
    if (isMissing(error)) return other;
    throw error;
  });
}

/** Encoded afresh: a parsed CID remembers the spelling it was given, which is no safe file name. */
function pathOf(folder: string, cid: CID): string {
  const name = base32.encode(cid.toV1().bytes);
  return join(folder, name.slice(-3, -1), `${name}${SUFFIX}`);
}

async function readChecked(folder: string, cid: CID): Promise<Uint8Array> {
  const file = await readFile(pathOf(folder, cid)).catch((error: unknown) => {
    throw isMissing(error) ? notFound(cid, folder) : error;
  });
  // Plain, because some cryptographic packages refuse a Buffer.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.length);
  await checkBlock(cid, bytes);
  return bytes;
}

async function isWhole(folder: string, cid: CID): Promise<boolean> {
  try {
    await readChecked(folder, cid);
    return true;
  } catch (error) {
    if (error instanceof StorageError) return false;
    throw error;
  }
}

async function writeDurably(parameters: { temporary: string; path: string; bytes: Uint8Array }): Promise<void> {
  const { temporary, path, bytes } = parameters;
  const half = join(temporary, randomUUID());
  const shard = dirname(path);
  try {
    await mkdir(temporary, { recursive: true });
    const file = await open(half, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    const created = await mkdir(shard, { recursive: true });
    await rename(half, path);
    await flushFolder(shard);
    if (created !== undefined) await flushFolder(dirname(shard));
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
}

/** A rename survives a power cut only once its folder is flushed. Windows flushes by itself and refuses this. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sweep(temporary: string): Promise<void> {
  for (const entry of await entries(temporary)) {
    const path = join(temporary, entry.name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > STALE_MS) await rm(path, { force: true });
  }
}

async function* list(folder: string): AsyncGenerator<CID> {
  for (const shard of await entries(folder)) {
    if (!shard.isDirectory() || shard.name.length !== 2) continue;
    for (const { name } of await entries(join(folder, shard.name))) {
      const cid = cidOf(name);
      if (cid !== undefined) yield cid;
    }
  }
}

/** Foreign files in the folder are passed over. */
function cidOf(name: string): CID | undefined {
  if (!name.endsWith(SUFFIX)) return undefined;
  try {
    return CID.decode(base32.decode(name.slice(0, -SUFFIX.length)));
  } catch {
    return undefined;
  }
}

async function entries(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

async function exists(path: string): Promise<boolean> {
  return orMissing(access(path).then(() => true), false);
}

async function sizeOf(path: string): Promise<number> {
  return orMissing(stat(path).then(({ size }) => size), 0);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
