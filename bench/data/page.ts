/** What the measuring page runs: a stream sealed by npm's age-encryption and by ours, in the same browser. */
import { Encrypter } from 'age-encryption';
import { createIdentity, encodeRecipient, sealToRecipients } from '@neurodata/sealing';

const PIECE_BYTES = 1 << 20;
const identity = createIdentity();
const piece = crypto.getRandomValues(new Uint8Array(65_536));
const whole = new Uint8Array(PIECE_BYTES);
for (let at = 0; at < PIECE_BYTES; at += piece.length) whole.set(piece, at);

async function* source(pieces: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < pieces; index += 1) yield whole;
}

/** Milliseconds for that many MiB. */
async function ours(pieces: number): Promise<number> {
  const started = performance.now();
  for await (const _ of sealToRecipients({ plaintext: source(pieces), recipients: [identity.publicKey] }));
  return performance.now() - started;
}

async function theirs(pieces: number): Promise<number> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(encodeRecipient(identity.publicKey));
  const iterator = source(pieces);
  const started = performance.now();
  const sealed = await encrypter.encrypt(new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
  }));
  const reader = sealed.getReader();
  while (!(await reader.read()).done);
  return performance.now() - started;
}

Object.assign(globalThis, { ours, theirs });
