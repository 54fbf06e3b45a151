import { NeuroError } from '@neurodata/protocol';

/** A file's bytes, wherever they lie. `read` gives fewer where the file ends. */
export type ContentSource = { size: number; read(offset: number, length: number): Promise<Uint8Array> };

/** What a file is, as its bytes show. */
export type Content =
  | { kind: 'table'; format: 'csv' | 'json' | 'ndjson' | 'parquet' | 'arrow' | 'arrow-stream'; mediaType: string }
  | { kind: 'model'; format: 'onnx' | 'safetensors' | 'neurodata-model'; mediaType: string }
  | { kind: 'archive'; format: 'zip' | 'tar' | 'gzip'; mediaType: string }
  | { kind: 'image'; format: 'png' | 'jpeg' | 'webp' | 'gif'; mediaType: string };

/** Bytes in memory as a source. */
export function contentOf(bytes: Uint8Array): ContentSource {
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

/** What is refused: why, and what to do. */
export function refusedContent(reason: string, remedy: string): NeuroError {
  return new NeuroError(reason, { code: 'BAD_INPUT', remedy });
}
