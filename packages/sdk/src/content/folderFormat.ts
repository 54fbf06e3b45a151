import { findForbidden, findForbiddenEntry } from './forbiddenContent.ts';
import { refusedContent } from './content.ts';
import { imageFormat } from './identifyContent.ts';
import { hasMagic } from './magic.ts';

/** So many bytes of a file's beginning show what it is. */
export const FORMAT_HEAD_BYTES = 4096;

/** Beginnings of archives and packed files: what hides bytes from those who look. */
const packed: readonly (readonly number[])[] = [[0x50, 0x4b, 3, 4], [0x50, 0x4b, 5, 6], [0x1f, 0x8b], [0x42, 0x5a, 0x68], [0xfd, 0x37, 0x7a, 0x58], [0x28, 0xb5, 0x2f, 0xfd], [0x37, 0x7a, 0xbc, 0xaf], [0x52, 0x61, 0x72, 0x21]];
const textTypes: Readonly<Record<string, string>> = { csv: 'text/csv', tsv: 'text/csv', json: 'application/json', ndjson: 'application/x-ndjson', jsonl: 'application/x-ndjson', md: 'text/markdown' };
const tableTypes: ReadonlySet<string> = new Set(['text/csv', 'application/json', 'application/x-ndjson', 'application/vnd.apache.parquet', 'application/vnd.apache.arrow.file', 'application/vnd.apache.arrow.stream']);

/** Whether a file of a folder may be its main table, by its media type. */
export const isTableFormat = (format: string): boolean => tableTypes.has(format);

/**
 * The media type of a file in a folder: a table, an image or a text, by its first {@link FORMAT_HEAD_BYTES} and its last byte. Of texts the path's ending says what they are
 * read as, since any text could be a table. Throws `BAD_INPUT` for what is refused in archives too: programs, pickles, office documents, archives, whatever nobody can look into.
 */
export function folderFormat(parameters: { path: string; head: Uint8Array; last: Uint8Array }): string {
  const { path, head, last } = parameters;
  const named = JSON.stringify(path);
  const image = imageFormat(head);
  if (image) return `image/${image}`;
  if (hasMagic(head, 'PAR1')) return 'application/vnd.apache.parquet';
  if (hasMagic(head, 'ARROW1')) return 'application/vnd.apache.arrow.file';
  if (hasMagic(head, [255, 255, 255, 255])) return 'application/vnd.apache.arrow.stream';
  const entry = findForbiddenEntry(path);
  if (entry) throw refusedContent(`${named} may not be in a folder: it is, or may hold, what runs when it is opened.`, entry.remedy);
  const forbidden = head.length === 0 ? undefined : findForbidden(head, last);
  if (forbidden) throw refusedContent(`${named}: ${forbidden.reason}`, forbidden.remedy);
  if (packed.some((mark) => hasMagic(head, mark)) || hasMagic(head, 'ustar', 257)) throw refusedContent(`${named} is an archive.`, 'Unpack it: a folder keeps its files.');
  if (!isText(head)) throw refusedContent(`${named} is neither a table (CSV, JSON, NDJSON, Parquet, Arrow) nor an image (PNG, JPEG, WebP, GIF) nor a text in UTF-8.`, 'Leave that file out.');
  return textTypes[/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''] ?? 'text/plain';
}

function isText(head: Uint8Array): boolean {
  try {
    // oxlint-disable-next-line no-control-regex
    return !/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true }));
  } catch {
    return false;
  }
}
