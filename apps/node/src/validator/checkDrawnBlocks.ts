import { randomInt } from 'node:crypto';
import { expectFact, refuseIfWrong } from './finding.ts';
import type { CheckContext } from './readContent.ts';

/**
 * Of a file with 5 % of its blocks missing, one validator finds it in 99.9 % of cases; of one with 1 %, a committee of five in 99.8 %. A block has at most 1 MiB,
 * so a round is decided in the time of 128 MiB, whatever the size: a deadline that does not grow must be met with a file that may.
 */
export const DRAWN_BLOCKS = 128;

/** As the manifest tells of it; `size` in bytes. */
export type SealedFile = { name: string; cid: string; size: number };

/**
 * Reads the blocks at {@link DRAWN_BLOCKS} places of the files, each byte as likely as another: they are there, have the digests of their CIDs and lie in files of the
 * sizes that are told. Nobody can know the places before, not from the chain either: whoever serves blocks could keep just those.
 */
export async function checkDrawnBlocks({ context, files }: { context: CheckContext; files: readonly SealedFile[] }): Promise<void> {
  const { storage } = context.setup.client;
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const places = Array.from({ length: DRAWN_BLOCKS }, () => randomInt(total)).toSorted((a, b) => a - b);
  let start = 0;
  for (const { name, cid, size } of files) {
    const offsets = places.filter((place) => place >= start && place < start + size).map((place) => place - start);
    start += size;
    if (offsets.length === 0) continue;
    const found = await refuseIfWrong(name, storage.fileSize(cid));
    expectFact(found === size, `${name} has ${found} bytes, the manifest says ${size}.`);
    for (const offset of offsets) await refuseIfWrong(name, readByte(context, cid, offset));
  }
}

async function readByte({ setup, signal }: CheckContext, cid: string, offset: number): Promise<void> {
  for await (const _ of setup.client.storage.readFile({ cid, offset, length: 1, signal }));
}
