import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { createStorage, parseCid } from '@neurodata/storage';
import type { Storage } from '@neurodata/storage';
import { diskBlocks } from '@neurodata/storage/node';
import type { Hex } from 'viem';

/** Blocks on this machine that are of use for one run only: the states that a worker keeps to go on from, what is read to check it. */
export type RunFiles = {
  /** The same storage, whose new blocks are noted for a run before they are there. */
  writing(storage: Storage, jobId: Hex): Storage;
  /** The same storage; what it fetches from elsewhere, and keeps a copy of here, is noted for a run before it is there. */
  reading(storage: Storage, jobId: Hex): Storage;
  /** Runs of which something is noted. */
  list(): Promise<Hex[]>;
  /** Every CID that is noted for any run. */
  cids(): Promise<string[]>;
  /** Takes away what is noted for a run and for no other one, then the note. Resolves with how many blocks there were. */
  remove(jobId: Hex): Promise<number>;
};

const NOTE = '.cids';
/** A note whose blocks are being taken away: what is noted from now on is in a new one. */
const ENDING = '.over';

/**
 * Notes in `home/runs`, one file for each run, of blocks in `home/blocks`. A block that was there before is never noted, and so never removed: it may be
 * somebody's dataset. Where `shared`, the folder is a gateway's, which keeps what people upload: what a run reads is nothing of its own there.
 */
export function runFiles({ home, shared = false }: { home: string; shared?: boolean }): RunFiles {
  const folder = path.join(home, 'runs');
  const blocks = diskBlocks({ folder: path.join(home, 'blocks') });
  const fileOf = (jobId: Hex, suffix: string): string => path.join(folder, `${checked(jobId)}${suffix}`);
  const note = async (jobId: Hex, cid: Parameters<typeof blocks.has>[0]): Promise<void> => {
    if (await blocks.has(cid)) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await open(fileOf(jobId, NOTE), 'a', 0o600);
    try {
      // On a line of its own also after one that a crash has cut off.
      await handle.appendFile(`\n${cid.toString()}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  };
  const list = async (): Promise<Hex[]> => {
    const names = await readdir(folder).catch(nothing<string[]>([]));
    return [...new Set(names.flatMap((name) => /^(0x[0-9a-f]{64})\.(?:cids|over)$/.exec(name)?.[1] ?? []))] as Hex[];
  };
  const noted = async (jobId: Hex): Promise<string[]> => (await Promise.all([NOTE, ENDING].map((suffix) => readNote(fileOf(jobId, suffix))))).flat();
  /** What one ending note names goes, then the note: a crash in between leaves the note, for the next time. */
  const finish = async (jobId: Hex): Promise<number> => {
    const others = new Set((await Promise.all((await list()).filter((one) => one !== jobId).map(noted))).flat());
    const going = (await readNote(fileOf(jobId, ENDING))).filter((cid) => !others.has(cid));
    for (const cid of going) await blocks.delete(parseCid(cid));
    await rm(fileOf(jobId, ENDING), { force: true });
    return going.length;
  };
  return {
    writing: (storage, jobId) => createStorage({
      ...storage.blocks,
      put: async (cid, bytes) => {
        await note(jobId, cid);
        await storage.blocks.put(cid, bytes);
      },
    }),
    reading: (storage, jobId) => (shared ? storage : createStorage({
      ...storage.blocks,
      get: async (cid, options) => {
        await note(jobId, cid);
        return storage.blocks.get(cid, options);
      },
    })),
    list,
    cids: async () => (await Promise.all((await list()).map(noted))).flat(),
    remove: async (id) => {
      const jobId = checked(id);
      const left = await finish(jobId);
      const moved = await rename(fileOf(jobId, NOTE), fileOf(jobId, ENDING)).then(() => true, nothing(false));
      return left + (moved ? await finish(jobId) : 0);
    },
  };
}

/** It becomes a file's name. */
function checked(jobId: Hex): Hex {
  const id = jobId.toLowerCase() as Hex;
  if (!/^0x[0-9a-f]{64}$/.test(id)) throw new Error(`${jobId.slice(0, 80)} is no id of a run`);
  return id;
}

/** Lines that are whole: the last one of a process that was killed may be cut off, and its block is not there then. */
async function readNote(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(nothing(''));
  return [...new Set(text.split('\n').slice(0, -1).filter(isCid))];
}

function isCid(text: string): boolean {
  try {
    parseCid(text);
    return true;
  } catch {
    return false;
  }
}

/** What a missing file stands for. */
function nothing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return value;
    throw error;
  };
}
