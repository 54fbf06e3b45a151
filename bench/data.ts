import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startStack } from '../e2e/stack.ts';
import { sealingAgainstAge } from './data/againstAge.ts';
import { makeTable } from './data/makeTable.ts';
import { publishByTerminal } from './data/publishByTerminal.ts';
import { run as measureSealing } from './sealing.ts';

/** Ratios: above 1 we are faster; null where the other one is not on this machine, or where it was left out. MB are 10^6 bytes. */
export type DataFigures = {
  sealVsRaw: number; unsealVsRaw: number; sealVsAge: number | null; browserVsAgeEncryption: number | null;
  publishMBps: number; publishRssMB: number | null; carMBps: number; rangeReadMs: number;
};

const MOST_CHILD_BYTES = 1 << 20;
const RANGES = 50;

/**
 * How fast data goes in and out, and in how much memory: `npm run bench -- data [--size 1G] [--skip-browser] [--browser-upload]`. Sealing against the raw cipher, the stock `age` command and npm's
 * age-encryption in Chromium; a table published by the terminal (described, sealed, cut, stored, registered) on a throw-away stack; its blocks as one CAR, each checked; ranges of 64 KiB of it. `--browser-upload`
 * publishes the table from the site's form too, and says how much memory the browser counted. Files lie in a temporary folder, which goes at the end. The last line is JSON.
 */
export async function run(): Promise<DataFigures> {
  const { values } = parseArgs({ args: process.argv.slice(3), strict: true, options: { size: { type: 'string', default: '1G' }, 'skip-browser': { type: 'boolean', default: false }, 'browser-upload': { type: 'boolean', default: false } } });
  const size = bytesOf(values.size);
  const sealing = await measureSealing();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-data-'));
  try {
    const file = path.join(folder, 'table.csv');
    step(`writing a table of ${values.size}`);
    const rows = await makeTable(file, size);
    const { size: bytes } = await stat(file);
    console.log(`table: ${rows} rows, ${bytes} bytes`);
    step('sealing against age');
    const sealVsAge = await sealingAgainstAge(file, bytes);
    const moved = await publishAndRead({ file, bytes, home: path.join(folder, 'terminal') });
    step(values['skip-browser'] ? 'leaving the browser out' : 'sealing in Chromium');
    // The browser's tools are loaded where they are needed only.
    const browserVsAgeEncryption = values['skip-browser'] ? undefined : await (await import('./data/inBrowser.ts')).sealingInBrowser();
    if (values['browser-upload']) {
      step('publishing from the site');
      const { describeSeconds, publishSeconds, countedMB, residentMB } = await (await import('./data/uploadInBrowser.ts')).uploadInBrowser(file);
      console.log(`site: described in ${describeSeconds.toFixed(1)} s, published in ${publishSeconds.toFixed(1)} s; page and workers held ${Math.round(countedMB)} MB at most (wanted: 300), their process ${residentMB === undefined ? 'is not known here' : `${Math.round(residentMB)} MB`}`);
    }
    const figures: DataFigures = { sealVsRaw: rounded(sealing.sealRatio), unsealVsRaw: rounded(sealing.unsealRatio), sealVsAge: sealVsAge === undefined ? null : rounded(sealVsAge), browserVsAgeEncryption: browserVsAgeEncryption === undefined ? null : rounded(browserVsAgeEncryption), ...moved };
    console.log(JSON.stringify(figures));
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Moved = Pick<DataFigures, 'publishMBps' | 'publishRssMB' | 'carMBps' | 'rangeReadMs'>;

async function publishAndRead({ file, bytes, home }: { file: string; bytes: number; home: string }): Promise<Moved> {
  step('starting a stack');
  const stack = await startStack();
  try {
    const { url } = stack.node;
    step('publishing');
    const { seconds, rssMB, cid, manifestCid } = await publishByTerminal({ file, url, home });
    console.log(`publish: ${seconds.toFixed(1)} s from the command's start to the chain, ${Math.round(bytes / 1e6 / seconds)} MB/s, ${rssMB === undefined ? 'memory not known here' : `${Math.round(rssMB)} MB of memory at most`}`);
    step('fetching it as a CAR');
    const car = await ask<{ bytes: number; seconds: number }>('fetchCar.ts', [url, cid]);
    console.log(`car: ${car.bytes} bytes of blocks in ${car.seconds.toFixed(1)} s, each checked`);
    step('reading ranges');
    const times = (await ask<number[]>('readRanges.ts', [url, manifestCid, String(RANGES)])).toSorted((a, b) => a - b);
    const at = (part: number): number => times[Math.floor(part * (times.length - 1))] ?? NaN;
    console.log(`ranges: ${at(0.5).toFixed(1)} ms at the median, ${at(0.95).toFixed(1)} at 95 %, ${at(1).toFixed(1)} at most`);
    return { publishMBps: Math.round(bytes / 1e6 / seconds), publishRssMB: rssMB === undefined ? null : Math.round(rssMB), carMBps: Math.round(car.bytes / 1e6 / car.seconds), rangeReadMs: rounded(at(0.5)) };
  } finally {
    await stack.stop();
  }
}

/** Runs a script beside this process, which the node runs in, and gives the JSON that it prints. */
function ask<Answer>(script: string, words: string[]): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  execFile(process.execPath, [path.join(import.meta.dirname, 'data', script), ...words], { maxBuffer: MOST_CHILD_BYTES }, (error, output, said) => {
    if (error) reject(new Error(`${script} failed: ${said.slice(-2_000)}`, { cause: error }));
    else resolve(JSON.parse(output) as Answer);
  });
  return promise;
}

function step(what: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${what}\n`);
}

/** "100M" or "1G", in powers of ten. */
function bytesOf(text: string): number {
  const [, number, unit = ''] = /^(\d+)([KMG]?)$/.exec(text) ?? [];
  const bytes = Number(number) * { '': 1, K: 1e3, M: 1e6, G: 1e9 }[unit as '' | 'K' | 'M' | 'G'];
  if (!(bytes >= 1e6)) throw new Error(`--size takes a number with K, M or G behind it, 1M or more, not ${text}.`);
  return bytes;
}

const rounded = (figure: number): number => Number(figure.toPrecision(3));
