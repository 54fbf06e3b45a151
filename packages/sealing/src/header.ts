import { base64nopad } from '@scure/base';
import { concat, equalBytes, utf8 } from './bytes.ts';
import { hkdfSha256, hmacSha256 } from './digest.ts';
import { SealingError } from './errors.ts';

/** One way to get at the file key: `-> type args...` and a base64 body (age v1, "Recipient stanza"). */
export type Stanza = { type: string; args: string[]; body: Uint8Array };

/** A stanza as something that wraps a file key. */
export type KeyWrap = { stanza: Stanza };

/** A parsed header: `authenticated` is what the MAC covers, `headerLength` the offset of the payload nonce. */
export type Header = { stanzas: Stanza[]; mac: Uint8Array; authenticated: Uint8Array; headerLength: number };

const INTRO = 'age-encryption.org/v1\n';
const INTRO_BYTES = utf8(INTRO);
const BODY_COLUMNS = 64;
const NEWLINE = 0x0a;
const DASH = 0x2d;

/** Headers longer than this are refused, so that a stranger's file cannot fill the memory (about 550 recipients). */
export const MAX_HEADER_LENGTH = 64 * 1024;

function bad(message: string): SealingError {
  return new SealingError('BAD_HEADER', `${message}; this is not an intact age v1 file.`);
}

/** Writes header and MAC. Throws `BAD_HEADER` when a stanza cannot be written. */
export function encodeHeader(fileKey: Uint8Array, stanzas: Stanza[]): Uint8Array {
  if (stanzas.length === 0) throw bad('A header needs at least one stanza');
  const authenticated = utf8(`${INTRO}${stanzas.map(encodeStanza).join('')}---`);
  const mac = base64nopad.encode(headerMac(fileKey, authenticated));
  const header = concat(authenticated, utf8(` ${mac}\n`));
  if (header.length > MAX_HEADER_LENGTH) throw bad(`The header would be ${header.length} bytes, at most ${MAX_HEADER_LENGTH} are read back: use fewer recipients`);
  return header;
}

function encodeStanza(stanza: Stanza): string {
  const words = [stanza.type, ...stanza.args];
  for (const word of words) if (!isWord(word)) throw bad('A stanza argument must be visible ASCII without spaces');
  const body = base64nopad.encode(stanza.body);
  const lines: string[] = [];
  // A body that fills its last line is followed by an empty one: a short line ends the stanza.
  for (let at = 0; at <= body.length; at += BODY_COLUMNS) lines.push(body.slice(at, at + BODY_COLUMNS));
  return `-> ${words.join(' ')}\n${lines.join('\n')}\n`;
}

function isWord(word: string): boolean {
  return /^[\x21-\x7e]+$/.test(word);
}

function headerMac(fileKey: Uint8Array, authenticated: Uint8Array): Uint8Array {
  const key = hkdfSha256({ secret: fileKey, salt: new Uint8Array(0), info: utf8('header') });
  return hmacSha256(key, authenticated);
}

/** Whether `fileKey` made the MAC of this header; compared in constant time. */
export function matchesMac(header: Header, fileKey: Uint8Array): boolean {
  return equalBytes(headerMac(fileKey, header.authenticated), header.mac);
}

/**
 * Where the header ends, or undefined when `bytes` holds only the beginning of one.
 * Throws `BAD_HEADER` as soon as it is certain that this is no header.
 */
export function findHeaderEnd(bytes: Uint8Array): number | undefined {
  const intro = Math.min(bytes.length, INTRO_BYTES.length);
  if (!equalBytes(bytes.subarray(0, intro), INTRO_BYTES.subarray(0, intro))) throw bad('The first line is not "age-encryption.org/v1"');
  let line = INTRO_BYTES.length;
  while (line < bytes.length) {
    const end = bytes.indexOf(NEWLINE, line);
    const length = (end === -1 ? bytes.length : end + 1);
    if (length > MAX_HEADER_LENGTH) throw bad(`The header is longer than ${MAX_HEADER_LENGTH} bytes`);
    if (end === -1) return undefined;
    if (bytes[line] === DASH && bytes[line + 1] === DASH) return length;
    line = length;
  }
  return undefined;
}

/** Parses a header at the start of `bytes`; the rest is not looked at. The MAC is not checked here. */
export function parseHeader(bytes: Uint8Array): Header {
  const headerLength = findHeaderEnd(bytes);
  if (headerLength === undefined) throw new SealingError('TRUNCATED', 'The file ends inside its header; fetch it again, whole.');
  const lines = decodeAscii(bytes.subarray(INTRO_BYTES.length, headerLength - 1)).split('\n');
  const footer = /^--- ([A-Za-z0-9+/]{43})$/.exec(lines.pop() ?? '');
  if (!footer?.[1]) throw bad('The header does not end in "--- " and a MAC');
  const mac = decodeBase64(footer[1]);
  const stanzas = parseStanzas(lines);
  if (stanzas.length > 1 && stanzas.some((stanza) => stanza.type === 'scrypt')) throw bad('A passphrase stanza must stand alone');
  return { stanzas, mac, authenticated: bytes.subarray(0, headerLength - 45), headerLength };
}

function parseStanzas(lines: string[]): Stanza[] {
  const stanzas: Stanza[] = [];
  for (let at = 0; at < lines.length;) {
    const [arrow, type, ...args] = (lines[at++] ?? '').split(' ');
    if (arrow !== '->' || type === undefined || ![type, ...args].every(isWord)) throw bad('A stanza does not start with "-> " and words');
    let body = '';
    for (let full = true; full;) {
      const line = lines[at++];
      if (line === undefined || line.length > BODY_COLUMNS) throw bad('A stanza body has a missing or overlong line');
      body += line;
      full = line.length === BODY_COLUMNS;
    }
    stanzas.push({ type, args, body: decodeBase64(body) });
  }
  if (stanzas.length === 0) throw bad('The header has no stanza');
  return stanzas;
}

function decodeAscii(bytes: Uint8Array): string {
  if (bytes.some((byte) => byte > 0x7e)) throw bad('The header holds a byte that is not ASCII');
  return new TextDecoder().decode(bytes);
}

/** Unpadded, canonical base64. Throws `BAD_HEADER` otherwise. */
export function decodeBase64(text: string): Uint8Array {
  try {
    return base64nopad.decode(text);
  } catch {
    throw bad('The header holds base64 that is padded, not canonical or no base64');
  }
}

/**
 * Reads the stanzas of a sealed file from its first bytes, without any key.
 * Throws `BAD_HEADER`, or `TRUNCATED` when `bytes` ends inside the header. Nothing is authenticated yet.
 */
export function readHeader(bytes: Uint8Array): { stanzas: Stanza[]; headerLength: number } {
  const { stanzas, headerLength } = parseHeader(bytes);
  return { stanzas, headerLength };
}
