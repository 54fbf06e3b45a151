import { NeuroError } from '@neurodata/protocol';
import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Header, extract } from 'tar-stream';
import { type ArchiveEntry, type ArchiveLimits, type ArchiveReport, createArchiveLedger, refused } from './archiveLedger.ts';

const words: Readonly<Record<string, string>> = { link: 'a hard link', symlink: 'a symbolic link', 'character-device': 'a device', 'block-device': 'a device', fifo: 'a pipe' };

/**
 * Reads a tar file of images and texts to its end, as {@link inspectZip} does; `gzip`: one that is packed so.
 *
 * @throws NeuroError BAD_INPUT naming the entry and what to do
 */
export async function inspectTar(file: string, { gzip, ...limits }: ArchiveLimits & { gzip: boolean }): Promise<ArchiveReport> {
  let read = 0;
  const ledger = createArchiveLedger(() => read, limits);
  let unpacked = 0;
  const packedBytes = counting((length) => {
    read += length;
  });
  // Zeros behind the archive's end are no file's, and can be as many as a bomb wants.
  const unpackedBytes = counting((length) => {
    unpacked += length;
    return unpacked > BOMB_FROM_BYTES && unpacked > read * (limits.mostRatio ?? 200) ? refused('The archive unpacks to very many times its size: it is made to fill disks.', 'Publish the files in another form.') : undefined;
  });
  const tar = extract();
  const fed = gzip ? pipeline(createReadStream(file), packedBytes, createGunzip(), unpackedBytes, tar) : pipeline(createReadStream(file), packedBytes, tar);
  // What goes wrong while it is fed ends the loop below too, and is told there.
  fed.catch(() => undefined);
  try {
    for await (const entry of tar) {
      const name = ledger.admit(describe(entry.header));
      if (name === undefined || entry.header.type === 'directory') entry.resume();
      else await ledger.take(name, entry as unknown as AsyncIterable<Uint8Array>);
    }
    await fed;
  } catch (error) {
    if (error instanceof NeuroError) throw error;
    throw new NeuroError(gzip ? 'The gzip file holds no tar file that can be read to its end.' : 'The tar file cannot be read to its end.', { code: 'BAD_INPUT', remedy: gzip ? 'Unpack it, or pack a folder as tar.gz.' : 'Pack the files again.', details: error instanceof Error ? error.message : String(error), cause: error });
  } finally {
    tar.destroy();
  }
  return ledger.report();
}

const BOMB_FROM_BYTES = 2 ** 26;

function counting(count: (length: number) => Error | undefined | void): Transform {
  return new Transform({ transform: (piece: Buffer, _, done) => done(count(piece.length) ?? null, piece) });
}

function describe({ name, type }: Header): ArchiveEntry {
  const folder = type === 'directory';
  if (folder || type === 'file') return { name, folder };
  return { name, folder: false, link: words[type ?? ''] ?? 'something that is no file' };
}

