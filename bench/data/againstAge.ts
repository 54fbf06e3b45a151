import { execFile, execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createIdentity, encodeRecipient, sealToRecipients } from '@neurodata/sealing';

const RUNS = 3;
const READ_BYTES = 1 << 20;

/** How many times as fast as the stock `age` command we seal a file to one recipient and to nowhere; undefined, and said why, where there is no such command. */
export async function sealingAgainstAge(file: string, bytes: number): Promise<number | undefined> {
  try {
    execFileSync('age', ['--version'], { stdio: 'ignore' });
  } catch {
    console.log('age: there is no `age` on PATH (Debian: apt-get install age), so sealing is not compared with it');
    return undefined;
  }
  const { publicKey } = createIdentity();
  const ours = await best(() => pipeline(createReadStream(file, { highWaterMark: READ_BYTES }), (plaintext: AsyncIterable<Uint8Array>) => sealToRecipients({ plaintext, recipients: [publicKey] }), createWriteStream('/dev/null')));
  const theirs = await best(() => promisify(execFile)('age', ['--encrypt', '-r', encodeRecipient(publicKey), '-o', '/dev/null', file]));
  console.log(`age: ours ${Math.round(bytes / 1e6 / ours)} MB/s, the stock command ${Math.round(bytes / 1e6 / theirs)} MB/s, its start among it`);
  return theirs / ours;
}

async function best(action: () => Promise<unknown>): Promise<number> {
  let seconds = Infinity;
  for (let run = 0; run < RUNS; run += 1) {
    const started = performance.now();
    await action();
    seconds = Math.min(seconds, (performance.now() - started) / 1000);
  }
  return seconds;
}
