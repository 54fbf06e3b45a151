import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../node/src/freePort.ts';

const bin = path.join(import.meta.dirname, '../bin/neurodata.mjs');
let folder = '';
let environment: NodeJS.ProcessEnv = {};
const children: ChildProcess[] = [];

/** Starts a command that runs on, and waits for a text on one of its outputs. */
async function start(words: string[], output: 'stdout' | 'stderr', wanted: RegExp): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [bin, ...words], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let said = '';
  child[output === 'stdout' ? 'stderr' : 'stdout']?.resume();
  await new Promise<void>((resolve, reject) => {
    child[output]?.on('data', (piece: Buffer) => {
      said += piece.toString();
      if (wanted.test(said)) resolve();
    });
    child.once('exit', () => reject(new Error(`${words.join(' ')} ended: ${said}`)));
  });
  return { child, said };
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-folder-'));
  environment = { ...process.env, NEURODATA_HOME: path.join(folder, 'state'), NEURODATA_PORT: String(await freePort()), NEURODATA_SEED: '0', NEURODATA_WEB: '0' };
  delete environment['NEURODATA_PRIVATE_KEY'];
  await start(['node', 'up'], 'stderr', /is ready/);
  await mkdir(path.join(folder, 'birds/tables/deep'), { recursive: true });
  await mkdir(path.join(folder, 'birds/images/none'), { recursive: true });
  await writeFile(path.join(folder, 'birds/README.md'), '# Birds\n');
  await writeFile(path.join(folder, 'birds/.hidden'), 'x');
  await writeFile(path.join(folder, 'birds/images/größe.png'), Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(2_500_000)]));
  await writeFile(path.join(folder, 'birds/tables/deep/rows.csv'), table());
  await writeFile(path.join(folder, 'birds/tables/zones.csv'), zones);
});

