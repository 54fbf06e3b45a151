import { EngineError } from '../errors.ts';
import { type CsvDialect, encodingOf, isPlainDialect, sniffCsvDialect } from './csvDialect.ts';

const [QUOTE, COMMA, LINE_FEED, CARRIAGE_RETURN] = [34, 44, 10, 13];

/**
 * A table of delimited text as this engine reads it: UTF-8, commas, double quotes. The same bytes where it is that already. Values do not change: fields that
 * hold commas are put in quotes, and so are texts with quotes of the other kind.
 *
 * @throws EngineError NOT_UTF8 for UTF-16 that is none
 */
export function plainCsv(bytes: Uint8Array, dialect: CsvDialect = sniffCsvDialect(bytes)): Uint8Array {
  const text = utf8Of(bytes);
  return isPlainDialect({ ...dialect, encoding: 'utf-8' }) ? text : rewrite(text, dialect);
}

/** Text in UTF-8: the same bytes where it is not UTF-16. @throws EngineError NOT_UTF8 */
export function utf8Of(bytes: Uint8Array): Uint8Array {
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-8') return bytes;
  const decoder = new TextDecoder(encoding, { fatal: true });
  const encoder = new TextEncoder();
  const output = createOutput(bytes.length);
  try {
    for (let at = 0; at < bytes.length; at += PIECE) output.push(encoder.encode(decoder.decode(bytes.subarray(at, at + PIECE), { stream: true })));
    output.push(encoder.encode(decoder.decode()));
  } catch (cause) {
    throw new EngineError('NOT_UTF8', 'The file begins as UTF-16 and is not valid UTF-16: save it as UTF-8 and try again.', { cause });
  }
  return output.finish();
}

const PIECE = 1 << 20;

function rewrite(bytes: Uint8Array, dialect: CsvDialect): Uint8Array {
  const [delimiter, quote] = [dialect.delimiter.charCodeAt(0), dialect.quote.charCodeAt(0)];
  const output = createOutput(bytes.length);
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length) {
    const quoted = bytes[at] === quote;
    const end = quoted ? endOfQuoted(bytes, at + 1, quote) : endOfPlain(bytes, at, delimiter);
    // A quote that is never closed: what reads it says so.
    if (end < 0) {
      output.byte(QUOTE);
      output.push(bytes.subarray(at + 1));
      break;
    }
    putField(output, { field: bytes.subarray(quoted ? at + 1 : at, end), quoted, quote });
    at = quoted ? end + 1 : end;
    // What stands between a closing quote and the field's end is kept, so that its reader refuses it.
    const next = endOfPlain(bytes, at, delimiter);
    output.push(bytes.subarray(at, next));
    at = next;
    if (at === bytes.length) break;
    const stop = bytes[at] as number;
    output.byte(stop === delimiter ? COMMA : stop);
    at += 1;
    if (stop === CARRIAGE_RETURN && bytes[at] === LINE_FEED) {
      output.byte(LINE_FEED);
      at += 1;
    }
  }
  return output.finish();
}

function endOfPlain(bytes: Uint8Array, start: number, delimiter: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== delimiter && bytes[at] !== LINE_FEED && bytes[at] !== CARRIAGE_RETURN) at += 1;
  return at;
}

/** Where the closing quote stands; -1 where none does. */
function endOfQuoted(bytes: Uint8Array, start: number, quote: number): number {
  let at = bytes.indexOf(quote, start);
  while (at >= 0 && bytes[at + 1] === quote) at = bytes.indexOf(quote, at + 2);
  return at;
}

function putField(output: Output, { field, quoted, quote }: { field: Uint8Array; quoted: boolean; quote: number }): void {
  if (quoted && quote === QUOTE) {
    output.byte(QUOTE);
    output.push(field);
    output.byte(QUOTE);
    return;
  }
  if (!quoted && !field.includes(COMMA) && !field.includes(QUOTE)) {
    output.push(field);
    return;
  }
  output.byte(QUOTE);
  for (let at = 0; at < field.length; at += 1) {
    const byte = field[at] as number;
    output.byte(byte);
    if (byte === QUOTE) output.byte(QUOTE);
    if (quoted && byte === quote && field[at + 1] === quote) at += 1;
  }
  output.byte(QUOTE);
}

type Output = { push(bytes: Uint8Array): void; byte(byte: number): void; finish(): Uint8Array };

/** Bytes that grow. */
function createOutput(expected: number): Output {
  let held = new Uint8Array(Math.max(64, expected + (expected >> 3)));
  let used = 0;
  const room = (more: number): void => {
    if (used + more <= held.length) return;
    const larger = new Uint8Array(Math.max(held.length * 2, used + more));
    larger.set(held.subarray(0, used));
    held = larger;
  };
  return {
    push: (bytes) => {
      room(bytes.length);
      held.set(bytes, used);
      used += bytes.length;
    },
    byte: (byte) => {
      room(1);
      held[used] = byte;
      used += 1;
    },
    finish: () => held.subarray(0, used),
  };
}
