import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const bin = path.join(import.meta.dirname, '../bin/neurodata.mjs');
let home = '';
beforeEach(async () => { home = await mkdtemp(path.join(os.tmpdir(), 'neurodata-cli-')); });
afterEach(() => rm(home, { recursive: true, force: true }));

type Ran = { code: number | null; stdout: string; stderr: string };

/** Runs the command as a user does, without a terminal, against a port where nobody listens. */
function neurodata(...words: string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...words], { cwd: home, env: { ...process.env, NEURODATA_HOME: path.join(home, 'state'), NEURODATA_URL: 'http://127.0.0.1:1', NEURODATA_PRIVATE_KEY: `0x${'1'.repeat(64)}` }, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (piece: Buffer) => { stdout += piece.toString(); });
    child.stderr.on('data', (piece: Buffer) => { stderr += piece.toString(); });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const publishing = ['--title', 'T', '--description', 'D', '--license', 'CC0-1.0'];

test('help is no error, wrong usage exits with 2', async () => {
  const help = await neurodata('--help');
  expect(help.code).toBe(0);
  for (const noun of ['datasets', 'orders', 'jobs', 'runs', 'models', 'account', 'auth', 'node', 'net', 'keys', 'reset', 'deploy', 'governance', 'stake', 'deals', 'reviews', 'disputes', 'jury', 'liquidity', 'guardian', 'subscriptions', 'algorithms', 'train']) expect(help.stdout).toContain(noun);
  for (const words of [['datasets', 'nope'], ['datasets', 'publish'], ['jobs', 'run', '1', '--target', 'x', '--seed', '-1'], ['train', 'x.csv', '--threads', '0'], ['datasets', 'list', '--nope']]) expect({ words, code: (await neurodata(...words)).code }).toEqual({ words, code: 2 });
});

test('an unreachable node is one line with a remedy, and one JSON value', async () => {
  const ran = await neurodata('datasets', 'list', '--json');
  expect(ran.code).toBe(1);
  expect(JSON.parse(ran.stdout)).toEqual({ error: { code: 'UNREACHABLE', message: 'http://127.0.0.1:1 cannot be reached.', remedy: 'Check the address and that the node runs.' } });
  expect(ran.stderr).toBe('error: http://127.0.0.1:1 cannot be reached. Check the address and that the node runs. (UNREACHABLE)\n');
});

test('a file is looked at before anything else happens', async () => {
  const cases: [string, string | Uint8Array, string][] = [
    ['empty.csv', '', 'The file is empty'], ['ragged.csv', 'a,b\n1\n', 'Row 2 has 1 fields, the header has 2'], ['latin1.csv', Uint8Array.of(97, 10, 0xe9, 10), 'not valid UTF-8'],
  ];
  for (const [name, content, message] of cases) {
    await writeFile(path.join(home, name), content);
    const ran = await neurodata('datasets', 'publish', name, ...publishing);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain(message);
  }
  expect((await neurodata('datasets', 'publish', 'none.csv', ...publishing)).stderr).toContain('There is no file none.csv.');
});

test('data about people are shown before anything happens, and need a word to be sold', async () => {
  await writeFile(path.join(home, 'people.csv'), 'name,contact\nJane,jane@example.org\nJohn,john.d@example.com\n');
  const ran = await neurodata('datasets', 'publish', 'people.csv', ...publishing, '--no-validators-read');
  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(ran.stderr).toMatch(/contact +e-mail address +2 +j\*\*\*@\*{7}\.\*\*\*/);
  expect(ran.stderr).toContain('add --despite-personal-data');
  expect(ran.stderr).not.toContain('jane@');
  // Behind the question comes the network, where nobody is.
  expect((await neurodata('datasets', 'publish', 'people.csv', ...publishing, '--no-validators-read', '--despite-personal-data')).stderr).toContain('UNREACHABLE');
  await writeFile(path.join(home, 'formula.csv'), 'a\n"=HYPERLINK(""http://x.example"")"\n');
  expect((await neurodata('datasets', 'publish', 'formula.csv', ...publishing, '--no-validators-read')).stderr).toContain('Column 1 holds a cell that spreadsheets run as a formula');
});

test('validators may read only where that was chosen, and runs need it', async () => {
  await writeFile(path.join(home, 'rows.csv'), 'a,b\n1,2\n');
  // Nothing was chosen, which is a no: what stops it is the network.
  expect((await neurodata('datasets', 'publish', 'rows.csv', ...publishing, '--price', '1', '--yes')).stderr).toContain('UNREACHABLE');
  expect((await neurodata('datasets', 'publish', 'rows.csv', ...publishing, '--run-price', '1', '--yes')).stderr).toContain('Add --validators-read, or leave --run-price out.');
  for (const flag of ['--validators-read', '--validators-may-read']) expect((await neurodata('datasets', 'publish', 'rows.csv', ...publishing, '--run-price', '1', '--yes', flag)).stderr).toContain('UNREACHABLE');
  expect((await neurodata('datasets', 'publish', 'rows.csv', ...publishing, '--validators-may-read', '--no-validators-read')).stderr).toContain('exclude each other');
});

