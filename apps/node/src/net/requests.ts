import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NeuroError } from '@neurodata/protocol';
import { holderOf } from '../chain/folderLock.ts';
import { readPlan } from './planNet.ts';
import { readNet } from './readNet.ts';
import type { NetRow } from './readNet.ts';

const folderOf = (folder: string): string => path.join(folder, 'requests');
const TAKEN_MS = 10_000;
const READY_MS = 180_000;

/** Names of nodes that somebody has asked this network to restart, by files in its folder; each is given once. */
export async function takeRequests(folder: string): Promise<string[]> {
  const names = await readdir(folderOf(folder)).catch(() => []);
  for (const name of names) await rm(path.join(folderOf(folder), name), { force: true });
  return names;
}

/**
 * Asks the process that runs the network in `folder` to restart a node, down or not; resolves when it is ready again.
 *
 * @throws NeuroError NOT_FOUND where there is no such network or node, NOT_READY where nobody runs it, TIMEOUT.
 */
export async function requestRestart(folder: string, name: string): Promise<NetRow> {
  const plan = await readPlan(folder);
  const node = plan?.nodes.find((one) => one.name === name);
  if (!plan || !node) throw new NeuroError(plan ? `The network in ${folder} has no node "${name}".` : `There is no network in ${folder}.`, { code: 'NOT_FOUND', remedy: plan ? `It has ${plan.nodes.map((one) => one.name).join(', ')}.` : 'Start one with `npm run net`, or name its folder with --dir.' });
  if ((await holderOf(folder)) === undefined) throw new NeuroError(`Nobody runs the network in ${folder}.`, { code: 'NOT_READY', remedy: 'Start it with `npm run net`.' });
  const look = async (): Promise<NetRow> => (await readNet(folder, { ...plan, nodes: [node] }))[0]!;
  const before = (await look()).pid;
  const file = path.join(folderOf(folder), name);
  await mkdir(folderOf(folder), { recursive: true, mode: 0o700 });
  await writeFile(file, '');
  const began = Date.now();
  for (;;) {
    await sleep(200);
    const row = await look();
    if (row.state === 'ready' && row.pid !== before) return row;
    const waiting = (await readdir(folderOf(folder))).includes(name);
    if (Date.now() - began > (waiting ? TAKEN_MS : READY_MS)) throw new NeuroError(`${name} was not ready in time.`, { code: 'TIMEOUT', remedy: 'Look at its log in the folder "logs" of the network.' });
  }
}
