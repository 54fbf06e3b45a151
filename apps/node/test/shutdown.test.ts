import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../src/freePort.ts';

/** A gateway as a process of its own, stopped as a service manager stops it. */

const cli = path.resolve(import.meta.dirname, '../../cli/src/main.ts');
let home: string;
let port: number;
let child: ChildProcess | undefined;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'neurodata-shutdown-'));
  port = await freePort();
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await rm(home, { recursive: true, force: true });
});

/** Resolves when it says that it is ready. */
async function start(): Promise<ChildProcess> {
  const one = spawn(process.execPath, [cli, 'node', 'up'], {
    env: { ...process.env, NEURODATA_HOME: home, NEURODATA_ROLE: 'gateway', NEURODATA_PORT: String(port), NEURODATA_WEB: '0', NEURODATA_SEED: '0', NEURODATA_LOG: 'warn' }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = one;
  let said = '';
  one.stderr!.setEncoding('utf8').on('data', (part: string) => { said += part; });
  one.stdout!.resume();
  await expect.poll(() => said, { timeout: 90_000 }).toContain('Ready after');
  return one;
}

const refused = (): Promise<boolean> => new Promise((resolve) => {
  const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(false); });
  socket.on('error', () => resolve(true));
});

test('SIGTERM: what was asked before is answered, what was promised is kept, and the process ends', async () => {
  const one = await start();
  const url = `http://127.0.0.1:${port}`;
  // Connections that somebody holds open must not keep it: an idle one, and a stream of events.
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const events = await fetch(`${url}/api/v1/events`);
  expect(events.status).toBe(200);

  const body = JSON.stringify({ email: 'late@example.org', password: 'correct horse battery' });
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`POST /api/v1/auth/register HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 20)}`);
  await sleep(300);

  const since = performance.now();
  const ended = once(one, 'exit');
  one.kill('SIGTERM');
  await expect.poll(refused, { timeout: 10_000 }).toBe(true);
  let answer = '';
  socket.setEncoding('utf8').on('data', (part: string) => { answer += part; });
  socket.write(body.slice(20));
  await once(socket, 'close');
  expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*\{"done":true\}$/);
  const [code, signal] = await ended;
  expect([code, signal]).toEqual([0, null]);
  expect(performance.now() - since).toBeLessThan(30_000);
  await events.body?.cancel().catch(() => undefined);

  // The mail was promised to a caller of a process that was about to end.
  const two = await start();
  await expect.poll(async () => ((await (await fetch(`${url}/api/v1/demo/mailbox`)).json()) as { items: { to: string; text: string }[] }).items, { timeout: 15_000 }).toMatchObject([{ to: 'late@example.org', text: expect.stringContaining('#verify=') }]);
  const gone = once(two, 'exit');
  two.kill('SIGTERM');
  expect(await gone).toEqual([0, null]);
}, 180_000);
