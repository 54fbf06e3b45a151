/** From the pool's thread to the database's. `connection` numbers one virtual connection. */
export type ToWorker =
  | { kind: 'open'; connection: number }
  | { kind: 'bytes'; connection: number; bytes: Uint8Array }
  | { kind: 'end'; connection: number }
  | { kind: 'close' };

export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'failed'; message: string }
  | { kind: 'bytes'; connection: number; bytes: Uint8Array }
  | { kind: 'closed' };
