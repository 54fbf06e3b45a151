import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { CarReader } from '@ipld/car';
import { createStorage, memoryBlocks } from '@neurodata/storage';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addBlockDoor } from '../../node/src/api/blockDoor.ts';
import { type Ran, runCommand } from './runCommand.ts';

/** The command against the doors of two nodes. */

let home = '';
const doors = [0, 1].map(() => ({ app: Fastify({ forceCloseConnections: true }), blocks: memoryBlocks(), url: '' }));

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'neurodata-storage-'));
  for (const door of doors) {
    addBlockDoor(door.app, { blocks: door.blocks, quotaBytes: 100_000_000 });
    door.url = await door.app.listen({ port: 0, host: '127.0.0.1' });
  }
});
afterAll(async () => {
  for (const { app } of doors) await app.close();
  await rm(home, { recursive: true, force: true });
});

const neurodata = (which: 0 | 1, ...words: string[]): Promise<Ran> => runCommand(words, { home, url: doors[which]!.url });

test('a file goes from one node to another as a CAR; one that was cut off is told from a whole one', async () => {
  const content = new Uint8Array(2_500_000).map((_, index) => (index * 7) % 251);
  const { cid } = await createStorage(doors[0]!.blocks).addFile({ content: (async function* () { yield content; })() });
  const exported = await neurodata(0, 'storage', 'export', cid, '--output', 'rows.car', '--json');
  expect(exported.code, exported.stderr).toBe(0);
  expect(JSON.parse(exported.stdout)).toMatchObject({ roots: [cid], blocks: 4 });
  const car = await readFile(path.join(home, 'rows.car'));
  expect((await (await CarReader.fromBytes(car)).getRoots()).map(String)).toEqual([cid]);

  await writeFile(path.join(home, 'cut.car'), car.subarray(0, 1_500_000));
  const cut = await neurodata(1, 'storage', 'import', 'cut.car', '--json');
  expect([cut.code, JSON.parse(cut.stdout)]).toMatchObject([1, { error: { code: 'CONTENT_MISMATCH' } }]);
  const imported = await neurodata(1, 'storage', 'import', 'rows.car', '--json');
  expect(imported.code, imported.stderr).toBe(0);
  expect(JSON.parse(imported.stdout)).toMatchObject({ version: 1, roots: [cid], blocks: 4, repeated: 0 });
  const there: Uint8Array[] = [];
  for await (const piece of createStorage(doors[1]!.blocks).readFile({ cid })) there.push(piece);
  expect(Buffer.compare(Buffer.concat(there), content)).toBe(0);

  const missing = await neurodata(1, 'storage', 'export', 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e', '--output', 'none.car', '--json');
  expect([missing.code, JSON.parse(missing.stdout)]).toMatchObject([1, { error: { code: 'NOT_FOUND' } }]);
  await expect(readFile(path.join(home, 'none.car'))).rejects.toThrow('ENOENT');
});
