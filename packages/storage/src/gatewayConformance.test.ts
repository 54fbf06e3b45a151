import { CarReader } from '@ipld/car';
import * as dagPb from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { sha256 } from 'multiformats/hashes/sha2';
import { beforeAll, expect, test } from 'vitest';
import type { GatewayResponse } from './createGateway.ts';
import { createGateway } from './createGateway.ts';
import type { BlockStore } from './index.ts';
import { createStorage, memoryBlocks, parseCid } from './index.ts';

/**
 * The rules of https://specs.ipfs.tech/http-gateways/trustless-gateway/ and of the public suite `ipfs/gateway-conformance`
 * (`trustless_gateway_raw_test`, `trustless_gateway_car_test`) that apply, a row each. docs/data.md says which do not.
 */

const CAR = 'application/vnd.ipld.car';
const RAW = 'application/vnd.ipld.raw';
const MISSING = 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e';

/** A file of five leaves of ten bytes; `leaves` are the different ones, `fourth` repeats the first. */
const names: Record<string, string> = {};
let blocks: BlockStore;
let ask: (path: string, headers?: Record<string, string>, method?: string) => Promise<GatewayResponse>;

async function putNode(node: { Data: Uint8Array; Links: { Name: string; Hash: CID; Tsize: number }[] }): Promise<CID> {
  const bytes = dagPb.encode(dagPb.prepare(node));
  const cid = CID.createV1(dagPb.code, await sha256.digest(bytes));
  await blocks.put(cid, bytes);
  return cid;
}

async function leaf(fill: number): Promise<CID> {
  return parseCid((await createStorage(blocks).addRaw(new Uint8Array(10).fill(fill))).cid);
}

const directory = (entries: [string, CID][]): Promise<CID> => putNode({ Data: new UnixFS({ type: 'directory' }).marshal(), Links: entries.map(([Name, Hash]) => ({ Name, Hash, Tsize: 1 })) });

beforeAll(async () => {
  blocks = memoryBlocks();
  const leaves = await Promise.all([1, 2, 3, 1, 4].map(leaf));
  const file = await putNode({ Data: new UnixFS({ type: 'file', blockSizes: leaves.map(() => 10n) }).marshal(), Links: leaves.map((Hash) => ({ Name: '', Hash, Tsize: 10 })) });
  const single = await leaf(9);
  const folder = await directory([['file', file], ['single', single]]);
  const root = await directory([['copy', single], ['sub', folder]]);
  const holed = await putNode({ Data: new UnixFS({ type: 'file', blockSizes: [10n, 10n, 10n] }).marshal(), Links: [leaves[0]!, parseCid(MISSING), leaves[1]!].map((Hash) => ({ Name: '', Hash, Tsize: 10 })) });
  const shard = await putNode({ Data: new UnixFS({ type: 'hamt-sharded-directory', fanout: 256n, hashType: 0x22n }).marshal(), Links: [{ Name: 'ABx', Hash: single, Tsize: 1 }] });
  const sharded = await putNode({ Data: new UnixFS({ type: 'hamt-sharded-directory', fanout: 256n, hashType: 0x22n }).marshal(), Links: [{ Name: '0F', Hash: shard, Tsize: 1 }, { Name: '1Cy', Hash: single, Tsize: 1 }] });
  const identity = CID.createV1(raw.code, { code: 0, size: 5, digest: new TextEncoder().encode('hello'), bytes: Uint8Array.from([0, 5, ...new TextEncoder().encode('hello')]) });
  const withIdentity = await directory([['inline', identity], ['single', single]]);
  Object.assign(names, { a: leaves[0], b: leaves[1], c: leaves[2], e: leaves[4], file, single, folder, root, holed, shard, sharded, identity, withIdentity });
  const gateway = createGateway(blocks);
  ask = async (path, headers = {}, method = 'GET') => {
    const url = new URL(path.replace(/\{(\w+)\}/g, (_, name: string) => String(names[name])), 'http://localhost');
    return gateway({ method, path: url.pathname, headers, query: Object.fromEntries(url.searchParams) });
  };
});

async function bytesOf({ body }: GatewayResponse): Promise<Uint8Array<ArrayBuffer>> {
  if (body === undefined || body instanceof Uint8Array) return new Uint8Array(body ?? []);
  const all: Uint8Array[] = [];
  for await (const piece of body) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}

/** The names of a CAR's blocks, in its order, as `@ipld/car` reads them. */
async function blocksOf(response: GatewayResponse): Promise<string> {
  const nameOf = new Map(Object.entries(names).map(([name, cid]) => [String(cid), name]));
  const order: string[] = [];
  for await (const { cid } of (await CarReader.fromBytes(await bytesOf(response))).blocks()) order.push(nameOf.get(cid.toString()) ?? cid.toString());
  return order.join(' ');
}

