import { algorithms } from '@neurodata/engine';
import { startNodeMember } from '@neurodata/engine/node';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileExample } from '../examples/custom-algorithm/build.ts';
import { penguinsCsv, weatherCsv } from '../packages/engine/test/datasets.ts';
import { ensureNode } from '../scripts/nodes.ts';
import { launchChrome } from './browse.ts';
import { bundleForBrowser, bundleForNode, serveIsolated } from './matrix/bundle.ts';
import { matrixCases, oddTable } from './matrix/cases.ts';
import { type MatrixInput, type MatrixOutput, runCases } from './matrix/runCases.ts';

// Same spec, same data, same digests: this Node alone in one thread says what all others must say.

const tables: MatrixInput['tables'] = { penguins: new TextDecoder().decode(penguinsCsv()), weather: new TextDecoder().decode(weatherCsv()), odd: oddTable() };
let module: string;
let folder: string;
let program: string;
let expected: MatrixOutput;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-matrix-'));
  program = await bundleForNode(path.join(folder, 'node'));
  module = Buffer.from(await compileExample()).toString('base64');
  expected = await runCases({ tables, module, threads: [1] }, startNodeMember);
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What one thread gave, as it must be with other numbers of threads. */
function expectedFor(threads: number[]): MatrixOutput {
  return Object.fromEntries(threads.flatMap((count) => Object.entries(expected).map(([name, value]) => [name.replace(/\d+ threads$/, `${count} threads`), value])));
}

async function runIn(node: string, flags: string[], threads: number[]): Promise<MatrixOutput> {
  const child = spawn(node, [...flags, program], { stdio: ['pipe', 'pipe', 'inherit'], env: {} });
  child.stdin.end(JSON.stringify({ tables, module, threads }));
  const [output, code] = await Promise.all([text(child.stdout), new Promise((resolve) => { child.on('close', resolve); })]);
  expect(code).toBe(0);
  return JSON.parse(output) as MatrixOutput;
}

test('every algorithm learns each real table, and ends defined on the odd one', () => {
  const names = matrixCases(module).map(({ name }) => name);
  expect(new Set(names.map((name) => name.split(' ')[0]))).toEqual(new Set(algorithms.map(({ name }) => name)));
  const refused = Object.entries(expected).filter(([, value]) => value.includes(':')).map(([name, value]) => `${name}: ${value.slice(0, 60)}`);
  // The example of an own algorithm does no regression, and multinomial naive Bayes takes no frost: both say so.
  const told = ['custom regression', 'multinomial-naive-bayes classification weather'];
  expect(refused.filter((line) => !line.includes(' odd,') && !told.some((start) => line.startsWith(start)))).toEqual([]);
});

test('2 and 4 threads give the bits of one', async () => {
  expect(await runCases({ tables, module, threads: [2, 4] }, startNodeMember)).toEqual(expectedFor([2, 4]));
}, 300_000);

test.each([['baseline compiler only', ['--liftoff-only', '--no-wasm-lazy-compilation']], ['optimising compiler only', ['--no-liftoff', '--no-wasm-tier-up']], ['no just-in-time compiler for JavaScript', ['--no-opt', '--no-maglev']]])('%s', async (_, flags) => {
  expect(await runIn(process.execPath, flags, [1, 2])).toEqual(expectedFor([1, 2]));
}, 300_000);

test.each([20, 22])('Node %s', async (major) => {
  const node = ensureNode(major);
  if (node === undefined) {
    console.warn(`Node ${major} is not tried: the registry has none for ${process.platform}-${process.arch}`);
    return;
  }
  expect(await runIn(node, [], [1, 2, 4])).toEqual(expectedFor([1, 2, 4]));
}, 300_000);

test('Chromium', async () => {
  await bundleForBrowser(path.join(folder, 'browser'));
  const { url, server } = await serveIsolated(path.join(folder, 'browser'));
  const browser = await launchChrome();
  try {
    const page = await browser.newPage();
    await page.goto(url);
    expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
    const output = await page.evaluate((input) => (globalThis as unknown as { runMatrix(input: MatrixInput): Promise<MatrixOutput> }).runMatrix(input), { tables, module, threads: [1, 2, 4] });
    expect(output).toEqual(expectedFor([1, 2, 4]));
  } finally {
    await browser.close();
    server.close();
  }
}, 300_000);
