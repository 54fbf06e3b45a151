import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findKubo, startKubo } from '../test/startKubo.ts';
import type { Kubo } from '../test/startKubo.ts';
import { createStorage, gatewayBlocks, memoryBlocks, parseCid } from './index.ts';
import { kuboTarget } from './node.ts';

const MiB = 1024 * 1024;

const blocks = memoryBlocks();
const storage = createStorage(blocks);

async function* content(): AsyncGenerator<Uint8Array> {
  for (const fill of [1, 2, 1, 3]) yield new Uint8Array(MiB).fill(fill);
  yield Uint8Array.of(9);
}

const program = findKubo();
if (program !== undefined) {
  let kubo: Kubo;
  let [rpc, gateway] = ['', ''];
  beforeAll(async () => {
    kubo = await startKubo(program);
    ({ rpc, gateway } = kubo);
  }, 120_000);
  afterAll(() => kubo?.stop());

  test('a real kubo takes a file as a CAR, pins it, has the same CID for it, and lets it go', async () => {
    const { cid, size } = await storage.addFile({ content: content() });
    const target = kuboTarget({ url: rpc, blocks });
    expect(await target.check()).toMatch(/^127\.0\.0\.1:\d+, kubo\/0\.\d+\.\d+.*, peer 12D3\w+, keeps \d+ blocks in \d+ bytes$/);
    expect(await target.status({ cid, id: cid })).toMatchObject({ state: 'none' });
    expect(await target.pin({ cid, name: 'asset 7 v1' })).toMatchObject({ cid, state: 'pinned' });
    expect(await target.pin({ cid, name: 'asset 7 v1' })).toMatchObject({ state: 'pinned' });
    const listed = [];
    for await (const pin of target.list()) listed.push(pin);
    // Kubo pins an empty directory of its own.
    expect(listed).toContainEqual({ cid, id: cid, name: 'asset 7 v1', state: 'pinned' });
    // Read back through its gateway, every block checked; and what it would name the same bytes.
    const back = createStorage(gatewayBlocks({ url: gateway }));
    let read = 0;
    for await (const piece of back.readFile({ cid })) read += piece.length;
    expect(read).toBe(size);
    const form = new FormData();
    const all: Uint8Array[] = [];
    for await (const piece of content()) all.push(piece);
    form.append('file', new Blob([new Uint8Array(Buffer.concat(all))]));
    const added = await fetch(`${rpc}/api/v0/add?cid-version=1&raw-leaves=true&chunker=size-1048576&max-file-links=1024&only-hash=true`, { method: 'POST', body: form });
    expect(((await added.json()) as { Hash: string }).Hash).toBe(cid);
    await target.unpin({ cid, id: cid });
    await target.unpin({ cid, id: cid });
    expect(await target.status({ cid, id: cid })).toMatchObject({ state: 'none' });
  }, 60_000);

  test('a graph of which a block is missing here is refused with its CID, and not pinned there', async () => {
    const { cid } = await createStorage(blocks).addFile({ content: (async function* () { for (const fill of [21, 22, 23]) yield new Uint8Array(MiB).fill(fill); })() });
    const { cid: leaf } = await createStorage(memoryBlocks()).addRaw(new Uint8Array(MiB).fill(23));
    const holed = { ...blocks, get: (one: Parameters<typeof blocks.get>[0]) => (one.toString() === leaf ? memoryBlocks().get(one) : blocks.get(one)) };
    const target = kuboTarget({ url: rpc, blocks: holed });
    await expect(target.pin({ cid, name: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND', cid: leaf });
    expect(await target.status({ cid, id: cid })).toMatchObject({ state: 'none' });
  }, 60_000);
}

test('what is no kubo, refuses, fails or is silent has its code', async () => {
  let answer: [number, string] = [404, 'not found'];
  const server = createServer((request, response) => {
    request.resume();
    if (answer[0] > 0) response.writeHead(answer[0]).end(answer[1]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const target = kuboTarget({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, blocks, deadlineMs: 3_000, authorization: 'Bearer a-secret' });
  const { cid } = await storage.addRaw(Uint8Array.of(1));
  for (const [status, text, code] of [[404, 'not found', 'UNREACHABLE'], [403, '403 - Forbidden', 'UNSUPPORTED'], [500, '{"Message":"disk full","Code":0,"Type":"error"}', 'UNREACHABLE'], [200, '<html>', 'UNREACHABLE'], [502, 'proxy', 'UNREACHABLE'], [0, '', 'TIMEOUT']] as const) {
    answer = [status, text];
    const error = await target.check().catch((thrown: unknown) => thrown) as { code: string; message: string };
    expect(error, String(status)).toMatchObject({ code });
    expect(error.message).not.toContain('a-secret');
  }
  answer = [500, '{"Message":"pin/ls: something else","Code":0,"Type":"error"}'];
  await expect(target.status({ cid, id: cid })).rejects.toMatchObject({ code: 'UNREACHABLE' });
  server.closeAllConnections();
  server.close();
  await expect(target.check()).rejects.toMatchObject({ code: 'UNREACHABLE' });
  expect(parseCid(cid).toString()).toBe(cid);
});
