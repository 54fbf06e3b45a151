import { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { NeuroError } from '@neurodata/protocol';
import type { FromWorker, ToWorker } from './messages.ts';

export type Pglite = {
  /** One virtual connection, with the methods of `net.Socket` that `pg` calls. */
  connect(): Duplex;
  close(): Promise<void>;
};

/**
 * Starts PGlite in a worker thread over `folder` (`memory://` keeps nothing), which begins with the files in `image` where that is given.
 *
 * @throws NeuroError INTERNAL where the folder holds no usable database.
 */
export async function openPglite(parameters: { folder: string; image: string | undefined; onDeath: (error: Error) => void }): Promise<Pglite> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { folder: parameters.folder, image: parameters.image } });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  const post = (message: ToWorker): void => worker.postMessage(message);
  const sockets = new Map<number, Duplex>();
  await started(worker, parameters.folder);

  let closing: PromiseWithResolvers<void> | undefined;
  let dead = false;
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'closed') closing?.resolve();
    if (message.kind === 'bytes') sockets.get(message.connection)?.push(Buffer.from(message.bytes.buffer, message.bytes.byteOffset, message.bytes.byteLength));
  });
  const died = (error: Error): void => {
    if (dead) return;
    dead = true;
    for (const socket of sockets.values()) socket.destroy(error);
    if (closing) closing.resolve();
    else parameters.onDeath(error);
  };
  worker.on('error', died);
  worker.on('exit', (code) => died(new Error(`the database thread ended with code ${code}`)));

  let next = 0;
  const connect = (): Duplex => {
    next += 1;
    const id = next;
    const socket = createSocket({ id, post, forget: () => sockets.delete(id) });
    sockets.set(id, socket);
    return socket;
  };
  const close = async (): Promise<void> => {
    if (dead) return;
    if (closing) return closing.promise;
    closing = Promise.withResolvers<void>();
    post({ kind: 'close' });
    await closing.promise;
    await worker.terminate();
  };
  return { connect, close };
}

function started(worker: Worker, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void =>
      reject(new NeuroError(`The database in ${folder} cannot be opened.`, { code: 'INTERNAL', cause, details: String(cause), remedy: 'Is another node using this folder? Otherwise restore it from a copy.' }));
    worker.once('error', fail);
    worker.once('message', (message: FromWorker) => {
      worker.off('error', fail);
      if (message.kind === 'ready') resolve();
      else fail(message.kind === 'failed' ? message.message : message.kind);
    });
  });
}

function createSocket(parameters: { id: number; post: (message: ToWorker) => void; forget: () => void }): Duplex {
  const { id, post, forget } = parameters;
  let ended = false;
  const end = (): void => {
    if (!ended) post({ kind: 'end', connection: id });
    ended = true;
  };
  const socket = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      post({ kind: 'bytes', connection: id, bytes: new Uint8Array(chunk) });
      done();
    },
    // A query's messages come together and go together.
    writev: (chunks, done) => {
      post({ kind: 'bytes', connection: id, bytes: new Uint8Array(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer))) });
      done();
    },
    final: (done) => {
      end();
      socket.push(null);
      done();
    },
    destroy: (error, done) => {
      end();
      forget();
      done(error);
    },
  });
  const self = () => socket;
  return Object.assign(socket, {
    connect: () => {
      post({ kind: 'open', connection: id });
      queueMicrotask(() => socket.emit('connect'));
      return socket;
    },
    setNoDelay: self, setKeepAlive: self, setTimeout: self, ref: self, unref: self,
  });
}
