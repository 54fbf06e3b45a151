import { bytesReader, readHeader } from '@ipld/car/decoder';
import { varint } from 'multiformats';
import { CID } from 'multiformats/cid';
import { MAX_BLOCK_BYTES, checkBlock } from './BlockStore.ts';
import type { ByteReader } from './byteReader.ts';
import { byteReader } from './byteReader.ts';
import type { KnownBlock } from './carStream.ts';
import { IDENTITY, toHex } from './cids.ts';
import { StorageError } from './StorageError.ts';

/** Roots are counted in their tens; each takes some 40 bytes. */
const MAX_HEADER_BYTES = 64 * 1024;
const MAX_CID_BYTES = 128;

/** Characteristics, then where the CARv1 inside begins, how long it is, and where an index begins. */
const V2_HEADER_BYTES = 40;

export type OpenedCar = {
  version: 1 | 2;
  roots: CID[];
  /** Every block in the order of the file, each checked; duplicates come as often as they are there. */
  blocks: AsyncGenerator<KnownBlock>;
};

/**
 * Reads a CAR, version 1 or 2, as a stream: it never holds more than one block, whatever lengths the file tells. The index of a
 * CARv2 is passed over.
 *
 * @throws StorageError at once and from `blocks`: `MISMATCH` for what is no CAR, ends in the middle, or holds a block that is not what
 * its CID says (which it names), `TOO_LARGE` for a section over the limit, `UNSUPPORTED` for a version or hash that is not spoken.
 */
export async function readCar(source: AsyncIterable<Uint8Array>): Promise<OpenedCar> {
  const reader = byteReader(source);
  try {
    const pragma = await headerAt(reader);
    if (pragma.version === 1) return { version: 1, roots: pragma.roots, blocks: sections(reader, undefined) };
    const fixed = await reader.take(V2_HEADER_BYTES);
    const view = new DataView(fixed.buffer, fixed.byteOffset, fixed.byteLength);
    const [offset, size] = [Number(view.getBigUint64(16, true)), Number(view.getBigUint64(24, true))];
    if (offset < reader.position() || !Number.isSafeInteger(offset + size)) throw notCar('the CARv1 inside lies where it cannot');
    await reader.skip(offset - reader.position());
    const inner = await headerAt(reader);
    if (inner.version !== 1) throw notCar('there is no CARv1 inside');
    return { version: 2, roots: inner.roots, blocks: sections(reader, offset + size) };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

type Header = { version: 1; roots: CID[] } | { version: 2 };

/** What a CARv2 begins with, without its length: the map `{version: 2}`. */
const V2_PRAGMA = 'a16776657273696f6e02';

async function headerAt(reader: ByteReader): Promise<Header> {
  const length = await reader.varint();
  if (length === 0 || length > MAX_HEADER_BYTES) throw notCar(`its header would have ${length} bytes`);
  const bytes = await reader.take(length);
  if (bytes.length * 2 === V2_PRAGMA.length && toHex(bytes) === `0x${V2_PRAGMA}`) return { version: 2 };
  const framed = new Uint8Array(varint.encodingLength(length) + length);
  varint.encodeTo(length, framed);
  framed.set(bytes, framed.length - length);
  const decoded = await readHeader(bytesReader(framed), 1).catch((cause: unknown) => {
    throw notCar('its header does not decode', cause);
  });
  return { version: 1, roots: decoded.roots.map((root) => CID.decode(root.bytes)) };
}

/** `end`: where the blocks of a CARv2 end; what follows is an index. */
async function* sections(reader: ByteReader, end: number | undefined): AsyncGenerator<KnownBlock> {
  try {
    while (end === undefined ? !(await reader.atEnd()) : reader.position() < end) yield await section(reader);
    if (end !== undefined && reader.position() > end) throw notCar('a block reaches beyond the CARv1 inside');
  } finally {
    await reader.close();
  }
}

async function section(reader: ByteReader): Promise<KnownBlock> {
  const at = reader.position();
  const length = await reader.varint();
  if (length === 0) throw notCar(`there is an empty section at byte ${at}`);
  if (length > MAX_BLOCK_BYTES + MAX_CID_BYTES) throw new StorageError({ code: 'TOO_LARGE', message: `The section at byte ${at} of the CAR would have ${length} bytes; blocks of at most ${MAX_BLOCK_BYTES} are accepted. Import the file again in smaller chunks.` });
  const { cid, bytes } = split(await reader.take(length), at);
  if (cid.multihash.code !== IDENTITY) await checkBlock(cid, bytes);
  else if (bytes.length !== cid.multihash.digest.length || bytes.some((byte, index) => byte !== cid.multihash.digest[index])) throw notCar(`the block at byte ${at} is not what its CID holds`);
  return { cid, bytes };
}

function split(section: Uint8Array, at: number): KnownBlock {
  try {
    const [cid, bytes] = CID.decodeFirst(section);
    return { cid, bytes };
  } catch (cause) {
    throw notCar(`the section at byte ${at} begins with no CID`, cause);
  }
}

function notCar(why: string, cause?: unknown): StorageError {
  return new StorageError({ code: 'MISMATCH', cause, message: `This is no sound CAR: ${why}. Nothing after that was taken; get it again.` });
}