test('reset asks, refuses while a node runs, and never empties a foreign folder', async () => {
  const state = path.join(home, 'state');
  await mkdir(path.join(state, 'chain'), { recursive: true });
  await writeFile(path.join(state, 'node.pid'), `${process.pid}\n`);
  expect((await neurodata('reset', '--yes')).stderr).toContain('A node runs on');
  await writeFile(path.join(state, 'node.pid'), '999999999\n');
  expect((await neurodata('reset')).stderr).toContain('Add --yes');
  expect(await readdir(state)).toHaveLength(2);
  expect(await neurodata('reset', '--yes')).toMatchObject({ code: 0 });
  expect(await readdir(state)).toEqual([]);
  await writeFile(path.join(state, 'package.json'), '{}');
  expect((await neurodata('reset', '--yes')).stderr).toContain('does not look like');
  expect(await readFile(path.join(state, 'package.json'), 'utf8')).toBe('{}');
});

test('deploying says what is missing, and a check needs a record', async () => {
  const missing = await neurodata('deploy', '--json');
  expect(missing.code).toBe(1);
  expect(JSON.parse(missing.stdout)).toMatchObject({ error: { code: 'BAD_INPUT', message: '--rpc is missing.' } });
  const unset = await neurodata('deploy', '--json', '--rpc', 'http://127.0.0.1:1', '--key-env', 'NOBODY_SET_THIS');
  expect(JSON.parse(unset.stdout)).toMatchObject({ error: { code: 'BAD_INPUT', message: 'The environment variable NOBODY_SET_THIS is not set.' } });
  const away = await neurodata('deploy', '--json', '--rpc', 'http://127.0.0.1:1', '--key-env', 'NEURODATA_PRIVATE_KEY');
  expect(JSON.parse(away.stdout)).toMatchObject({ error: { code: 'UNREACHABLE' } });
  const unknown = await neurodata('deploy', '--check', '--json');
  expect(unknown.code).toBe(1);
  expect(JSON.parse(unknown.stdout)).toMatchObject({ error: { code: 'NOT_FOUND' } });
});

test('algorithms are listed with their parameters, from their schemas', async () => {
  const { items } = JSON.parse((await neurodata('algorithms', '--json')).stdout) as { items: { name: string; parameters: { name: string }[] }[] };
  expect(items.map(({ name }) => name)).toContain('logistic-regression');
  for (const { name, parameters } of items.slice(0, 2)) {
    const one = await neurodata('algorithms', name);
    expect(one.code).toBe(0);
    for (const parameter of parameters) expect(one.stdout).toContain(parameter.name);
  }
  const none = await neurodata('algorithms', 'magic');
  expect(none.code).toBe(1);
  expect(none.stderr).toContain('There is no algorithm "magic". Use one of: ');
}, 60_000);

test('a model is trained from a file without any node, the same with one thread and with two', async () => {
  const rows = Array.from({ length: 300 }, (_, row) => `${row % 7},${(row * 37) % 11},${(row % 7) + ((row * 37) % 11) > 8 ? 'far' : 'near'}`);
  await writeFile(path.join(home, 'rows.csv'), `a,b,where\n${rows.join('\n')}\n`);
  const words = ['train', 'rows.csv', '--target', 'where', '--set', 'C=10', '--json'];
  const one = await neurodata(...words, '--threads', '1', '--out', 'one.ndm', '--metrics', 'one.json');
  expect(one.code).toBe(0);
  const result = JSON.parse(one.stdout) as { modelDigest: string; spec: object; metrics: { scores: { accuracy: number } } };
  expect(result.spec).toMatchObject({ algorithm: 'logistic-regression', task: 'classification', target: 'where', parameters: { C: 10 } });
  expect(result.metrics.scores.accuracy).toBeGreaterThan(0.9);
  expect(JSON.parse(await readFile(path.join(home, 'one.json'), 'utf8'))).toMatchObject({ modelDigest: result.modelDigest, threads: 1 });
  const two = await neurodata(...words, '--threads', '2', '--out', 'two.ndm');
  expect(JSON.parse(two.stdout)).toMatchObject({ modelDigest: result.modelDigest });
  expect((await readFile(path.join(home, 'two.ndm'))).equals(await readFile(path.join(home, 'one.ndm')))).toBe(true);
  const predicted = await neurodata('models', 'predict', 'one.ndm', '--rows', 'rows.csv');
  expect(predicted.stdout.split('\n')).toHaveLength(302);
  expect((await neurodata('train', 'rows.csv', '--target', 'nope')).stderr).toContain('There is no column "nope". The columns are: a, b, where.');
}, 60_000);
