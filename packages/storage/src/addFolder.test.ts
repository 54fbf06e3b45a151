import { createHash } from 'node:crypto';
import * as dagPb from '@ipld/dag-pb';
import { expect, test } from 'vitest';
import { createGateway } from './createGateway.ts';
import { addFile } from './addFile.ts';
import { addFolder, memoryBlocks, parseCid } from './index.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
}

const files = [{ path: 'index.html', content: text('<!doctype html>') }, { path: 'assets/a.js', content: text('let a') }, { path: 'assets/b.js', content: text('let b') }];

test('a folder is named by the names and bytes in it, in whatever order and pieces they come', async () => {
  const { cid } = await addFolder(memoryBlocks(), files);
  expect(cid).toMatch(/^bafybei/);
  expect(await addFolder(memoryBlocks(), files.toReversed().map(({ path, content }) => ({ path, content: pieces(content) })))).toEqual({ cid });
  expect(await addFolder(memoryBlocks(), [...files.slice(0, 2), { path: 'assets/c.js', content: text('let b') }])).not.toEqual({ cid });
  expect(await addFolder(memoryBlocks(), [...files.slice(0, 2), { path: 'assets/b.js', content: text('let c') }])).not.toEqual({ cid });
});

test('its links lead to the files, by the CIDs that they have alone', async () => {
  const blocks = memoryBlocks();
  const { cid } = await addFolder(blocks, files);
  const linksOf = async (name: string): Promise<Record<string, string>> => Object.fromEntries(dagPb.decode(await blocks.get(parseCid(name))).Links.map((link) => [link.Name ?? '', link.Hash.toString()]));
  const root = await linksOf(cid);
  expect(Object.keys(root)).toEqual(['assets', 'index.html']);
  expect(root['index.html']).toBe((await addFile(memoryBlocks(), { content: pieces(files[0]!.content) })).cid);
  expect(await linksOf(root['assets']!)).toEqual(Object.fromEntries(await Promise.all(files.slice(1).map(async ({ path, content }) => [path.slice(7), (await addFile(memoryBlocks(), { content: pieces(content) })).cid]))));
});

test('a gateway gives the whole folder as one CAR', async () => {
  const blocks = memoryBlocks();
  const { cid } = await addFolder(blocks, files);
  const { status, body } = await createGateway(blocks)({ method: 'GET', path: `/ipfs/${cid}`, headers: {}, query: { format: 'car' } });
  const bytes: Uint8Array[] = [];
  for await (const piece of body as AsyncIterable<Uint8Array>) bytes.push(piece);
  const car = Buffer.concat(bytes).toString('latin1');
  expect(status).toBe(200);
  for (const { content } of files) expect(car).toContain(createHash('sha256').update(content).digest().toString('latin1'));
});

test.each(['', '/etc/passwd', 'a//b', '../a', 'a/./b'])('the path "%s" is refused', async (path) => {
  await expect(addFolder(memoryBlocks(), [{ path, content: text('x') }])).rejects.toMatchObject({ code: 'UNSUPPORTED' });
});

test('a folder of nothing is refused', async () => {
  await expect(addFolder(memoryBlocks(), [])).rejects.toMatchObject({ code: 'UNSUPPORTED' });
});
