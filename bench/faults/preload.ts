/**
 * Loaded into every node of a campaign (`node --import`) before its own code: what the outside does to a process. Reads
 * the weather file that the campaign writes; without an entry for this node nothing is changed.
 */
import { readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandomNumbers } from '../engine/randomNumbers.ts';
import type { Skies } from './weather.ts';

const file = process.env['FAULTS_WEATHER'];
const name = path.basename(process.env['NEURODATA_HOME'] ?? '');
const random = createRandomNumbers([...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), Number(process.env['FAULTS_SEED'] ?? 1))).uniform;
const LOOK_EVERY_MS = 100;

let skies: Skies = {};
let changedAt = 0;
let lookAt = 0;

function weather(): Skies[string] {
  if (file === undefined || performance.now() < lookAt) return skies[name];
  lookAt = performance.now() + LOOK_EVERY_MS;
  try {
    const { mtimeMs } = statSync(file);
    if (mtimeMs !== changedAt) skies = JSON.parse(readFileSync(file, 'utf8')) as Skies;
    changedAt = mtimeMs;
  } catch {
    // Written anew at this moment: the last one holds.
  }
  return skies[name];
}

const RealDate = Date;

/** A clock that is wrong by what the weather says. */
class SkewedDate extends RealDate {
  constructor(...parts: []) {
    // Any of Date's own forms; only "now" is another.
    if (parts.length === 0) super(SkewedDate.now());
    else super(...parts);
  }

  static override now(): number {
    return RealDate.now() + (weather()?.skewMs ?? 0);
  }
}
globalThis.Date = SkewedDate as DateConstructor;

const realFetch = globalThis.fetch;
const lost = (): TypeError => new TypeError('fetch failed', { cause: new Error('the request was lost on its way') });

globalThis.fetch = async (input, init) => {
  const now = weather();
  if (!now) return realFetch(input, init);
  if (now.delayMs) await sleep(random() * now.delayMs, undefined, init?.signal ? { signal: init.signal } : {});
  if (random() < (now.drop ?? 0)) throw lost();
  const repeatable = init?.body === undefined || typeof init.body === 'string';
  if (repeatable && random() < (now.duplicate ?? 0)) void realFetch(input, init).then((answer) => answer.arrayBuffer(), () => undefined);
  const answer = await realFetch(input, init);
  if (random() >= (now.lose ?? 0)) return answer;
  await answer.body?.cancel();
  throw lost();
};

// A storage gateway that lies: one bit of what it sends as a block.
const { write, end } = http.ServerResponse.prototype;
function flipped(response: http.ServerResponse, piece: unknown): unknown {
  const serves = response.req?.url?.startsWith('/ipfs/') && response.statusCode === 200;
  if (!serves || !(piece instanceof Uint8Array) || piece.length === 0 || random() >= (weather()?.flip ?? 0)) return piece;
  const bytes = Buffer.from(piece);
  bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8);
  return bytes;
}
http.ServerResponse.prototype.write = function flippedWrite(this: http.ServerResponse, piece: unknown, ...rest: unknown[]) {
  return Reflect.apply(write, this, [flipped(this, piece), ...rest]) as boolean;
};
http.ServerResponse.prototype.end = function flippedEnd(this: http.ServerResponse, piece?: unknown, ...rest: unknown[]) {
  return Reflect.apply(end, this, [flipped(this, piece), ...rest]) as http.ServerResponse;
};
