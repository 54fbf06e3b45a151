import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type ChildNode = {
  url: string;
  pid: number;
  /** Process id of the chain's EVM. */
  evm(): Promise<number>;
  kill(signal: NodeJS.Signals): Promise<void>;
};

const root = path.resolve(import.meta.dirname, '..');

/** A node as a process of its own, as `npm start` runs it; resolves once `/readyz` says yes. */
export async function startChildNode(parameters: { home: string; port: number; seed?: boolean; web?: boolean }): Promise<ChildNode> {
  const { home, port, seed = false, web = false } = parameters;
  const env = { ...process.env, NEURODATA_HOME: home, NEURODATA_PORT: String(port), NEURODATA_SEED: seed ? '1' : '0', NEURODATA_WEB: web ? '1' : '0', NEURODATA_LOG: 'error' };
  const child = spawn(process.execPath, ['apps/cli/src/main.ts', 'node', 'up'], { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const url = `http://127.0.0.1:${port}`;
  await ready({ url, child, errors: () => errors });
  return {
    url,
    pid: child.pid!,
    evm: () => childNamed(child.pid!, 'anvil'),
    kill: async (signal) => {
      const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      child.kill(signal);
      await exited;
    },
  };
}

async function ready(parameters: { url: string; child: ChildProcess; errors: () => string }): Promise<void> {
  const { url, child, errors } = parameters;
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`the node ended with ${child.exitCode}:\n${errors()}`);
    const response = await fetch(`${url}/readyz`).catch(() => undefined);
    if (response?.ok) return;
    await sleep(100);
  }
  child.kill('SIGKILL');
  throw new Error(`the node was not ready in time:\n${errors()}`);
}

async function childNamed(parent: number, name: string): Promise<number> {
  const children = (await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8')).trim().split(' ').map(Number);
  for (const pid of children) if ((await readFile(`/proc/${pid}/comm`, 'utf8')).trim() === name) return pid;
  throw new Error(`process ${parent} has no child "${name}"`);
}
