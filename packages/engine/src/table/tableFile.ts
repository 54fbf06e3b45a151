/** A table's file whose bytes can be asked for at any place: on disk, in a browser, in memory. What is read is no shorter than asked for. */
export type TableFile = { size: number; read(offset: number, length: number): Promise<Uint8Array> };

export function tableFileOf(source: Uint8Array | TableFile): TableFile {
  return source instanceof Uint8Array ? { size: source.length, read: async (offset, length) => source.subarray(offset, offset + length) } : source;
}
