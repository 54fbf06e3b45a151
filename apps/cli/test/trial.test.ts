import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../node/src/freePort.ts';

/** A whole node, and everything else by the command line. */
const bin = path.join(import.meta.dirname, '../bin/neurodata.mjs');
let folder = '';
let environment: NodeJS.ProcessEnv = {};
let node: ChildProcess;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-trial-'));
  environment = { ...process.env, NEURODATA_HOME: path.join(folder, 'state'), NEURODATA_PORT: String(await freePort()), NEURODATA_SEED: '0', NEURODATA_WEB: '0' };
  delete environment['NEURODATA_PRIVATE_KEY'];
  node = spawn(process.execPath, [bin, 'node', 'up'], { cwd: folder, env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    node.stderr?.on('data', (piece: Buffer) => {
      said += piece.toString();
      if (said.includes('is ready')) resolve();
    });
    node.once('exit', () => reject(new Error(`the node ended: ${said}`)));
  });
}, 120_000);

afterAll(async () => {
  if (node.exitCode === null) {
    node.kill('SIGTERM');
    await once(node, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

async function neurodata(...words: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [bin, ...words], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const ran = { stdout: '', stderr: '' };
  child.stdout.on('data', (piece: Buffer) => { ran.stdout += piece.toString(); });
  child.stderr.on('data', (piece: Buffer) => { ran.stderr += piece.toString(); });
  const [code] = await once(child, 'close') as [number | null];
  return { ...ran, code };
}

/** Runs a command with `--json`, which must succeed, and reads its one value. */
async function value<T>(...words: string[]): Promise<T> {
  const ran = await neurodata(...words, '--json', '--yes');
  if (ran.code !== 0) throw new Error(`${words.join(' ')}: ${ran.stderr}`);
  return JSON.parse(ran.stdout) as T;
}

const rows = Array.from({ length: 240 }, (_, index) => `${((index * 37) % 101) / 10},${((index * 53) % 97) / 10},${((index * 37) % 101) + ((index * 53) % 97) > 97 ? 'high' : 'low'}`);

test('a trial: rounded metrics and no model, then the purchase, and the fee is back', { timeout: 300_000 }, async () => {
  await writeFile(path.join(folder, 'rows.csv'), `x,y,level\n${rows.join('\n')}\n`);
  const published = await value<{ assetId: number }>('datasets', 'publish', 'rows.csv', '--as', 'publisher', '--title', 'A cloud', '--description', 'Made for a test', '--license', 'CC0-1.0', '--price', '25', '--run-price', '9', '--validators-read');
  const asset = String(published.assetId);
  expect((await neurodata('datasets', 'try', asset, '--target', 'level', '--as', 'alice', '--yes')).stderr).toContain('offers no trials');
  expect((await neurodata('datasets', 'trials', asset, '--fee', '2', '--as', 'alice', '--yes')).code).toBe(1);
  await value('datasets', 'trials', asset, '--fee', '2', '--cap', '1', '--as', 'publisher');
  expect((await neurodata('datasets', 'trials', asset)).stdout).toContain('2 NCR each, besides worker and validators, 1 for an account');

  const job = await value<{ jobId: string; state: string; price: string }>('datasets', 'try', asset, '--target', 'level', '--wait', '--as', 'alice');
  expect(job).toMatchObject({ state: 'settled', price: '0' });
  const { receipt, leaderboard } = await value<{ receipt: { body: { metrics: { scores: Record<string, number>; confusion: [] }; lossCurve: [] } }; leaderboard: { counts: string } }>('runs', 'show', job.jobId);
  expect(receipt.body).toMatchObject({ lossCurve: [], metrics: { trainRows: 180, testRows: 60, confusion: [], classes: [] } });
  expect(receipt.body.metrics.scores['accuracy']).toBe(Number(receipt.body.metrics.scores['accuracy']?.toPrecision(2)));
  expect(leaderboard.counts).toBe('no');
  expect((await neurodata('models', 'publish', job.jobId, '--title', 'Mine', '--license', 'CC0-1.0', '--price', '5', '--as', 'alice', '--yes')).stderr).toContain('no model');
  expect((await neurodata('datasets', 'try', asset, '--target', 'level', '--as', 'alice', '--yes')).stderr).toContain('has had all of its trials');
  expect((await neurodata('runs', 'trial', job.jobId)).stdout).toContain('for a purchase of asset');

  const { orderId } = await value<{ orderId: string }>('datasets', 'buy', asset, '--as', 'alice');
  const verified = await value<{ reexecuted: boolean; passed: boolean }>('runs', 'verify', job.jobId, '--as', 'alice');
  expect(verified).toMatchObject({ reexecuted: true, passed: true });
  await value('orders', 'confirm', orderId, '--as', 'alice');
  await expect.poll(() => value<object>('runs', 'trial', job.jobId), { timeout: 60_000, interval: 1_000 }).toMatchObject({ state: 'returned', fee: '2000000000000000000', order: { orderId } });
  expect((await neurodata('runs', 'settle-trial', job.jobId, '--as', 'bob', '--yes')).code).toBe(1);
});
