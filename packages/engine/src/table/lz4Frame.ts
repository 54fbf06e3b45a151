const MAGIC = 0x184d2204;
const UNCOMPRESSED = 0x80000000;

/**
 * The bytes of an LZ4 frame, of which there must be `length`. Blocks may look back into those before them; checksums are left to whoever holds the file, which has one of its own.
 * Source: LZ4 Frame Format 1.6.4, LZ4 Block Format.
 *
 * @throws RangeError for bytes that are no such frame
 */
export function readLz4Frame(bytes: Uint8Array, length: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new RangeError('no LZ4 frame');
  const flags = view.getUint8(4);
  const [version, checked, sized, named] = [flags >> 6, flags & 0x10, flags & 0x08, flags & 0x01];
  if (version !== 1 || named) throw new RangeError('an LZ4 frame of another kind');
  // Descriptor, size, checksum of the header.
  let at = 6 + (sized ? 8 : 0) + 1;
  const output = new Uint8Array(length);
  let filled = 0;
  for (let head = view.getUint32(at, true); head !== 0; head = view.getUint32(at, true)) {
    const size = head & ~UNCOMPRESSED;
    const block = bytes.subarray(at + 4, at + 4 + size);
    if (block.length !== size) throw new RangeError('an LZ4 block that is cut off');
    if (head >= UNCOMPRESSED) output.set(block, filled);
    filled = head >= UNCOMPRESSED ? filled + size : readBlock(block, output, filled);
    at += 4 + size + (checked ? 4 : 0);
  }
  if (filled !== length) throw new RangeError('an LZ4 frame of another length');
  return output;
}

/** Writes a block's bytes behind those that are there; gives where they end. */
function readBlock(block: Uint8Array, output: Uint8Array, start: number): number {
  let [at, to] = [0, start];
  const more = (nibble: number): number => {
    let sum = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; at += 1) {
      byte = block[at] ?? -1;
      if (byte < 0) throw new RangeError('an LZ4 block that is cut off');
      sum += byte;
    }
    return sum;
  };
  while (at < block.length) {
    const token = block[at] as number;
    at += 1;
    const literals = more(token >> 4);
    if (at + literals > block.length || to + literals > output.length) throw new RangeError('an LZ4 block that goes beyond its bytes');
    output.set(block.subarray(at, at + literals), to);
    [at, to] = [at + literals, to + literals];
    if (at === block.length) return to;
    const offset = (block[at] ?? 0) + (block[at + 1] ?? 0) * 256;
    at += 2;
    const length = more(token & 15) + 4;
    if (offset === 0 || offset > to || to + length > output.length) throw new RangeError('an LZ4 block that looks back too far');
    // A byte at a time: a match may overlap what it makes.
    for (const end = to + length; to < end; to += 1) output[to] = output[to - offset] as number;
  }
  return to;
}