const named = (text: string): string => text.replace(/\{(\w+)\}/g, (_, name: string) => String(names[name]));

type Row = { rule: string; path: string; accept?: string; headers?: Record<string, string>; method?: string; status?: number; blocks?: string; has?: Record<string, string | RegExp>; empty?: boolean };

const rows: Row[] = [
  // Formats.
  { rule: 'format=raw gives the block', path: '/ipfs/{single}?format=raw', has: { 'content-type': RAW, 'content-length': '10' } },
  { rule: 'Accept: raw gives the block', path: '/ipfs/{folder}', accept: RAW, has: { 'content-type': RAW } },
  { rule: 'Accept: car gives a CAR', path: '/ipfs/{single}', accept: CAR, blocks: 'single', has: { 'content-type': `${CAR}; version=1; order=dfs; dups=n` } },
  { rule: 'format wins over Accept', path: '/ipfs/{single}?format=raw', accept: CAR, has: { 'content-type': RAW } },
  { rule: 'format=car wins over Accept: raw', path: '/ipfs/{single}?format=car', accept: RAW, blocks: 'single' },
  { rule: 'the better liked of two formats is taken', path: '/ipfs/{single}', accept: `${RAW};q=0.3, ${CAR};q=0.8`, blocks: 'single' },
  { rule: 'a format of quality 0 is not taken', path: '/ipfs/{single}', accept: `${RAW};q=0, ${CAR};q=0.1`, blocks: 'single' },
  { rule: 'no format at all is 400', path: '/ipfs/{single}', status: 400 },
  { rule: 'deserialized answers are 406', path: '/ipfs/{single}', accept: 'text/html', status: 406 },
  { rule: 'an unknown format is 406', path: '/ipfs/{single}?format=tar', status: 406 },
  // Headers.
  { rule: 'a block is an attachment of its name', path: '/ipfs/{single}?format=raw', has: { 'content-disposition': /^attachment; filename="baf\w+\.bin"$/ } },
  { rule: 'a CAR is an attachment of its name', path: '/ipfs/{single}?format=car', blocks: 'single', has: { 'content-disposition': /^attachment; filename="baf\w+\.car"$/ } },
  { rule: 'filename names the attachment', path: '/ipfs/{single}?format=raw&filename=foobar.bin', has: { 'content-disposition': 'attachment; filename="foobar.bin"' } },
  { rule: 'a filename cannot write headers', path: '/ipfs/{single}?format=raw&filename=a%22%0d%0aü.bin', has: { 'content-disposition': `attachment; filename="a____.bin"; filename*=UTF-8''a%22%0D%0A%C3%BC.bin` } },
  { rule: 'bytes are not sniffed', path: '/ipfs/{single}?format=raw', has: { 'x-content-type-options': 'nosniff' } },
  { rule: 'what never changes is kept for ever', path: '/ipfs/{single}?format=raw', has: { 'cache-control': 'public, max-age=29030400, immutable' } },
  { rule: 'CARs are kept for ever too', path: '/ipfs/{single}?format=car', blocks: 'single', has: { 'cache-control': 'public, max-age=29030400, immutable' } },
  { rule: 'X-Ipfs-Path and X-Ipfs-Roots name what was asked for', path: '/ipfs/{single}?format=raw', has: { 'x-ipfs-path': '/ipfs/{single}', 'x-ipfs-roots': '{single}' } },
  { rule: 'caches tell formats apart', path: '/ipfs/{single}?format=raw', has: { vary: 'Accept', 'content-location': '/ipfs/{single}?format=raw' } },
  // Tags.
  { rule: 'the tag that a client has is 304', path: '/ipfs/{single}?format=raw', headers: { 'if-none-match': '"{single}.raw"' }, status: 304, empty: true },
  { rule: 'a weak one too, in a list', path: '/ipfs/{single}?format=raw', headers: { 'if-none-match': '"x", W/"{single}.raw"' }, status: 304, empty: true },
  { rule: 'a star is what is there', path: '/ipfs/{single}?format=raw', headers: { 'if-none-match': '*' }, status: 304, empty: true },
  { rule: 'a star is not what is missing', path: `/ipfs/${MISSING}?format=raw`, headers: { 'if-none-match': '*' }, status: 404 },
  { rule: "a CAR's tag is another", path: '/ipfs/{single}?format=car', headers: { 'if-none-match': '"{single}.raw"' }, blocks: 'single' },
  // Methods and what is missing.
  { rule: 'HEAD tells the length and nothing else', path: '/ipfs/{single}?format=raw', method: 'HEAD', has: { 'content-length': '10' }, empty: true },
  { rule: 'HEAD of a CAR', path: '/ipfs/{file}?format=car', method: 'HEAD', has: { 'content-type': /version=1/ }, empty: true },
  { rule: 'HEAD of a missing block is 404', path: `/ipfs/${MISSING}?format=raw`, method: 'HEAD', status: 404 },
  { rule: 'a missing block is 404', path: `/ipfs/${MISSING}?format=raw`, status: 404 },
  { rule: "a CAR's missing root is 404", path: `/ipfs/${MISSING}?format=car`, status: 404 },
  { rule: 'only-if-cached: a missing one is 412', path: `/ipfs/${MISSING}?format=raw`, headers: { 'cache-control': 'only-if-cached' }, status: 412 },
  { rule: 'only-if-cached: one that is there is given', path: '/ipfs/{single}?format=raw', headers: { 'cache-control': 'only-if-cached' } },
  { rule: 'what is no CID is 400', path: '/ipfs/hello?format=raw', status: 400 },
  { rule: 'other methods are 405', path: '/ipfs/{single}?format=raw', method: 'DELETE', status: 405, has: { allow: 'GET, HEAD' } },
  // The probe.
  { rule: 'the probe as a block is empty', path: '/ipfs/bafkqaaa?format=raw', empty: true },
  { rule: 'HEAD of the probe', path: '/ipfs/bafkqaaa', accept: RAW, method: 'HEAD', empty: true },
  { rule: 'the probe as a CAR has no blocks', path: '/ipfs/bafkqaaa?format=car', blocks: '' },
  { rule: 'what a CID holds itself is no block, even with duplicates', path: '/ipfs/{identity}', accept: `${CAR}; dups=y`, blocks: '', has: { 'content-type': /dups=y/ } },
  { rule: 'nor where a directory names it', path: '/ipfs/{withIdentity}?format=car', blocks: 'withIdentity single' },
  // Paths.
  { rule: 'a path: the blocks on the way, then all below its end', path: '/ipfs/{root}/sub/file?format=car', blocks: 'root folder file a b c e', has: { 'x-ipfs-path': '/ipfs/{root}/sub/file', 'x-ipfs-roots': '{root}' } },
  { rule: 'a path with dag-scope=block', path: '/ipfs/{root}/sub?format=car&dag-scope=block', blocks: 'root folder' },
  { rule: 'a path whose name is not there is 404', path: '/ipfs/{root}/sub/none?format=car', status: 404 },
  { rule: 'a raw block has no path', path: '/ipfs/{root}/sub?format=raw', status: 400 },
  { rule: 'a path behind a file is 400', path: '/ipfs/{root}/copy/more?format=car', status: 400 },
  // dag-scope.
  { rule: 'dag-scope=block is the root', path: '/ipfs/{folder}?format=car&dag-scope=block', blocks: 'folder' },
  { rule: 'dag-scope=entity of a file is all of it', path: '/ipfs/{file}?format=car&dag-scope=entity', blocks: 'file a b c e' },
  { rule: 'dag-scope=entity of a directory is its list', path: '/ipfs/{folder}?format=car&dag-scope=entity', blocks: 'folder' },
  { rule: 'dag-scope=entity of a sharded directory is its shards', path: '/ipfs/{sharded}?format=car&dag-scope=entity', blocks: 'sharded shard' },
  { rule: 'dag-scope=all is everything, and so is none', path: '/ipfs/{folder}?format=car&dag-scope=all', blocks: 'folder file a b c e single' },
  { rule: 'another dag-scope is 400', path: '/ipfs/{folder}?format=car&dag-scope=some', status: 400 },
  // entity-bytes.
  { rule: 'the first byte', path: '/ipfs/{file}?format=car&entity-bytes=0:0', blocks: 'file a' },
  { rule: 'the whole file', path: '/ipfs/{file}?format=car&entity-bytes=0:*', blocks: 'file a b c e' },
  { rule: 'from the middle to the end', path: '/ipfs/{file}?format=car&dag-scope=entity&entity-bytes=20:*', blocks: 'file c a e' },
  { rule: 'the middle', path: '/ipfs/{file}?format=car&entity-bytes=10:29', blocks: 'file b c' },
  { rule: 'the middle, its end counted from behind', path: '/ipfs/{file}?format=car&entity-bytes=10:-21', blocks: 'file b c' },
  { rule: 'the last bytes', path: '/ipfs/{file}?format=car&entity-bytes=-5:*', blocks: 'file e' },
  { rule: 'more of the last bytes than there are is all of them', path: '/ipfs/{file}?format=car&entity-bytes=-9999:*', blocks: 'file a b c e' },
  { rule: 'and still ends where it says', path: '/ipfs/{file}?format=car&entity-bytes=-9999:-31', blocks: 'file a b' },
  { rule: 'an end behind the file is the end', path: '/ipfs/{file}?format=car&entity-bytes=45:9999', blocks: 'file e' },
  { rule: 'a range of no bytes is the root', path: '/ipfs/{file}?format=car&entity-bytes=30:10', blocks: 'file' },
  { rule: 'a range behind the file is 400', path: '/ipfs/{file}?format=car&entity-bytes=50:60', status: 400 },
  { rule: 'no range at all is 400', path: '/ipfs/{file}?format=car&entity-bytes=all', status: 400 },
  { rule: 'a range of a directory counts for nothing', path: '/ipfs/{folder}?format=car&entity-bytes=0:*', blocks: 'folder' },
  { rule: 'a missing block before the range does not matter', path: '/ipfs/{holed}?format=car&entity-bytes=20:*', blocks: 'holed b' },
  { rule: 'nor one behind it', path: '/ipfs/{holed}?format=car&entity-bytes=0:9', blocks: 'holed a' },
  { rule: 'a range has a tag of its own', path: '/ipfs/{file}?format=car&entity-bytes=0:0', blocks: 'file a', has: { etag: /entity.*0%3A0/ } },
  // Order and duplicates.
  { rule: 'dups=y sends a block each time', path: '/ipfs/{file}', accept: `${CAR}; version=1; order=dfs; dups=y`, blocks: 'file a b c a e', has: { 'content-type': `${CAR}; version=1; order=dfs; dups=y` } },
  { rule: 'dups=n sends it once', path: '/ipfs/{file}', accept: `${CAR}; version=1; order=dfs; dups=n`, blocks: 'file a b c e' },
  { rule: 'order=unk is answered with what it is', path: '/ipfs/{file}', accept: `${CAR}; version=1; order=unk`, blocks: 'file a b c e', has: { 'content-type': /order=dfs/ } },
  { rule: "with format=car, Accept's parameters count", path: '/ipfs/{file}?format=car', accept: `${CAR}; version=1; order=dfs; dups=y`, blocks: 'file a b c a e' },
  { rule: 'car-dups wins over Accept, and is in Content-Location', path: '/ipfs/{file}?format=car&car-dups=y', accept: `${CAR}; dups=n`, blocks: 'file a b c a e', has: { 'content-location': '/ipfs/{file}?format=car&car-dups=y' } },
  { rule: 'another order is 406', path: '/ipfs/{file}?format=car&car-order=bfs', status: 406 },
  { rule: 'version 2 is 406', path: '/ipfs/{file}', accept: `${CAR}; version=2`, status: 406 },
  { rule: 'car-version=1 is served', path: '/ipfs/{single}?format=car&car-version=1', blocks: 'single' },
  { rule: 'the next choice is taken where the first is not served', path: '/ipfs/{file}', accept: `${CAR};order=foo, ${CAR};order=dfs;dups=y;q=0.5`, blocks: 'file a b c a e' },
];

