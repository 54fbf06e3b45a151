import { type NeuroError } from '@neurodata/protocol';
import { findForbidden, findForbiddenEntry, imageFormat, refusedContent } from '@neurodata/sdk';

export type ArchiveLimits = {
  /** 1,000,000 by default. */
  mostFiles?: number;
  /** Of all files together; 1 TiB by default. */
  mostBytes?: number;
  /** How many times the packed bytes all files together may have, once they have 16 MiB; 200 by default. */
  mostRatio?: number;
};

/** What an archive holds. `kinds`: how many files of each kind there are, like `png` or `text`. */
export type ArchiveReport = { files: number; bytes: number; kinds: Record<string, number> };

/** What is known of a file in an archive before its bytes are read. `link`: anything that is neither a file nor a folder, in words. */
export type ArchiveEntry = { name: string; folder: boolean; link?: string };

export type ArchiveLedger = {
  /** The entry's plain name; undefined for the root. @throws NeuroError BAD_INPUT for tricks */
  admit(entry: ArchiveEntry): string | undefined;
  /** Reads a file to its end and counts it. @throws NeuroError BAD_INPUT */
  take(name: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  report(): ArchiveReport;
};

const HEAD_BYTES = 4096;
const RATIO_FROM_BYTES = 16 * 2 ** 20;
const [LONGEST_NAME, LONGEST_PART] = [1000, 255];
/** Beginnings of archives and packed files: what hides bytes from those who look. */
const packed: readonly (readonly number[])[] = [[0x50, 0x4b, 3, 4], [0x50, 0x4b, 5, 6], [0x1f, 0x8b], [0x42, 0x5a, 0x68], [0xfd, 0x37, 0x7a, 0x58], [0x28, 0xb5, 0x2f, 0xfd], [0x37, 0x7a, 0xbc, 0xaf], [0x52, 0x61, 0x72, 0x21]];

/** Keeps account of an archive's entries: names without tricks, files that are images or texts, sizes within limits. `packedBytes`: how many bytes were read so far, or lie in the archive. */
export function createArchiveLedger(packedBytes: () => number, limits: ArchiveLimits = {}): ArchiveLedger {
  const { mostFiles = 1_000_000, mostBytes = 2 ** 40, mostRatio = 200 } = limits;
  const known = new Map<string, { name: string; kind: 'file' | 'folder' }>();
  const kinds: Record<string, number> = {};
  let [files, bytes] = [0, 0];
  const count = (length: number): void => {
    bytes += length;
    if (bytes > mostBytes) throw refused(`The archive unpacks to more than ${mostBytes} bytes.`, 'Split it into several.');
    if (bytes > RATIO_FROM_BYTES && bytes > packedBytes() * mostRatio) throw refused(`The archive unpacks to more than ${mostRatio} times its size: it is made to fill disks.`, 'Publish the files in another form.');
  };
  return {
    admit: ({ name, folder, link }) => {
      if (link !== undefined) throw refused(`The archive holds ${link}: ${JSON.stringify(name)}.`, 'Pack files and folders only.');
      const plain = plainName(name, folder);
      if (plain === undefined) return undefined;
      expectNew(known, plain, folder ? 'folder' : 'file');
      if (folder) return plain;
      files += 1;
      if (files > mostFiles) throw refused(`The archive holds more than ${mostFiles} files.`, 'Split it into several.');
      const forbidden = findForbiddenEntry(plain);
      if (forbidden) throw refused(forbidden.reason, forbidden.remedy);
      return plain;
    },
    take: async (name, content) => {
      const { head, last } = await readThrough(content, count);
      const kind = kindOf(name, head, last);
      kinds[kind] = (kinds[kind] ?? 0) + 1;
    },
    report: () => {
      if (files === 0) throw refused('The archive is empty.', 'Pack the files that you want to publish.');
      return { files, bytes, kinds };
    },
  };
}

export function refused(reason: string, remedy: string): NeuroError {
  return refusedContent(reason, remedy);
}

/** @throws NeuroError BAD_INPUT for names that mean something else on another system, or lie outside of the archive's folder */
function plainName(name: string, folder: boolean): string | undefined {
  const tricks = (problem: string): NeuroError => refused(`The archive holds a name ${problem}: ${JSON.stringify(name.slice(0, 200))}.`, 'Pack a folder of files with plain names.');
  // oxlint-disable-next-line no-control-regex
  if (/[\0-\x1f\x7f]/.test(name)) throw tricks('with control characters');
  if (name.includes('\\')) throw tricks('with a backslash');
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) throw tricks('that begins at the root');
  if (!name.isWellFormed() || name.includes('\uFFFD')) throw tricks('that is no text');
  if (name.length > LONGEST_NAME) throw tricks(`of more than ${LONGEST_NAME} characters`);
  const parts = name.replace(/^(\.\/)+/, '').replace(folder ? /\/+$/ : /$^/, '').split('/');
  if (folder && (name === '.' || (parts.length === 1 && parts[0] === ''))) return undefined;
  if (parts.includes('..')) throw tricks('that leads out of its folder');
  if (parts.some((part) => part === '' || part === '.')) throw tricks('with an empty part');
  if (parts.some((part) => part.length > LONGEST_PART)) throw tricks(`with a part of more than ${LONGEST_PART} characters`);
  if (parts.some((part) => /[. ]$/.test(part))) throw tricks('that ends with a blank or a full stop');
  return parts.join('/');
}