afterAll(async () => {
  for (const child of children.toReversed()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

type Ran = { code: number | null; stdout: string; stderr: string };

async function neurodata(words: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [bin, ...words], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const ran: Ran = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (piece: Buffer) => { ran.stdout += piece.toString(); });
  child.stderr.on('data', (piece: Buffer) => { ran.stderr += piece.toString(); });
  const [code] = await once(child, 'close') as [number | null];
  return { ...ran, code };
}

async function value<T>(...words: string[]): Promise<T> {
  const ran = await neurodata([...words, '--json', '--yes']);
  if (ran.code !== 0) throw new Error(`${words.join(' ')}: ${ran.stderr}`);
  return JSON.parse(ran.stdout) as T;
}

/** Two clouds that a line almost separates. */
function table(): string {
  const row = (index: number): string => {
    const [x, y] = [((index * 37) % 101) / 10, ((index * 53) % 97) / 10];
    return `${x},${y},${['north', 'south'][index % 2]},${x + y + (index % 5) > 11 ? 'high' : 'low'}`;
  };
  return `x,y,side,level\n${Array.from({ length: 240 }, (_, index) => row(index)).join('\n')}\n`;
}

const zones = 'zone,name\n1,sea\n2,land\n';

const blocks = async (): Promise<number> => (await readdir(path.join(folder, 'state/blocks'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;
const read = (...parts: string[]): Promise<Buffer> => readFile(path.join(folder, ...parts));
type Published = { assetId: number; version: number; files: { total: number; kept: number; sent: number } };
type Listed = { files: { path: string; cid: string; size: number; main: boolean }[] };
const said = ['--no-sample', '--title', 'Birds of a test', '--description', 'A folder.', '--license', 'CC0-1.0', '--validators-read', '--as', 'publisher'];

test('a folder is sold, trained on and published anew, and only what changed is sent', { timeout: 500_000 }, async () => {
  // Killed while its last file is sent: what was stored before is not sent again.
  const cut = await start(['datasets', 'publish', 'birds', ...said, '--yes'], 'stderr', /Sealing and storing tables/);
  cut.child.kill('SIGKILL');
  await once(cut.child, 'exit');
  const first = await value<Published>('datasets', 'publish', 'birds', ...said, '--price', '25', '--run-price', '2');
  expect(first).toMatchObject({ version: 1, files: { total: 4, kept: 0 } });
  expect(first.files.sent).toBeLessThanOrEqual(2);
  expect(await readdir(path.join(folder, 'state/publishing'))).toEqual([]);
  const asset = String(first.assetId);
  const listed = await value<Listed>('datasets', 'files', asset);
  expect(listed.files.map(({ path: name, size, main }) => [name, size, main])).toEqual([['README.md', 8, false], ['images/größe.png', 2_500_008, false], ['tables/deep/rows.csv', table().length, true], ['tables/zones.csv', zones.length, false]]);

  const { orderId } = await value<{ orderId: string }>('datasets', 'buy', asset, '--as', 'alice');
  expect(await value<object>('datasets', 'download', asset, '--as', 'alice', '--out', 'one', '--file', 'README.md')).toMatchObject({ written: 1, version: 1 });
  expect(await readdir(path.join(folder, 'one'))).toEqual(['README.md']);
  expect(await value<object>('datasets', 'download', orderId, '--as', 'alice', '--out', 'bought')).toMatchObject({ written: 4 });
  for (const name of listed.files.map((file) => file.path)) expect(Buffer.compare(await read('bought', name), await read('birds', name))).toBe(0);
  await rm(path.join(folder, 'bought/README.md'));
  expect(await value<object>('datasets', 'download', orderId, '--as', 'alice', '--out', 'bought')).toMatchObject({ written: 1 });
  await writeFile(path.join(folder, 'bought/README.md'), 'mine');
  expect((await neurodata(['datasets', 'download', orderId, '--as', 'alice', '--out', 'bought'])).stderr).toContain('exists already, and is another file');
  expect((await neurodata(['datasets', 'download', orderId, '--as', 'alice', '--out', 'bought', '--file', 'none.csv'])).stderr).toContain('There is no "none.csv" in this version');
  expect(await value<object>('datasets', 'sql', asset, 'SELECT count(*) AS n FROM data', '--as', 'alice')).toMatchObject({ items: [{ n: 240 }] });
  expect(await value<object>('datasets', 'sql', asset, 'SELECT name FROM data WHERE zone = 2', '--file', 'tables/zones.csv', '--as', 'alice')).toMatchObject({ items: [{ name: 'land' }] });
  expect(await value<object>('datasets', 'download', asset, '--file', 'tables/zones.csv', '--columns', 'name', '--where', 'zone < 2', '--out', 'some.csv', '--as', 'alice')).toMatchObject({ rows: 1 });
  expect((await read('some.csv')).toString()).toBe('name\nsea\n');

  const job = await value<{ jobId: string; state: string }>('jobs', 'run', '--asset', asset, '--target', 'level', '--wait', '--as', 'bob');
  expect(job.state).toBe('settled');
  expect(await value<object>('runs', 'verify', job.jobId, '--as', 'alice')).toMatchObject({ reexecuted: true, passed: true });

  await appendFile(path.join(folder, 'birds/tables/deep/rows.csv'), '1,2,north,low\n1,2,north,low\n');
  await appendFile(path.join(folder, 'birds/tables/zones.csv'), '3,shore\n');
  await rename(path.join(folder, 'birds/README.md'), path.join(folder, 'birds/ABOUT.md'));
  const before = await blocks();
  expect(await value<Published>('datasets', 'publish', 'birds', ...said, '--asset', asset)).toMatchObject({ version: 2, files: { total: 4, kept: 2, sent: 2 } });
  // Two tables, the index, the keyset and the manifest.
  expect((await blocks()) - before).toBe(5);
  const second = await value<Listed>('datasets', 'files', asset, '--revision', 'v2');
  expect(second.files.slice(0, 2).map(({ path: name, cid }) => [name, cid])).toEqual([['ABOUT.md', listed.files[0]!.cid], ['images/größe.png', listed.files[1]!.cid]]);

  const diff = await value<object>('datasets', 'diff', asset, 'v1', 'v2', '--as', 'publisher');
  expect(diff).toMatchObject({ opened: true, files: { added: [], removed: [], changed: ['tables/deep/rows.csv', 'tables/zones.csv'], moved: [{ from: 'README.md', to: 'ABOUT.md' }], unchanged: ['images/größe.png'], exact: true }, rows: { before: 240, after: 242, added: 2, removed: 0 }, tables: [{ path: 'tables/zones.csv', rows: { before: 2, after: 3, added: 1, removed: 0 } }] });
  expect(await value<object>('datasets', 'diff', asset, 'v1', 'v2', '--as', 'carol')).toMatchObject({ opened: false, files: { changed: ['tables/deep/rows.csv', 'tables/zones.csv'], exact: false }, rows: { before: 240, after: 242 }, tables: [{ path: 'tables/zones.csv', rows: { before: 2, after: 3 }, statistics: [{ column: 'zone', figure: 'distinct', before: 2, after: 3 }, { column: 'name', figure: 'distinct', before: 2, after: 3 }] }] });
  const unknown = await neurodata(['datasets', 'files', asset, '--revision', 'v3']);
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringMatching(/has no revision v3.*NOT_FOUND/s)]);

  await expectServed(asset);
});

/** What Hugging Face clients see of version 1, for an account that bought it. */
async function expectServed(asset: string): Promise<void> {
  const { said: printed } = await start(['serve', '--as', 'alice', '--port', '0', '--json'], 'stdout', /\n/);
  const { url, token } = JSON.parse(printed) as { url: string; token: string };
  const ask = (where: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${url}${where}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
  const tree = await (await ask(`/api/datasets/assets/${asset}/tree/v1?recursive=true`)).json() as { path: string; size: number; type: string }[];
  expect(tree.filter(({ type }) => type === 'file').map(({ path: name }) => name)).toEqual(['README.md', 'croissant.json', 'data/README.md', 'images/größe.png', 'tables/deep/rows.csv', 'tables/zones.csv']);
  const image = `/datasets/assets/${asset}/resolve/v1/images/${encodeURIComponent('größe.png')}`;
  const part = await ask(image, { range: 'bytes=1048570-1048600' });
  expect([part.status, part.headers.get('content-range'), part.headers.get('x-neurodata-checked')]).toEqual([206, 'bytes 1048570-1048600/2500008', 'content']);
  const whole = await read('birds/images/größe.png');
  expect(Buffer.compare(Buffer.from(await part.arrayBuffer()), whole.subarray(1_048_570, 1_048_601))).toBe(0);
  expect(Buffer.compare(Buffer.from(await (await ask(image)).arrayBuffer()), whole)).toBe(0);
  expect(await (await ask(`/datasets/assets/${asset}/resolve/v1/data/README.md`)).text()).toBe('# Birds\n');
  expect((await ask(`/datasets/assets/${asset}/resolve/v1/data/none`)).headers.get('x-error-code')).toBe('EntryNotFound');
  expect((await ask(`/datasets/assets/${asset}/resolve/v2/ABOUT.md`)).headers.get('x-error-code')).toBe('GatedRepo');
  expect(await (await ask(`/api/datasets/assets/${asset}/tree/v1/tables`)).json()).toMatchObject([{ type: 'directory', path: 'tables/deep' }, { path: 'tables/zones.csv' }]);
}

test('an open folder is read by everybody at the node, and what cannot be a folder is refused', { timeout: 200_000 }, async () => {
  await cp(path.join(folder, 'birds'), path.join(folder, 'open'), { recursive: true });
  // It is called as a table is, and is none.
  await writeFile(path.join(folder, 'open/config.json'), '{"a":');
  await writeFile(path.join(folder, 'open/tables/zones.csv'), `zone,name\n${Array.from({ length: 40 }, (_, at) => `${at},${['sea', 'land'][at % 2]}`).join('\n')}\n`);
  const { assetId } = await value<Published>('datasets', 'publish', 'open', ...said, '--top-values', 'tables/zones.csv:name', '--open');
  const node = `http://127.0.0.1:${environment['NEURODATA_PORT']}`;
  const file = `${node}/datasets/assets/${assetId}/resolve/main/tables/deep/rows.csv`;
  const [whole, part] = await Promise.all([fetch(file), fetch(file, { headers: { range: 'bytes=2-5' } })]);
  expect([whole.status, part.status, await part.text()]).toEqual([200, 206, (await read('open/tables/deep/rows.csv')).subarray(2, 6).toString()]);
  expect(Buffer.compare(Buffer.from(await whole.arrayBuffer()), await read('open/tables/deep/rows.csv'))).toBe(0);
  expect(await (await fetch(`${node}/rows?dataset=assets/${assetId}&length=2`)).json()).toMatchObject({ rows: [{ row: { side: 'north' } }, { row: { side: 'south' } }], num_rows_total: 242 });
  const answer = async (route: string): Promise<object> => (await fetch(`${node}/${route}`)).json() as Promise<object>;
  const zones = `dataset=assets/${assetId}&config=tables--zones.csv`;
  expect(await answer(`splits?dataset=assets/${assetId}`)).toMatchObject({ splits: [{ config: 'default' }, { config: 'tables--zones.csv' }] });
  expect(await answer(`rows?${zones}&offset=1&length=1`)).toMatchObject({ rows: [{ row: { zone: 1, name: 'land' } }], num_rows_total: 40 });
  expect(await answer(`filter?${zones}&where=${encodeURIComponent('"zone">37')}`)).toMatchObject({ rows: [{ row: { zone: 38 } }, { row: { zone: 39 } }], num_rows_total: 2 });
  expect(await answer(`statistics?${zones}`)).toMatchObject({ num_examples: 40, statistics: [{ column_name: 'zone' }, { column_name: 'name', column_statistics: { frequencies: { sea: 20, land: 20 } } }] });
  expect(await answer(`size?dataset=assets/${assetId}`)).toMatchObject({ size: { dataset: { num_rows: 282 }, configs: [{ num_rows: 242 }, { num_rows: 40, num_columns: 2 }] } });
  const { parquet_files: [copy] } = await answer(`parquet?${zones}`) as { parquet_files: { url: string; size: number; config: string }[] };
  const bytes = Buffer.from(await (await fetch(copy!.url)).arrayBuffer());
  expect([copy, bytes.length, bytes.subarray(0, 4).toString()]).toEqual([expect.objectContaining({ config: 'tables--zones.csv' }), copy!.size, 'PAR1']);
  expect(await answer(`api/datasets/assets/${assetId}/parquet/tables--zones.csv/train`)).toEqual([copy!.url]);
  expect([(await fetch(`${node}/parquet?dataset=assets/${assetId}&config=none`)).status, (await fetch(`${node}/api/datasets/assets/${assetId}/parquet/none`)).status, (await fetch(`${node}/rows?dataset=assets/${assetId}&config=none`)).status]).toEqual([404, 404, 404]);
  await writeFile(path.join(folder, 'open/visitors.csv'), `mail\n${Array.from({ length: 30 }, (_, at) => `person${at}@example.org`).join('\n')}\n`);
  expect((await neurodata(['datasets', 'publish', 'open', ...said, '--top-values', 'tables/zones.csv:colour', '--yes'])).stderr).toContain('tables/zones.csv has no column colour that holds texts');
  expect((await neurodata(['datasets', 'publish', 'open', ...said, '--yes'])).stderr).toMatch(/30 times e-mail address in visitors\.csv: mail/);
  await rm(path.join(folder, 'open/visitors.csv'));
  await writeFile(path.join(folder, 'open/tables/sums.csv'), 'a,b\n1,"=SUM(A1,A2)"\n2,-x\n');
  expect((await neurodata(['datasets', 'publish', 'open', ...said, '--yes'])).stderr).toMatch(/tables\/sums\.csv: Column 2 holds a cell that spreadsheets run as a formula/);
  await rm(path.join(folder, 'open/tables/sums.csv'));
  await writeFile(path.join(folder, 'open/model.pkl'), 'x');
  expect((await neurodata(['datasets', 'publish', 'open', ...said, '--yes'])).stderr).toContain('"model.pkl" may not be in a folder');
});
