import { createCipheriv, randomBytes } from 'node:crypto';
import { combineShares, createContentHasher, createFileKey, createIdentity, createKeyset, seal, splitSecret, thresholdStanza, unseal } from '@neurodata/sealing';
import { portableAead } from '../packages/sealing/src/aead.ts';

const MEGABYTE = 1_000_000;
const PIECE = 1024 * 1024;
const SIZE = 256 * PIECE;
const REPEATS = 3;

/** Sealing speeds in MB/s (10^6 bytes of plaintext, one thread), their ratios to the raw cipher, memory in MiB, key work in ms. */
export type SealingFigures = {
  rawMBps: number; portableMBps: number; sealMBps: number; unsealMBps: number; contentHashMBps: number;
  sealRatio: number; unsealRatio: number; peakGrowthMiB: number;
  split5of9Ms: number; keyset9Ms: number; combine5Ms: number;
};

const piece = new Uint8Array(randomBytes(PIECE));

async function* source(): AsyncGenerator<Uint8Array> {
  for (let given = 0; given < SIZE; given += PIECE) yield piece;
}

/** OpenSSL's ChaCha20-Poly1305 through node:crypto in one stream of 64 KiB updates: what the machine can do. */
async function rawCipher(): Promise<void> {
  const cipher = createCipheriv('chacha20-poly1305', randomBytes(32), randomBytes(12), { authTagLength: 16 });
  for await (const bytes of source()) {
    for (let at = 0; at < bytes.length; at += 65_536) cipher.update(bytes.subarray(at, at + 65_536));
  }
  cipher.final();
}

/** What browsers run: the cipher in plain JavaScript, on a sixteenth of the bytes. */
async function portableCipher(): Promise<void> {
  const key = new Uint8Array(randomBytes(32));
  for (let at = 0; at < SIZE / 16; at += 65_536) portableAead.seal(key, new Uint8Array(12), piece.subarray(0, 65_536));
}

async function drain(stream: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of stream);
}

/** The best of a few runs in seconds: other work on the machine only ever slows a run down. */
async function best(action: () => Promise<void>): Promise<number> {
  let seconds = Infinity;
  for (let run = 0; run < REPEATS; run++) {
    const start = performance.now();
    await action();
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  return seconds;
}

async function measureKeys(): Promise<{ split5of9Ms: number; keyset9Ms: number; combine5Ms: number }> {
  const split = splitSecret({ threshold: 5, count: 9 });
  const members = split.shares.map((_, validatorId) => ({ validatorId, recipient: createIdentity().publicKey }));
  const ms = async (action: () => unknown): Promise<number> => 1000 * await best(async () => void await action());
  return {
    split5of9Ms: await ms(() => splitSecret({ threshold: 5, count: 9 })),
    keyset9Ms: await ms(() => createKeyset({ split, members, binding: '0x00' })),
    combine5Ms: await ms(() => combineShares(split.shares.slice(0, 5), split.commitments)),
  };
}

/** Measures sealing of 256 MiB from memory to nowhere, against the raw cipher, and prints the figures. */
export async function run(): Promise<SealingFigures> {
  const { secret } = splitSecret({ threshold: 3, count: 5 });
  const fileKey = createFileKey();
  const stanzas = [thresholdStanza({ secret, fileKey, keysetDigest: `0x${'00'.repeat(32)}` })];
  const sealed = (): AsyncIterable<Uint8Array> => seal({ plaintext: source(), fileKey, stanzas });

  const raw = await best(rawCipher);
  const before = process.memoryUsage.rss();
  let peak = before;
  const watched = async (): Promise<void> => {
    for await (const _ of sealed()) peak = Math.max(peak, process.memoryUsage.rss());
  };
  await watched();
  const sealing = await best(() => drain(sealed()));
  const file = await piecesOf(sealed());
  const unsealing = await best(() => drain(unseal({ ciphertext: replay(file), thresholdSecret: secret })));
  const hashing = await best(async () => {
    const hasher = createContentHasher(secret);
    for await (const bytes of source()) hasher.update(bytes);
    hasher.finish();
  });
  const speed = (seconds: number): number => Math.round(SIZE / MEGABYTE / seconds);
  const figures = {
    rawMBps: speed(raw), portableMBps: speed(16 * await best(portableCipher)), sealMBps: speed(sealing), unsealMBps: speed(unsealing), contentHashMBps: speed(hashing),
    sealRatio: raw / sealing, unsealRatio: raw / unsealing, peakGrowthMiB: Math.round((peak - before) / 1024 ** 2),
    ...await measureKeys(),
  };
  print(figures);
  return figures;
}

/** In pieces as a disk gives them. */
async function piecesOf(sealed: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const bytes: Uint8Array[] = [];
  for await (const one of sealed) bytes.push(one);
  const file = Buffer.concat(bytes);
  return Array.from({ length: Math.ceil(file.length / PIECE) }, (_, index) => new Uint8Array(file.subarray(index * PIECE, (index + 1) * PIECE)));
}

async function* replay(file: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* file;
}

function print(figures: SealingFigures): void {
  const { rawMBps, sealMBps, unsealMBps, sealRatio, unsealRatio } = figures;
  console.log(`sealing: raw ChaCha20-Poly1305 ${rawMBps} MB/s; seal ${sealMBps} MB/s (${sealRatio.toFixed(2)} of raw); unseal ${unsealMBps} MB/s (${unsealRatio.toFixed(2)} of raw)`);
  console.log(`sealing: the portable cipher that browsers run ${figures.portableMBps} MB/s here`);
  console.log(`sealing: content digests ${figures.contentHashMBps} MB/s; memory grew by ${figures.peakGrowthMiB} MiB while sealing ${SIZE / 1024 ** 2} MiB`);
  console.log(`sealing: split 5 of 9 in ${figures.split5of9Ms.toFixed(1)} ms, keyset of 9 in ${figures.keyset9Ms.toFixed(1)} ms, check and combine 5 in ${figures.combine5Ms.toFixed(1)} ms`);
}

if (import.meta.main) await run();
