import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openTestDatabase } from '../openTestDatabase.ts';
import { findPostgres } from './findPostgres.ts';
import { isThere, startPostgres } from './startPostgres.ts';

const programs = findPostgres(process.env['PATH'] ?? '');
const folderOf = (url: string): string => new URL(url).searchParams.get('host')!;

test.skipIf(!programs)(`a server of its own, with the node's tables, which leaves nothing${programs ? '' : ' (needs PostgreSQL)'}`, async () => {
  const server = await startPostgres(programs!);
  const db = await openTestDatabase(server.url);
  expect([db.embedded, (await db.pool.query('SELECT version()')).rows[0].version]).toEqual([false, expect.stringMatching(/^PostgreSQL \d+/)]);
  await db.close();
  await server.stop();
  expect(await isThere(folderOf(server.url))).toBe(false);
});

test.skipIf(!programs)('it ends with the process that started it, even where that is killed', async () => {
  const script = `import { startPostgres } from ${JSON.stringify(path.join(import.meta.dirname, 'startPostgres.ts'))}; console.log((await startPostgres(${JSON.stringify(programs)})).url); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  const folder = folderOf(line.trim());
  expect(await isThere(folder)).toBe(true);
  child.kill('SIGKILL');
  await expect.poll(() => isThere(folder), { timeout: 20_000, interval: 100 }).toBe(false);
});
