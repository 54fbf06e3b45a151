import { CID } from 'multiformats/cid';
import { afterEach, expect, test } from 'vitest';
import { findKubo, startKubo } from '../../test/startKubo.ts';
import { createStorage, memoryBlocks, parseCid } from '../index.ts';
import type { BlockStore } from '../index.ts';
import { createBitswapPeer } from './createBitswapPeer.ts';
import type { BitswapPeer } from './createBitswapPeer.ts';
import { loadLibp2p } from './loadLibp2p.ts';
import { BITSWAP, encodeMessage, prefixOf } from './message.ts';

const MiB = 1024 * 1024;
const listen = ['/ip4/127.0.0.1/tcp/0'];
const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.stop();
});
const kept = <T extends { stop(): Promise<void> }>(one: T): T => {
  open.push(one);
  return one;
};

async function peer(deadlineMs = 10_000): Promise<BitswapPeer & { blocks: BlockStore }> {
  const blocks = memoryBlocks();
  return { ...kept(await createBitswapPeer({ blocks, listen, deadlineMs })), blocks };
}

async function* content(fills: number[]): AsyncGenerator<Uint8Array> {
  for (const fill of fills) yield new Uint8Array(MiB).fill(fill);
  yield Uint8Array.of(9);
}

async function sizeOf(store: BlockStore, cid: string): Promise<number> {
  let size = 0;
  for await (const piece of createStorage(store).readFile({ cid })) size += piece.length;
  return size;
}

test('two peers exchange blocks; what is not there is told at once, and who is not there too', async () => {
  const [one, other] = [await peer(), await peer()];
  const { cid, size } = await createStorage(one.blocks).addFile({ content: content([1, 2, 3]) });
  const from = other.blocksOf(one.addresses()[0]!);
  expect([await sizeOf(from, cid), await from.has(parseCid(cid))]).toEqual([size, true]);
  const { cid: lost } = await createStorage(memoryBlocks()).addRaw(Uint8Array.of(1, 2, 3));
  expect(await from.has(parseCid(lost))).toBe(false);
  await expect(from.get(parseCid(lost))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(from.put(parseCid(lost), Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  await one.stop();
  await expect(from.get(parseCid(lost))).rejects.toMatchObject({ code: expect.stringMatching(/UNREACHABLE|TIMEOUT/) });
  for (const address of ['/ip4/127.0.0.1/tcp/4001', '/ip4/127.0.0.1/tcp/4001/p2p/', 'x']) expect(() => other.blocksOf(address)).toThrowError(expect.objectContaining({ code: 'UNSUPPORTED' }));
}, 60_000);

test('the same seed is the same peer', async () => {
  const seed = new Uint8Array(32).fill(7);
  const one = await createBitswapPeer({ blocks: memoryBlocks(), listen, seed });
  await one.stop();
  const again = kept(await createBitswapPeer({ blocks: memoryBlocks(), listen, seed }));
  expect([again.peerId, again.addresses()[0]]).toEqual([one.peerId, expect.stringContaining(`/p2p/${one.peerId}`)]);
}, 30_000);

test('a peer that sends other bytes than it was asked for is refused and left', async () => {
  const { start } = await loadLibp2p();
  const liar = await start({ listen, maxConnections: 10 });
  const wrong = new TextEncoder().encode('something else');
  await liar.handle(BITSWAP, async (_stream, { remotePeer }) => {
    const answer = await liar.dialProtocol(remotePeer, BITSWAP);
    answer.send(encodeMessage({ wants: [], blocks: [{ prefix: prefixOf(CID.parse('bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e')), data: wrong }], presences: [] }));
    await answer.close();
  });
  const ours = await peer();
  const { cid } = await createStorage(memoryBlocks()).addRaw(new TextEncoder().encode('as it was'));
  await expect(ours.blocksOf(liar.getMultiaddrs()[0]!.toString()).get(parseCid(cid))).rejects.toMatchObject({ code: 'MISMATCH', message: expect.stringContaining('not asked for') });
  await expect.poll(() => liar.getConnections().length).toBe(0);
  await liar.stop();
}, 30_000);

test('a silent peer is given up at the deadline', async () => {
  const { start } = await loadLibp2p();
  const silent = await start({ listen, maxConnections: 10 });
  await silent.handle(BITSWAP, () => undefined);
  const ours = await peer(500);
  const { cid } = await createStorage(memoryBlocks()).addRaw(Uint8Array.of(5));
  await expect(ours.blocksOf(silent.getMultiaddrs()[0]!.toString()).get(parseCid(cid))).rejects.toMatchObject({ code: 'TIMEOUT' });
  await silent.stop();
}, 30_000);

const program = findKubo();
test.skipIf(program === undefined)(program === undefined ? 'kubo exchanged no blocks by bitswap: there is none' : 'a real kubo fetches a file from here by bitswap, and we one from it', async () => {
  const kubo = kept(await startKubo(program!, { online: true }));
  const ours = await peer();
  const mine = await createStorage(ours.blocks).addFile({ content: content([4, 5]) });
  // Kubo has the same importer: what it adds has other bytes.
  const theirs = await kubo.add(new Uint8Array(2 * MiB + 3).fill(6));
  const from = ours.blocksOf(kubo.addresses[0]!);
  expect(await sizeOf(from, theirs)).toBe(2 * MiB + 3);
  const { cid: lost } = await createStorage(memoryBlocks()).addRaw(Uint8Array.of(1, 2, 3, 4));
  expect(await from.has(parseCid(lost))).toBe(false);
  await kubo.ipfs('swarm', 'connect', ours.addresses()[0]!);
  await kubo.ipfs('pin', 'add', '--progress=false', mine.cid);
  expect(await kubo.ipfs('pin', 'ls', mine.cid)).toContain('recursive');
  expect(JSON.parse(await kubo.ipfs('files', 'stat', '--enc=json', `/ipfs/${mine.cid}`))).toMatchObject({ Size: mine.size });
}, 120_000);
