import { StorageError, dagLinks, firstOf, parseCid } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import type { Blocks } from '../common/Blocks.ts';

export type FetchGraphParameters = {
  root: string;
  own: Blocks;
  /** Asked, in this order, for what is not here or bad; what they give is hashed. */
  others: BlockStore[];
  /** Told of bytes that are about to be kept; throws where there is no room. */
  take: (bytes: number) => Promise<void>;
  signal: AbortSignal;
};

/** How many blocks are asked for at once. */
const AT_ONCE = 8;

/**
 * Brings everything below a root here, to the last leaf, and makes what is here already young again, so that no collector that began before takes it. Returns the bytes of all of it.
 *
 * @throws StorageError of what nobody gave, or of a graph that is none; what came until then stays and need not come again
 */
export async function fetchGraph(parameters: FetchGraphParameters): Promise<number> {
  const { root, signal } = parameters;
  const queue = [parseCid(root).toV1().toString()];
  const seen = new Set(queue);
  let bytes = 0;
  while (queue.length > 0) {
    signal.throwIfAborted();
    const fetched = await Promise.all(queue.splice(-AT_ONCE).map((name) => fetchBlock(parameters, name)));
    for (const { size, links } of fetched) {
      bytes += size;
      for (const link of links) if (!seen.has(link)) queue.push(link);
      for (const link of links) seen.add(link);
    }
  }
  return bytes;
}

async function fetchBlock({ own, others, take, signal }: FetchGraphParameters, name: string): Promise<{ size: number; links: string[] }> {
  const cid = parseCid(name);
  let block = await own.get(cid).catch(notHere);
  if (block === undefined || (own.touch !== undefined && !(await own.touch(cid)))) {
    block ??= await firstOf(others).get(cid, { signal });
    await take(block.length);
    await own.put(cid, block);
  }
  return { size: block.length, links: dagLinks(cid, block, 'all').map((link) => link.toV1().toString()) };
}

function notHere(error: unknown): undefined {
  if (!(error instanceof StorageError) || error.code === 'UNSUPPORTED') throw error;
}
