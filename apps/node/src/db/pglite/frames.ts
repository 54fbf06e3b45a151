/** PostgreSQL wire protocol 3.0, as far as it takes to cut a byte stream into batches (postgresql.org/docs/current/protocol-message-formats.html). */

/** Messages after which the server must answer: Query, Sync, Flush, CopyDone, CopyFail, FunctionCall. */
const batchEnds = new Set(Array.from('QSHcfF', (type) => type.charCodeAt(0)));
const terminate = 'X'.charCodeAt(0);

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type, 0);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
};
const parameterStatus = (name: string, value: string): Buffer => message('S', Buffer.from(`${name}\0${value}\0`));

/** What a server says after a start-up message: authenticated, its parameters, ready and idle. */
export const greeting: Buffer = Buffer.concat([
  message('R', Buffer.alloc(4)),
  parameterStatus('server_version', '17.0'),
  parameterStatus('client_encoding', 'UTF8'),
  parameterStatus('standard_conforming_strings', 'on'),
  parameterStatus('DateStyle', 'ISO, MDY'),
  parameterStatus('TimeZone', 'UTC'),
  parameterStatus('integer_datetimes', 'on'),
  message('K', Buffer.alloc(8)),
  message('Z', Buffer.from('I')),
]);

/** An ErrorResponse followed by ReadyForQuery (idle). */
export function errorAnswer(text: string): Buffer {
  const fields = Buffer.from(`SERROR\0VERROR\0CXX000\0M${text.replaceAll('\0', '')}\0\0`);
  return Buffer.concat([message('E', fields), message('Z', Buffer.from('I'))]);
}

/**
 * What a server says that cannot write its log: whatever it answers from then on, a transaction may be lost or the next one wait for
 * ever. A PostgreSQL server would end itself (PANIC) and recover by its log; the embedded one goes on.
 */
const deadly = /could not (?:write to|fsync|fdatasync|open|create|extend) (?:log )?file "(?:pg_wal\/)?[0-9A-F]{24}[^\0]*/;

/** Why an answer is the last that can be trusted; undefined where it can. */
export function findDeadly(answer: Uint8Array): string | undefined {
  for (let at = 0; at + 5 <= answer.length;) {
    const view = Buffer.from(answer.buffer, answer.byteOffset + at, answer.length - at);
    const length = 1 + view.readInt32BE(1);
    if (view[0] === 'E'.charCodeAt(0)) {
      const found = deadly.exec(view.toString('utf8', 5, length));
      if (found) return found[0];
    }
    at += length;
  }
  return undefined;
}

export type Cut = { batches: Buffer[]; rest: Buffer; ended: boolean };

/** Cuts what has arrived into whole batches; `rest` is the start of the next one. */
export function cutBatches(bytes: Buffer): Cut {
  const batches: Buffer[] = [];
  let start = 0;
  let offset = 0;
  while (bytes.length - offset >= 5) {
    const length = 1 + bytes.readInt32BE(offset + 1);
    if (bytes.length - offset < length) break;
    const type = bytes[offset] ?? 0;
    offset += length;
    if (type === terminate) return { batches, rest: Buffer.alloc(0), ended: true };
    if (!batchEnds.has(type)) continue;
    batches.push(bytes.subarray(start, offset));
    start = offset;
  }
  return { batches, rest: bytes.subarray(start), ended: false };
}

/** Length of the start-up message at the head of `bytes`, or undefined while it is incomplete. */
export function startupLength(bytes: Buffer): number | undefined {
  if (bytes.length < 4) return undefined;
  const length = bytes.readInt32BE(0);
  return bytes.length < length ? undefined : length;
}

/** Whether an answer ends outside a transaction: its last message is ReadyForQuery with status idle. */
export function endsIdle(answer: Uint8Array): boolean {
  const at = answer.length - 6;
  return at >= 0 && answer[at] === 0x5a && answer[at + 4] === 5 && answer[at + 5] === 0x49;
}
