import { type Content, type ContentSource, refusedContent } from './content.ts';
import { findForbidden, findForbiddenEntry } from './forbiddenContent.ts';
import { isOnnx } from './isOnnx.ts';
import { hasMagic } from './magic.ts';
import { MOST_HEADER_BYTES, readSafetensors } from './safetensors.ts';

const HEAD_BYTES = 1 << 16;

/**
 * What a file is: its bytes decide, never its name. Tables (CSV of any dialect, JSON, NDJSON, Parquet, Arrow), models (ONNX, safetensors, the engine's own),
 * archives and images are known; of safetensors the whole header is checked. What is in an archive is for whoever opens it.
 *
 * @example const { kind, format } = await identifyContent(contentOf(bytes));
 * @throws NeuroError BAD_INPUT for programs, pickles, spreadsheets and whatever else is not published, each with its reason and what to do instead
 */
export async function identifyContent(source: ContentSource): Promise<Content> {
  if (source.size === 0) throw refusedContent('The file is empty.', 'Choose a file with content.');
  const head = await source.read(0, HEAD_BYTES);
  const tail = source.size > head.length ? await source.read(source.size - 1, 1) : head;
  const forbidden = findForbidden(head, tail);
  if (forbidden) throw refusedContent(forbidden.reason, forbidden.remedy);
  const known = byMagic(head) ?? (await modelOf(source, head)) ?? textOf(head, source.size);
  if (known) return known;
  if (isOldText(head)) throw refusedContent('The file looks like text and is not valid UTF-8.', 'Save it as UTF-8 and try again.');
  throw refusedContent('What the file is, its bytes do not show.', 'Publish a table (CSV, JSON, NDJSON, Parquet, Arrow), a model (ONNX, safetensors) or a zip or tar.gz of images or texts.');
}

function byMagic(head: Uint8Array): Content | undefined {
  if (hasMagic(head, 'PAR1')) return { kind: 'table', format: 'parquet', mediaType: 'application/vnd.apache.parquet' };
  if (hasMagic(head, 'ARROW1')) return { kind: 'table', format: 'arrow', mediaType: 'application/vnd.apache.arrow.file' };
  if (hasMagic(head, [255, 255, 255, 255])) return { kind: 'table', format: 'arrow-stream', mediaType: 'application/vnd.apache.arrow.stream' };
  if (hasMagic(head, 'NDM2')) return { kind: 'model', format: 'neurodata-model', mediaType: 'application/vnd.neurodata.model' };
  if (hasMagic(head, 'PK\x03\x04') || hasMagic(head, 'PK\x05\x06')) return zipOf(head);
  if (hasMagic(head, [0x1f, 0x8b])) return { kind: 'archive', format: 'gzip', mediaType: 'application/gzip' };
  if (hasMagic(head, 'ustar', 257)) return { kind: 'archive', format: 'tar', mediaType: 'application/x-tar' };
  const image = imageFormat(head);
  return image && { kind: 'image', format: image, mediaType: `image/${image}` };
}

/** An image's format by its first bytes. */
export function imageFormat(head: Uint8Array): 'png' | 'jpeg' | 'webp' | 'gif' | undefined {
  if (hasMagic(head, '\x89PNG\r\n\x1a\n')) return 'png';
  if (hasMagic(head, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (hasMagic(head, 'GIF87a') || hasMagic(head, 'GIF89a')) return 'gif';
  return hasMagic(head, 'RIFF') && hasMagic(head, 'WEBP', 8) ? 'webp' : undefined;
}

/** A zip file, unless its first entry shows it to be a spreadsheet, a program or a pickled model. */
function zipOf(head: Uint8Array): Content {
  const length = (head[26] ?? 0) + (head[27] ?? 0) * 256;
  const name = new TextDecoder('latin1').decode(head.subarray(30, 30 + length));
  const isDocument = name === 'mimetype' && new TextDecoder('latin1').decode(head.subarray(30 + length, 120 + length)).includes('opendocument');
  const forbidden = findForbiddenEntry(isDocument ? 'content.xml' : name);
  if (forbidden) throw refusedContent(forbidden.reason, forbidden.remedy);
  return { kind: 'archive', format: 'zip', mediaType: 'application/zip' };
}

async function modelOf(source: ContentSource, head: Uint8Array): Promise<Content | undefined> {
  // A length of the header below 2^40, and its first brace.
  if (head[8] === 0x7b && head[5] === 0 && head[6] === 0 && head[7] === 0) {
    const length = new DataView(head.buffer, head.byteOffset).getUint32(0, true) + (head[4] ?? 0) * 2 ** 32;
    if (length > MOST_HEADER_BYTES || 8 + length > source.size) throw refusedContent(`The file is no whole safetensors file: it says that its header has ${length} bytes, and has ${source.size} itself.`, 'Save the model again.');
    readSafetensors(await source.read(8, length), source.size);
    return { kind: 'model', format: 'safetensors', mediaType: 'application/x-safetensors' };
  }
  return (await isOnnx(source)) ? { kind: 'model', format: 'onnx', mediaType: 'application/onnx' } : undefined;
}

/** Text is a table: CSV where it is no JSON. */
function textOf(head: Uint8Array, size: number): Content | undefined {
  const text = decode(head, size > head.length);
  if (text === undefined) return undefined;
  const [first] = text.trimStart();
  if (first === '[') return { kind: 'table', format: 'json', mediaType: 'application/json' };
  return first === '{' ? { kind: 'table', format: 'ndjson', mediaType: 'application/x-ndjson' } : { kind: 'table', format: 'csv', mediaType: 'text/csv' };
}

/** UTF-8 or UTF-16 without control characters; undefined for anything else. */
function decode(head: Uint8Array, cut: boolean): string | undefined {
  const encoding = wideEncoding(head) ?? 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(head, { stream: cut });
    // oxlint-disable-next-line no-control-regex
    return /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Latin-1 and the like: most is plain letters, and nothing controls anything. */
function isOldText(head: Uint8Array): boolean {
  let plain = 0;
  for (const byte of head) {
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) return false;
    if (byte < 127) plain += 1;
  }
  return plain >= head.length * 0.7;
}

/** As the engine's reader of tables tells it: by the mark, or by the NULs of plain letters. */
function wideEncoding(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (hasMagic(head, [0xff, 0xfe])) return 'utf-16le';
  if (hasMagic(head, [0xfe, 0xff])) return 'utf-16be';
  const start = head.subarray(0, 512);
  if (start.length < 4) return undefined;
  const nuls = [0, 0];
  for (const [at, byte] of start.entries()) if (byte === 0) nuls[at % 2] = (nuls[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  if (odd > start.length * 0.35 && even === 0) return 'utf-16le';
  return even > start.length * 0.35 && odd === 0 ? 'utf-16be' : undefined;
}
