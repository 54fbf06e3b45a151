import { readFile, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import { Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { confirm } from '../prompt.ts';

export function resetCommand(): Command {
  return new Command('reset').action(act(reset));
}

async function reset(context: Context): Promise<Result> {
  const { home } = context.settings;
  const entries = await stateEntries(home);
  await refuseWhileRunning(home);
  if (entries.length > 0) await confirm(`Delete everything in ${home}? The local chain, its play money, all assets and the key files are lost.`, context.yes);
  for (const entry of entries) await rm(path.join(home, entry), { recursive: true, force: true });
  return { value: { home, removed: entries.length }, text: entries.length === 0 ? `${home} is empty already.` : `${home} is empty.` };
}

/** What lies in a state folder; refuses a folder that is something else, so that a wrong NEURODATA_HOME costs nothing. */
export async function stateEntries(home: string): Promise<string[]> {
  let entries: string[];
  try {
    entries = await readdir(home);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  const foreign = path.resolve(home) === os.homedir() || path.dirname(home) === home || entries.some((entry) => ['.git', 'package.json', 'node_modules', '.ssh', '.bashrc'].includes(entry));
  if (foreign) throw new NeuroError(`${home} does not look like a node's folder.`, { code: 'BAD_INPUT', remedy: 'Correct NEURODATA_HOME, or empty it by hand.' });
  return entries;
}

async function refuseWhileRunning(home: string): Promise<void> {
  const text = await readFile(path.join(home, 'node.pid'), 'utf8').catch(() => '');
  const pid = Number(/\d+/.exec(text)?.[0]);
  if (Number.isSafeInteger(pid) && pid > 0 && isAlive(pid)) {
    throw new NeuroError(`A node runs on ${home} (process ${pid}).`, { code: 'CONFLICT', remedy: 'Stop it first, with Ctrl-C where it runs.' });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
