import { createSha256 } from '@neurodata/protocol';
import { FORMAT_HEAD_BYTES, folderFormat } from '../content/folderFormat.ts';
import type { PlainFile } from './sealFolderFile.ts';

/** Reads a file of a folder to its end: size, digest, and what it is. Throws `BAD_INPUT` for what is refused in a folder, or what `content` throws. */
export async function lookAtFile(parameters: { path: string; content: AsyncIterable<Uint8Array>; /** Bytes so far. */ onProgress?: (bytes: number) => void }): Promise<PlainFile> {
  const { path, content, onProgress } = parameters;
  const hash = createSha256();
  const head = new Uint8Array(FORMAT_HEAD_BYTES);
  let size = 0;
  let last: Uint8Array = new Uint8Array();
  for await (const piece of content) {
    hash.update(piece);
    if (size < FORMAT_HEAD_BYTES) head.set(piece.subarray(0, FORMAT_HEAD_BYTES - size), size);
    if (piece.length > 0) last = piece.slice(-1);
    size += piece.length;
    onProgress?.(size);
  }
  return { path, format: folderFormat({ path, head: head.subarray(0, Math.min(size, FORMAT_HEAD_BYTES)), last }), size, sha256: hash.hex() };
}
