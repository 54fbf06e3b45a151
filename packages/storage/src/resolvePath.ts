import * as dagPb from '@ipld/dag-pb';
import type { CID } from 'multiformats/cid';
import type { BlockStore } from './BlockStore.ts';
import type { KnownBlock } from './carStream.ts';
import { decodeNode, unixfsOf } from './dagLinks.ts';
import { load } from './readFile.ts';
import { StorageError } from './StorageError.ts';

/**
 * The blocks from `root` down the names of plain UnixFS directories, each checked.
 *
 * @throws StorageError of the store; `NOT_FOUND` for a name that is not in its directory, `UNSUPPORTED` for one behind what is no
 * plain directory.
 */
export async function resolvePath(parameters: { blocks: BlockStore; root: KnownBlock; segments: readonly string[] }): Promise<[KnownBlock, ...KnownBlock[]]> {
  const { blocks, root, segments } = parameters;
  const path: [KnownBlock, ...KnownBlock[]] = [root];
  let here = root;
  for (const segment of segments) {
    const cid = entryOf(here, segment);
    here = { cid, bytes: await load(blocks, cid, undefined) };
    path.push(here);
  }
  return path;
}

function entryOf({ cid, bytes }: KnownBlock, name: string): CID {
  const node = cid.code === dagPb.code ? decodeNode(cid, bytes) : undefined;
  const type = node && unixfsOf(node)?.type;
  if (node === undefined || type !== 'directory') {
    throw new StorageError({ code: 'UNSUPPORTED', cid: cid.toString(), message: `${cid.toString()} is ${type ?? 'no UnixFS directory'}: names are looked for in plain directories. Ask for the block itself.` });
  }
  const link = node.Links.find(({ Name }) => Name === name);
  if (link === undefined) throw new StorageError({ code: 'NOT_FOUND', cid: cid.toString(), message: `The directory ${cid.toString()} has nothing named "${name.slice(0, 100)}".` });
  return link.Hash;
}