/** Two names that are one on systems that do not tell letters' case apart, or a file where a folder is. */
function expectNew(known: Map<string, { name: string; kind: 'file' | 'folder' }>, name: string, kind: 'file' | 'folder'): void {
  const parts = name.split('/');
  for (let length = 1; length <= parts.length; length += 1) {
    const path = parts.slice(0, length).join('/');
    const last = length === parts.length;
    const here = last ? kind : 'folder';
    const key = path.normalize('NFC').toLowerCase();
    const before = known.get(key);
    if (before && (before.name !== path || before.kind !== here || (last && kind === 'file'))) {
      throw refused(`The archive holds two entries that are one elsewhere: ${JSON.stringify(before.name)} and ${JSON.stringify(path)}.`, 'Give every file a name of its own, whatever its case.');
    }
    if (!before) known.set(key, { name: path, kind: here });
  }
}

async function readThrough(content: AsyncIterable<Uint8Array>, count: (length: number) => void): Promise<{ head: Uint8Array; last: Uint8Array }> {
  const head = new Uint8Array(HEAD_BYTES);
  let held = 0;
  let last = new Uint8Array();
  for await (const piece of content) {
    count(piece.length);
    if (held < HEAD_BYTES) head.set(piece.subarray(0, HEAD_BYTES - held), held);
    held += piece.length;
    if (piece.length > 0) last = Uint8Array.from(piece.subarray(-1));
  }
  return { head: head.subarray(0, Math.min(held, HEAD_BYTES)), last };
}

/** An image's format, or `text`. @throws NeuroError BAD_INPUT for anything else */
function kindOf(name: string, head: Uint8Array, last: Uint8Array): string {
  const image = imageFormat(head);
  if (image) return image;
  const forbidden = findForbidden(head, last);
  if (forbidden) throw refused(`${JSON.stringify(name)} in the archive: ${forbidden.reason}`, forbidden.remedy);
  if (packed.some((mark) => mark.every((byte, at) => head[at] === byte)) || new TextDecoder('latin1').decode(head.subarray(257, 262)) === 'ustar') throw refused(`The archive holds an archive: ${JSON.stringify(name)}.`, 'Unpack it first: an archive in an archive hides what it holds.');
  if (!isText(head)) throw refused(`The archive holds what is neither an image (PNG, JPEG, WebP, GIF) nor a text: ${JSON.stringify(name)}.`, 'Leave that file out.');
  return 'text';
}

function isText(head: Uint8Array): boolean {
  try {
    // oxlint-disable-next-line no-control-regex
    return !/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true }));
  } catch {
    return false;
  }
}
