import { randomBytes } from 'node:crypto';
import { extract } from 'tar-stream';
import { expect, test } from 'vitest';
import { tarOf } from './tar.ts';

async function unpack(archive: Blob): Promise<[path: string, content: Buffer][]> {
  const found: [string, Buffer][] = [];
  const reader = extract();
  reader.end(Buffer.from(await archive.arrayBuffer()));
  for await (const entry of reader) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(piece as Buffer);
    found.push([entry.header.name, Buffer.concat(pieces)]);
  }
  return found;
}

test('another reader finds every file under its whole path, with its bytes', async () => {
  // Around the length of a header's name, and where a record's length gains a digit.
  const paths = ['a.csv', 'größe/漢字.txt', ...[84, 85, 86, 98, 99, 100, 101, 102, 250, 979, 980, 981, 982, 983, 984].map((length) => `b/${'x'.repeat(length - 2)}`)];
  const files = paths.map((path, index): [string, Buffer<ArrayBuffer>] => [path, Buffer.from(randomBytes([0, 1, 511, 512, 513, 70_000][index % 6]!))]);
  const archive = new Blob(tarOf(files.map(([path, bytes]) => ({ path, content: new Blob([bytes]) })), 1_700_000_000));
  expect(archive.size % 512).toBe(0);
  expect(await unpack(archive)).toEqual(files);
});
