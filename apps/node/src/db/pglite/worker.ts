import { openAsBlob } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { cutBatches, endsIdle, errorAnswer, findDeadly, greeting, startupLength } from './frames.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/**
 * PGlite in its own thread. It has one session; many virtual connections share it. A batch of messages runs whole, and
 * a connection that has a transaction open keeps the session until the transaction ends.
 */

type Connection = { id: number; started: boolean; rest: Buffer; batches: Buffer[]; ended: boolean };

function openPort() {
  if (!parentPort) throw new Error('db/pglite/worker.ts runs as a worker thread only');
  return parentPort;
}

const port = openPort();
const send = (message: FromWorker): void => port.postMessage(message);
const { folder, image } = workerData as { folder: string; image?: string };

const connections = new Map<number, Connection>();
const queue = new Set<Connection>();
let owner: Connection | undefined;
let running = false;

async function main(): Promise<void> {
  const database = await PGlite.create(folder, { extensions: { pg_trgm }, relaxedDurability: false, ...(image === undefined ? {} : { loadDataDir: await openAsBlob(image) }) });
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'close') void close(database);
    else receive(database, message);
  });
  send({ kind: 'ready' });
}

async function close(database: PGlite): Promise<void> {
  await database.close();
  send({ kind: 'closed' });
}

function receive(database: PGlite, message: Exclude<ToWorker, { kind: 'close' }>): void {
  if (message.kind === 'open') {
    connections.set(message.connection, { id: message.connection, started: false, rest: Buffer.alloc(0), batches: [], ended: false });
    return;
  }
  const connection = connections.get(message.connection);
  if (!connection) return;
  if (message.kind === 'end') connection.ended = true;
  else take(connection, message.bytes);
  if (connection.batches.length > 0 || connection.ended) queue.add(connection);
  pump(database).catch((error: unknown) => setImmediate(() => { throw error; }));
}

function take(connection: Connection, bytes: Uint8Array): void {
  const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  connection.rest = connection.rest.length > 0 ? Buffer.concat([connection.rest, chunk]) : chunk;
  if (!connection.started) {
    const length = startupLength(connection.rest);
    if (length === undefined) return;
    connection.rest = connection.rest.subarray(length);
    connection.started = true;
    send({ kind: 'bytes', connection: connection.id, bytes: new Uint8Array(greeting) });
  }
  const { batches, rest, ended } = cutBatches(connection.rest);
  connection.batches.push(...batches);
  connection.rest = rest;
  connection.ended ||= ended;
}

async function pump(database: PGlite): Promise<void> {
  if (running) return;
  running = true;
  try {
    for (;;) {
      const connection = owner ?? queue.values().next().value;
      if (!connection || !queue.delete(connection)) break;
      await serve(database, connection);
    }
  } finally {
    running = false;
  }
}

async function serve(database: PGlite, connection: Connection): Promise<void> {
  const batch = connection.batches.shift();
  if (batch) {
    const answer = await run(database, batch);
    const deadly = findDeadly(answer);
    // Before anybody builds on what comes next: a start recovers what was acknowledged, from the log.
    if (deadly) throw new Error(`the database cannot write its log: ${deadly}`);
    owner = endsIdle(answer) ? undefined : connection;
    send({ kind: 'bytes', connection: connection.id, bytes: answer });
  }
  if (connection.batches.length > 0) queue.add(connection);
  else if (connection.ended) await forget(database, connection);
}

async function run(database: PGlite, batch: Buffer): Promise<Uint8Array> {
  try {
    // Copied: the answer lies in a buffer that PGlite may use again.
    return new Uint8Array(await database.execProtocolRaw(batch));
  } catch (error) {
    return errorAnswer(error instanceof Error ? error.message : String(error));
  }
}

/** A connection that ends inside a transaction must not keep the only session. */
async function forget(database: PGlite, connection: Connection): Promise<void> {
  connections.delete(connection.id);
  if (owner !== connection) return;
  await database.exec('ROLLBACK');
  owner = undefined;
}

main().catch((error: unknown) => send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }));
