/** Bytes of a header, and what a file is filled up to. */
const BLOCK = 512;
/** Octal digits that a header has for a size; a larger one stands in an extended header. */
const MOST_SIZE = 8 ** 11 - 1;

/**
 * A tar archive in pieces, as POSIX has it (pax interchange format): every file under its whole path, in UTF-8. `modified` in Unix seconds, of all of them.
 *
 * @example new Blob(tarOf([{ path: 'birds/rows.csv', content }], 0), { type: 'application/x-tar' })
 */
export function tarOf(files: readonly { path: string; content: Blob }[], modified: number): BlobPart[] {
  const parts = files.flatMap(({ path, content }): BlobPart[] => {
    const extended = extendedOf(path, content.size);
    const large = extended.length === 0 ? [] : [header({ name: 'pax_header', size: extended.length, kind: 'x', modified }), extended, padding(extended.length)];
    return [...large, header({ name: path, size: content.size, kind: '0', modified }), content, padding(content.size)];
  });
  return [...parts, new Uint8Array(2 * BLOCK)];
}

const utf8 = new TextEncoder();

function header({ name, size, kind, modified }: { name: string; size: number; kind: '0' | 'x'; modified: number }): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(BLOCK);
  const put = (at: number, text: string): void => bytes.set(utf8.encode(text), at);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  bytes.set(utf8.encode(name).subarray(0, 100));
  put(100, octal(0o644, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(Math.min(size, MOST_SIZE), 11));
  put(136, octal(modified, 11));
  // The checksum counts its own place as blanks.
  put(148, ' '.repeat(8));
  put(156, kind);
  put(257, 'ustar\x0000');
  put(148, `${octal(bytes.reduce((sum, byte) => sum + byte, 0), 6)} `);
  return bytes;
}

/** What a header has no room for: a path that is long or not ASCII, a size of 8 GiB and more. */
function extendedOf(path: string, size: number): Uint8Array<ArrayBuffer> {
  // oxlint-disable-next-line no-control-regex
  const plain = path.length <= 100 && /^[\x20-\x7e]*$/.test(path);
  return utf8.encode(`${plain ? '' : record('path', path)}${size > MOST_SIZE ? record('size', String(size)) : ''}`);
}

/** "30 path=...\n": each record begins with its own length in bytes. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = utf8.encode(rest).length;
  const length = bytes + String(bytes).length;
  return `${String(length).length === String(bytes).length ? length : length + 1}${rest}`;
}

const padding = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
