import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { NeuroError } from '@neurodata/protocol';
import { lockFolder } from '../chain/folderLock.ts';
import { mapLimited } from '../common/mapLimited.ts';
import type { Role } from '../config.ts';
import { fundNodes } from './fundNodes.ts';
import { logOf, planNet } from './planNet.ts';
import type { NetNode, NetPlan, NetSize } from './planNet.ts';
import { readNet } from './readNet.ts';
import type { NetRow } from './readNet.ts';
import { spawnNode } from './spawnNode.ts';

export type StartNetParameters = {
  folder: string;
  size: NetSize;
  /** The first of its ports; 0 picks free ones. */
  port: number;
  command: string[];
  environment: Record<string, string | undefined>;
  say: (line: string) => void;
  /** Ends a start that is under way. */
  signal?: AbortSignal;
};

export type RunningNet = {
  folder: string;
  plan: NetPlan;
  rows(): Promise<NetRow[]>;
  /** Ends a node's process and starts it again; resolves when it is ready. */
  restart(name: string): Promise<void>;
  /** Sends a signal to a node's process. */
  kill(name: string, signal: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
};

/** Processes started at the same time: each takes a second of a core to load. */
const AT_A_TIME = 3;
const READY_MS = 180_000;
const STOP_MS = 30_000;
const stopOrder: Role[] = ['worker', 'validator', 'gateway', 'chain'];

/** Starts a network of processes on this machine, or takes up the one in `folder`; resolves when all of them are ready. */
export async function startNet(parameters: StartNetParameters): Promise<RunningNet> {
  const { folder, size, port, say, signal } = parameters;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(folder);
  const children = new Map<string, ChildProcess>();
  const stop = async (): Promise<void> => {
    for (const role of stopOrder) await Promise.all([...children].filter(([name]) => roleOf(name) === role).map(([, child]) => end(child)));
    await lock.release();
  };
  try {
    const plan = await planNet({ folder, size, port });
    const start = async (node: NetNode): Promise<void> => {
      const child = await spawnNode({ ...parameters, plan, node });
      children.set(node.name, child);
      await waitUntilReady({ folder, plan, node, child, signal });
      say(`  ✓ ${node.name}`);
    };
    const nodesOf = (...roles: Role[]): NetNode[] => plan.nodes.filter(({ role }) => roles.includes(role));
    const chain = nodesOf('chain')[0]!;
    await start(chain);
    await fundNodes({ folder, rpcUrl: `http://127.0.0.1:${chain.port}/rpc`, nodes: nodesOf('validator', 'worker') });
    for (const group of [nodesOf('gateway'), nodesOf('validator', 'worker')]) await mapLimited(group, AT_A_TIME, start);
    const find = (name: string): NetNode => {
      const node = plan.nodes.find((one) => one.name === name);
      if (!node) throw new NeuroError(`The network has no node "${name}".`, { code: 'NOT_FOUND', remedy: `It has ${plan.nodes.map((one) => one.name).join(', ')}.` });
      return node;
    };
    const restart = async (name: string): Promise<void> => {
      const node = find(name);
      const child = children.get(name);
      if (child) await end(child);
      await start(node);
    };
    const kill = async (name: string, signal: NodeJS.Signals): Promise<void> => {
      const child = children.get(find(name).name);
      if (!child || hasEnded(child)) return;
      const ends = signal === 'SIGKILL' || signal === 'SIGTERM';
      const exited = ends && once(child, 'exit');
      child.kill(signal);
      await exited;
    };
    return { folder, plan, rows: () => readNet(folder, plan), restart, kill, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function roleOf(name: string): Role {
  return name.replace(/-\d+$/, '') as Role;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  // One that is stopped (SIGSTOP) cannot hear anything else.
  child.kill('SIGCONT');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(timer);
}

async function waitUntilReady(parameters: { folder: string; plan: NetPlan; node: NetNode; child: ChildProcess; signal: AbortSignal | undefined }): Promise<void> {
  const { folder, plan, node, child, signal } = parameters;
  const alone = { ...plan, nodes: [node] };
  for (const until = Date.now() + READY_MS; Date.now() < until; await sleep(200)) {
    signal?.throwIfAborted();
    if (hasEnded(child)) throw new NeuroError(`${node.name} ended while it was starting.`, { code: 'NOT_READY', details: await lastLines(logOf(folder, node)), remedy: `Its log is ${logOf(folder, node)}.` });
    const [row] = await readNet(folder, alone);
    if (row?.state === 'ready') return;
  }
  throw new NeuroError(`${node.name} was not ready after ${READY_MS / 1000} s.`, { code: 'NOT_READY', details: await lastLines(logOf(folder, node)), remedy: `Its log is ${logOf(folder, node)}.` });
}

async function lastLines(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-6).join('\n');
}
