import { createReadStream } from 'node:fs';
import { extract } from 'tar-stream';

/** The files of a tar archive, in its order. */
export async function unpackTar(file: string): Promise<[path: string, bytes: Buffer][]> {
  const found: [string, Buffer][] = [];
  for await (const entry of createReadStream(file).pipe(extract())) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(piece as Buffer);
    found.push([entry.header.name, Buffer.concat(pieces)]);
  }
  return found;
}
