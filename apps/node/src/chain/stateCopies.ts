import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Hex } from 'viem';
import type { Anvil } from './anvilProcess.ts';

export type StateCopy = { number: number; hash: Hex; sha256: string; file: string };

export type StateCopies = {
  /** Writes down the whole state of the EVM at its head block. */
  save: (anvil: Anvil, head: { number: number; hash: Hex }) => Promise<StateCopy>;
  /** Copies that are complete on disk, newest first. */
  list: () => Promise<StateCopy[]>;
  /** Checks the copy's checksum and unpacks it into a file for `anvil --load-state`. Undefined if it is damaged. */
  unpack: (copy: StateCopy) => Promise<string | undefined>;
  drop: (copy: StateCopy) => Promise<void>;
};

/** Kept, so that one of them is always far enough below the head (see restoreChain). */
const keptCopies = 4;

async function writeDurably(file: string, bytes: Uint8Array | string): Promise<void> {
  const handle = await open(`${file}.tmp`, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.tmp`, file);
}

async function readCopy(folder: string, name: string): Promise<StateCopy | undefined> {
  try {
    return { ...(JSON.parse(await readFile(path.join(folder, name), 'utf8')) as Omit<StateCopy, 'file'>), file: path.join(folder, name.replace(/\.json$/, '.gz')) };
  } catch {
    return undefined;
  }
}

async function sha256OfFile(file: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}

/**
 * Keeps the rotating copies of the EVM's state in `folder`: `<number>.gz` and, written after it, `<number>.json`. That of
 * the block `settledAt` stays.
 */
export function createStateCopies(folder: string, settledAt: () => number | undefined): StateCopies {
  const scratch = path.join(folder, 'loading.tmp');
  const drop = async (copy: StateCopy): Promise<void> => {
    await rm(copy.file.replace(/\.gz$/, '.json'), { force: true });
    await rm(copy.file, { force: true });
  };
  const list = async (): Promise<StateCopy[]> => {
    const names = await readdir(folder).catch(() => []);
    const copies = await Promise.all(names.filter((name) => /^\d+\.json$/.test(name)).map((name) => readCopy(folder, name)));
    return copies.filter((copy) => copy !== undefined).sort((a, b) => b.number - a.number);
  };
  return {
    list,
    drop,
    save: async (anvil, head) => {
      await mkdir(folder, { recursive: true });
      const dump = (await anvil.call('anvil_dumpState')) as Hex;
      const bytes = Buffer.from(dump.slice(2), 'hex');
      const base = path.join(folder, String(head.number).padStart(10, '0'));
      await writeDurably(`${base}.gz`, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await writeDurably(`${base}.json`, JSON.stringify({ number: head.number, hash: head.hash, sha256 }));
      for (const old of (await list()).filter(({ number }) => number !== settledAt()).slice(keptCopies)) await drop(old);
      return { number: head.number, hash: head.hash, sha256, file: `${base}.gz` };
    },
    unpack: async (copy) => {
      if ((await sha256OfFile(copy.file)) !== copy.sha256) return undefined;
      try {
        await pipeline(createReadStream(copy.file), createGunzip(), createWriteStream(scratch));
        return scratch;
      } catch {
        return undefined;
      }
    },
  };
}
