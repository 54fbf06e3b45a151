import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startStack } from '../e2e/stack.ts';
import { sealingAgainstAge } from './data/againstAge.ts';
import { makeTable } from './data/makeTable.ts';
import { type Stage, publishByTerminal } from './data/publishByTerminal.ts';
import { run as measureSealing } from './sealing.ts';

/** Ratios: above 1 we are faster. Null where the other one is not on this machine, and for what was left out. MB are 10^6 bytes. */
export type DataFigures = Record<'sealVsRaw' | 'unsealVsRaw' | 'sealVsAge' | 'browserVsAgeEncryption' | 'publishMBps' | 'publishRssMB' | 'carMBps' | 'rangeReadMs', number | null>;

const CASES = ['sealing', 'age', 'publish', 'car', 'ranges', 'browser'] as const;
type Case = (typeof CASES)[number];

const MOST_CHILD_BYTES = 1 << 20;
const RANGES = 50;

/**
 * How fast data goes in and out, and in how much memory: `npm run bench -- data [case ...] [--size 1G] [--skip-browser] [--browser-upload]`, where cases are {@link CASES}. Sealing against the raw cipher, the stock `age` command and npm's
 * age-encryption in Chromium; a table published by the terminal (described, sealed, cut, stored, registered) on a throw-away stack; its blocks as one CAR, each checked; ranges of 64 KiB of it. `--browser-upload`
 * publishes the table from the site's form too, and says how much memory the browser counted. Files lie in a temporary folder, which goes at the end. The last line is JSON.
 */
export async function run(): Promise<DataFigures> {
  const { values, positionals } = parseArgs({ args: process.argv.slice(3), strict: true, allowPositionals: true, options: { size: { type: 'string', default: '1G' }, 'skip-browser': { type: 'boolean', default: false }, 'browser-upload': { type: 'boolean', default: false } } });
  const size = bytesOf(values.size);
  const cases = casesOf(positionals, values['skip-browser']);
  const sealing = cases.has('sealing') ? await measureSealing() : undefined;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-data-'));
  try {
    const file = path.join(folder, 'table.csv');
    step(`writing a table of ${values.size}`);
    const rows = await makeTable(file, size);
    const { size: bytes } = await stat(file);
    console.log(`table: ${rows} rows, ${bytes} bytes`);
    step(`measuring ${[...cases].join(', ')}`);
    const sealVsAge = cases.has('age') ? await sealingAgainstAge(file, bytes) : undefined;
    const moved = NEED_STACK.some((one) => cases.has(one)) ? await publishAndRead({ file, bytes, home: path.join(folder, 'terminal'), cases }) : undefined;
    // The browser's tools are loaded where they are needed only.
    const browserVsAgeEncryption = cases.has('browser') ? await (await import('./data/inBrowser.ts')).sealingInBrowser() : undefined;
    if (values['browser-upload']) {
      step('publishing from the site');
      const { describeSeconds, publishSeconds, countedMB, residentMB } = await (await import('./data/uploadInBrowser.ts')).uploadInBrowser(file);
      console.log(`site: described in ${describeSeconds.toFixed(1)} s, published in ${publishSeconds.toFixed(1)} s; page and workers held ${Math.round(countedMB)} MB at most (wanted: 300), their process ${residentMB === undefined ? 'is not known here' : `${Math.round(residentMB)} MB`}`);
    }
    const figures: DataFigures = {
      sealVsRaw: rounded(sealing?.sealRatio), unsealVsRaw: rounded(sealing?.unsealRatio), sealVsAge: rounded(sealVsAge), browserVsAgeEncryption: rounded(browserVsAgeEncryption),
      publishMBps: whole(moved?.publishMBps), publishRssMB: whole(moved?.publishRssMB), carMBps: whole(moved?.carMBps), rangeReadMs: rounded(moved?.rangeReadMs),
    };
    console.log(JSON.stringify(figures));
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function casesOf(words: readonly string[], skipBrowser: boolean): ReadonlySet<Case> {
  const stray = words.find((word) => !CASES.some((one) => one === word));
  if (stray !== undefined) throw new Error(`There is no case ${stray}: the cases are ${CASES.join(', ')}.`);
  return new Set(CASES.filter((one) => (words.length === 0 ? one !== 'browser' || !skipBrowser : words.includes(one))));
}

/** What is fetched and read was published before. */
const NEED_STACK: readonly Case[] = ['publish', 'car', 'ranges'];

type Moved = { publishMBps: number; publishRssMB: number | undefined; carMBps?: number; rangeReadMs?: number };

async function publishAndRead({ file, bytes, home, cases }: { file: string; bytes: number; home: string; cases: ReadonlySet<Case> }): Promise<Moved> {
  step('starting a stack');
  const stack = await startStack();
  try {
    const { url } = stack.node;
    step('publishing');
    const { described, registered, cid, manifestCid } = await publishByTerminal({ file, url, home });
    console.log(`publish: ${registered.seconds.toFixed(1)} s from the command's start to the chain, ${Math.round(bytes / 1e6 / registered.seconds)} MB/s, ${registered.rssMB === undefined ? 'memory not known here' : `${Math.round(registered.rssMB)} MB of memory at most`}`);
    console.log(`publish: ${stageText('described', described)}; ${stageText('registered', registered)}`);
    const car = cases.has('car') ? await fetchAsCar(url, cid) : undefined;
    const rangeReadMs = cases.has('ranges') ? await readRanges(url, manifestCid) : undefined;
    return { publishMBps: bytes / 1e6 / registered.seconds, publishRssMB: registered.rssMB, ...(car === undefined ? {} : { carMBps: car }), ...(rangeReadMs === undefined ? {} : { rangeReadMs }) };
  } finally {
    await stack.stop();
  }
}

function stageText(name: string, { seconds, processorSeconds, nodeSeconds, rssMB }: Stage): string {
  return `${name} after ${seconds.toFixed(1)} s${processorSeconds === undefined ? '' : `, ${processorSeconds.toFixed(1)} s of processor time and ${nodeSeconds.toFixed(1)} of the node's`}${rssMB === undefined ? '' : `, ${Math.round(rssMB)} MB`}`;
}

/** Megabytes a second. */
async function fetchAsCar(url: string, cid: string): Promise<number> {
  step('fetching it as a CAR');
  const { bytes, seconds } = await ask<{ bytes: number; seconds: number }>('fetchCar.ts', [url, cid]);
  console.log(`car: ${bytes} bytes of blocks in ${seconds.toFixed(1)} s, each checked`);
  return bytes / 1e6 / seconds;
}

/** The median in milliseconds. */
async function readRanges(url: string, manifestCid: string): Promise<number> {
  step('reading ranges');
  const times = (await ask<number[]>('readRanges.ts', [url, manifestCid, String(RANGES)])).toSorted((a, b) => a - b);
  const at = (part: number): number => times[Math.floor(part * (times.length - 1))] ?? NaN;
  console.log(`ranges: ${at(0.5).toFixed(1)} ms at the median, ${at(0.95).toFixed(1)} at 95 %, ${at(1).toFixed(1)} at most`);
  return at(0.5);
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

const rounded = (figure: number | undefined): number | null => (figure === undefined ? null : Number(figure.toPrecision(3)));
const whole = (figure: number | undefined): number | null => (figure === undefined ? null : Math.round(figure));
