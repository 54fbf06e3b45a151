import * as dagPb from '@ipld/dag-pb';
import type { CID } from 'multiformats/cid';
import type { BlockStore } from './BlockStore.ts';
import { IDENTITY } from './cids.ts';
import { dagLinks } from './dagLinks.ts';
import { load } from './readFile.ts';
import { readCar } from './readCar.ts';
import { StorageError } from './StorageError.ts';

export type ImportCarParameters = {
  content: AsyncIterable<Uint8Array>;
  /** Whether a root that is not there, or not whole, is no failure: a part of a graph. */
  partial?: boolean;
  /** Blocks that are put at the same time. */
  concurrency?: number;
  /** Called with the blocks and bytes taken in so far. */
  onProgress?: (done: { blocks: number; bytes: number }) => void;
};

/** `blocks` that came, `repeated` of them more than once; `bytes` of them all. */
export type ImportedCar = { version: 1 | 2; roots: string[]; blocks: number; repeated: number; bytes: number };

const CONCURRENCY = 4;

/**
 * Puts the blocks of a CAR (version 1 or 2) into `blocks`, in whatever order they come, each re-hashed; then follows every root to its
 * last leaf. What came before a failure stays, so that importing again costs only what is missing.
 *
 * @throws StorageError of the reader (see {@link readCar}) and of the store; `UNSUPPORTED` for a CAR that names no root, `NOT_FOUND`
 * naming the block that a root lacks.
 */
export async function importCar(blocks: BlockStore, parameters: ImportCarParameters): Promise<ImportedCar> {
  const { content, partial = false, concurrency = CONCURRENCY, onProgress } = parameters;
  const car = await readCar(content);
  const seen = new Set<string>();
  let [count, size] = [0, 0];
  const putting = new Set<Promise<void>>();
  const failures: unknown[] = [];
  try {
    for await (const { cid, bytes } of car.blocks) {
      count += 1;
      size += bytes.length;
      const name = cid.toString();
      if (!seen.has(name) && cid.multihash.code !== IDENTITY) {
        const done: Promise<void> = blocks.put(cid, bytes).catch((error: unknown) => void failures.push(error)).finally(() => putting.delete(done));
        putting.add(done);
      }
      seen.add(name);
      onProgress?.({ blocks: count, bytes: size });
      if (putting.size >= concurrency) await Promise.race(putting);
      if (failures.length > 0) break;
    }
  } finally {
    await Promise.all(putting);
  }
  if (failures.length > 0) throw failures[0];
  if (!partial) {
    if (car.roots.length === 0) throw new StorageError({ code: 'UNSUPPORTED', message: 'The CAR names no root, so nobody can tell whether it is whole. Its blocks are kept; import it with --partial, or make it anew with a root.' });
    await checkWhole(blocks, car.roots);
  }
  return { version: car.version, roots: car.roots.map(String), blocks: count, repeated: count - seen.size, bytes: size };
}

/**
 * Follows each root down to its leaves: inner nodes are read and checked, leaves asked for.
 *
 * @throws StorageError `NOT_FOUND` naming the first block that is not there.
 */
export async function checkWhole(blocks: BlockStore, roots: readonly CID[]): Promise<void> {
  const stack = roots.toReversed();
  const seen = new Set<string>();
  for (let cid = stack.pop(); cid !== undefined; cid = stack.pop()) {
    const name = cid.toString();
    if (seen.has(name) || cid.multihash.code === IDENTITY) continue;
    seen.add(name);
    if (!(await blocks.has(cid))) throw new StorageError({ code: 'NOT_FOUND', cid: name, message: `The CAR lacks block ${name} of what its roots name: it was cut off, or is a part only. What it has is kept; import the whole one, or take it as it is with --partial.` });
    if (cid.code === dagPb.code) for (const link of dagLinks(cid, await load(blocks, cid, undefined), 'all')) stack.push(link);
  }
}