test.each(rows)('$rule', async ({ path, accept, headers = {}, method = 'GET', status = 200, blocks: order, has = {}, empty }) => {
  const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, named(value)]));
  const response = await ask(path, { ...sent, ...(accept === undefined ? {} : { accept }) }, method);
  expect(response.status).toBe(status);
  for (const [name, value] of Object.entries(has)) {
    if (value instanceof RegExp) expect(response.headers[name]).toMatch(value);
    else expect(response.headers[name]).toBe(named(value));
  }
  if (order !== undefined) expect(await blocksOf(response)).toBe(order);
  if (empty === true) expect(await bytesOf(response)).toEqual(new Uint8Array());
});

test('each variant of a CAR has a tag of its own', async () => {
  const variants = ['', '&dag-scope=entity', '&dag-scope=block', '&entity-bytes=0:9', '&entity-bytes=0:10', '&car-dups=y'];
  const tags = await Promise.all(variants.map(async (variant) => (await ask(`/ipfs/{file}?format=car${variant}`)).headers['etag']));
  expect(new Set(tags).size).toBe(variants.length);
});

test('a missing block in the middle ends the stream with an error, never with a sound end', async () => {
  const response = await ask('/ipfs/{holed}?format=car');
  expect(response.status).toBe(200);
  await expect(bytesOf(response)).rejects.toMatchObject({ code: 'NOT_FOUND', cid: MISSING });
});
