import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { rawCidOfDigest } from '@neurodata/storage';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../node/src/freePort.ts';
import { type Ran, runCommand } from './runCommand.ts';

/** A node that has sold something, looked after from the command line while it is stopped. */

const bin = path.join(import.meta.dirname, '../bin/neurodata.mjs');
let folder = '';
let url = '';
let node: ChildProcess;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-care-'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  node = spawn(process.execPath, [bin, 'node', 'up'], { cwd: folder, env: { ...process.env, NEURODATA_HOME: folder, NEURODATA_PORT: String(port), NEURODATA_SEED: '0', NEURODATA_WEB: '0' }, stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    node.stderr?.on('data', (piece: Buffer) => {
      said += piece.toString();
      if (said.includes('is ready')) resolve();
    });
    node.once('exit', () => reject(new Error(`the node ended: ${said}`)));
  });
}, 600_000);
afterAll(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

async function stop(): Promise<void> {
  if (node.exitCode !== null || node.signalCode !== null) return;
  const ended = once(node, 'exit');
  node.kill('SIGTERM');
  await ended;
}

const neurodata = (...words: string[]): Promise<Ran> => runCommand([...words, '--json', '--yes'], { home: folder, url });

async function value<T>(...words: string[]): Promise<T> {
  const ran = await neurodata(...words);
  if (ran.code !== 0) throw new Error(`${words.join(' ')}: ${ran.stderr}`);
  return JSON.parse(ran.stdout) as T;
}

const blocks = (): string => path.join(folder, 'blocks');
const files = async (): Promise<string[]> => (await readdir(blocks(), { recursive: true })).filter((name) => name.endsWith('.block'));
type Checked = { checked: number; missing: { part: string }[] };

test('what a sale needs outlives a collection of garbage; what nothing names does not; a bad disk is noticed', { timeout: 900_000 }, async () => {
  await writeFile(path.join(folder, 'rows.csv'), `a,b\n${Array.from({ length: 50 }, (_, index) => `${index},${index % 7}`).join('\n')}\n`);
  const { assetId } = await value<{ assetId: number }>('datasets', 'publish', path.join(folder, 'rows.csv'), '--no-sample', '--as', 'publisher', '--title', 'Rows', '--description', 'Made for a test', '--license', 'CC0-1.0', '--price', '2', '--validators-read');
  const { orderId } = await value<{ orderId: string }>('datasets', 'buy', String(assetId), '--as', 'alice');
  expect(orderId).toMatch(/^0x/);
  const stray = new TextEncoder().encode('nobody names this');
  const cid = rawCidOfDigest(`0x${createHash('sha256').update(stray).digest('hex')}`);
  const put = await fetch(`${url}/api/v1/blocks/${cid}`, { method: 'PUT', headers: { 'content-type': 'application/vnd.ipld.raw' }, body: stray });
  expect(put.status).toBe(201);
  expect((await neurodata('storage', 'gc', '--dry-run')).stdout).toContain('CONFLICT');
  await stop();

  expect(await value<Checked>('storage', 'check')).toMatchObject({ checked: 1, missing: [] });
  const old = new Date(Date.now() - 30 * 86_400_000);
  for (const name of await files()) await utimes(path.join(blocks(), name), old, old);
  const kept = (await files()).length;
  const dry = await value<{ removed: number }>('storage', 'gc', '--dry-run');
  expect(dry.removed).toBeGreaterThan(0);
  expect(await files()).toHaveLength(kept);
  expect(await value('storage', 'gc')).toMatchObject({ removed: dry.removed, missing: [] });
  expect(await files()).toHaveLength(kept - dry.removed);
  expect((await files()).some((name) => name.includes(cid))).toBe(false);
  expect(await value<Checked>('storage', 'check')).toMatchObject({ checked: 1, missing: [] });

  for (const name of await files()) await writeFile(path.join(blocks(), name), 'rubbish');
  const bad = await neurodata('storage', 'check');
  expect([bad.code, (JSON.parse(bad.stdout) as Checked).missing.map(({ part }) => part)]).toEqual([1, ['manifest']]);
  const refused = await neurodata('storage', 'gc');
  expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([1, { error: { code: 'NOT_FOUND' } }]);
  expect(await readFile(path.join(blocks(), (await files())[0]!), 'utf8')).toBe('rubbish');
});
