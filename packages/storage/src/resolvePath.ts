import * as dagPb from '@ipld/dag-pb';
import { murmur364 } from '@multiformats/murmur3';
import type { CID } from 'multiformats/cid';
import type { BlockStore } from './BlockStore.ts';
import type { KnownBlock } from './carStream.ts';
import { toHex } from './cids.ts';
import { decodeNode, unixfsOf } from './dagLinks.ts';
import { malformed } from './fileNode.ts';
import { load } from './readFile.ts';
import { StorageError } from './StorageError.ts';

/** Largest fan-out of a sharded directory that is walked, as in kubo. */
const MAX_FANOUT = 1024;
const HASH_BITS = 64;

/**
 * The blocks from `root` down the names of UnixFS directories, plain or sharded (https://specs.ipfs.tech/unixfs/#dag-pb-hamtdirectory), each checked; of a sharded one all shards on the way.
 *
 * @throws StorageError of the store; `NOT_FOUND` for a name that is not in its directory, `UNSUPPORTED` for one behind what is no
 * directory, `MISMATCH` for shards that do not fit.
 */
export async function resolvePath(parameters: { blocks: BlockStore; root: KnownBlock; segments: readonly string[] }): Promise<[KnownBlock, ...KnownBlock[]]> {
  const { blocks, root, segments } = parameters;
  const path: [KnownBlock, ...KnownBlock[]] = [root];
  const step = async (cid: CID): Promise<KnownBlock> => {
    const block = { cid, bytes: await load(blocks, cid, undefined) };
    path.push(block);
    return block;
  };
  let here = root;
  for (const segment of segments) here = await step(await findEntry(here, segment, step));
  return path;
}

async function findEntry(block: KnownBlock, name: string, step: (shard: CID) => Promise<KnownBlock>): Promise<CID> {
  const { type, node, fanout, cid } = directoryOf(block);
  if (type === 'hamt-sharded-directory') return findInShards({ shard: block, name, step, bits: Math.log2(fanout) });
  return expectLink(cid, name, node.Links.find(({ Name }) => Name === name));
}

type Directory = { cid: CID; node: dagPb.PBNode; type: string; fanout: number };

function directoryOf({ cid, bytes }: KnownBlock): Directory {
  const node = cid.code === dagPb.code ? decodeNode(cid, bytes) : undefined;
  const unixfs = node && unixfsOf(node);
  if (node === undefined || (unixfs?.type !== 'directory' && unixfs?.type !== 'hamt-sharded-directory')) {
    throw new StorageError({ code: 'UNSUPPORTED', cid: cid.toString(), message: `${cid.toString()} is ${unixfs?.type ?? 'no UnixFS directory'}: names are looked for in directories. Ask for the block itself.` });
  }
  const fanout = Number(unixfs.fanout ?? 256n);
  const { type } = unixfs;
  if (type === 'directory') return { cid, node, type, fanout };
  // The specification knows one hash for names; the reader does not tell which a shard says it uses.
  if (fanout < 2 || fanout > MAX_FANOUT || !Number.isInteger(Math.log2(fanout))) throw malformed(cid, `a shard of ${fanout}`);
  return { cid, node, type, fanout };
}

/** From the first bits of the name's hash on, as many for each level as the fan-out takes: an entry is called by them, in hexadecimal, and its name; a shard below by them alone. */
async function findInShards(parameters: { shard: KnownBlock; name: string; step: (shard: CID) => Promise<KnownBlock>; bits: number }): Promise<CID> {
  const { name, step, bits } = parameters;
  const { digest } = await murmur364.digest(new TextEncoder().encode(name));
  const hash = BigInt(toHex(digest));
  const width = (2 ** bits - 1).toString(16).length;
  let block = parameters.shard;
  for (let taken = bits; taken <= HASH_BITS; taken += bits) {
    const { cid, node, type, fanout } = directoryOf(block);
    if (type !== 'hamt-sharded-directory' || fanout !== 2 ** bits) throw malformed(cid, 'a shard of another kind than the one above it');
    const prefix = BigInt.asUintN(bits, hash >> BigInt(HASH_BITS - taken)).toString(16).toUpperCase().padStart(width, '0');
    const below = node.Links.find(({ Name }) => Name === prefix);
    if (below === undefined) return expectLink(parameters.shard.cid, name, node.Links.find(({ Name }) => Name === `${prefix}${name}`));
    block = await step(below.Hash);
  }
  throw malformed(parameters.shard.cid, 'shards deeper than their hash');
}

function expectLink(directory: CID, name: string, link: dagPb.PBLink | undefined): CID {
  if (link === undefined) throw new StorageError({ code: 'NOT_FOUND', cid: directory.toString(), message: `The directory ${directory.toString()} has nothing named "${name.slice(0, 100)}".` });
  return link.Hash;
}
