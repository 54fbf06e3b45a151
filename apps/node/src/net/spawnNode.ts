import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NeuroError } from '@neurodata/protocol';
import { holderOf } from '../chain/folderLock.ts';
import { homeOf, logOf } from './planNet.ts';
import type { NetNode, NetPlan } from './planNet.ts';

const LEAVE_MS = 20_000;

export type SpawnParameters = {
  folder: string;
  plan: NetPlan;
  node: NetNode;
  /** Program and arguments of the command line, before `node up`. */
  command: string[];
  /** What the network itself was started with. */
  environment: Record<string, string | undefined>;
};

/** Starts one node as a process of its own, its output into its log. It ends when this process does: it listens on the channel. */
export async function spawnNode(parameters: SpawnParameters): Promise<ChildProcess> {
  const { folder, node, command } = parameters;
  await waitForLeftover(folder, node);
  await mkdir(path.join(folder, 'logs'), { recursive: true, mode: 0o700 });
  const log = await open(logOf(folder, node), 'a', 0o600);
  try {
    const [program = process.execPath, ...first] = command;
    // A group of its own: Ctrl-C at the terminal is for the network, which stops its nodes in their order.
    return spawn(program, [...first, 'node', 'up'], { env: environmentOf(parameters), stdio: ['ignore', log.fd, log.fd, 'ipc'], detached: true });
  } finally {
    await log.close();
  }
}

/** A network that was killed leaves nodes that are on their way out. */
async function waitForLeftover(folder: string, node: NetNode): Promise<void> {
  const until = Date.now() + LEAVE_MS;
  for (let pid = await holderOf(homeOf(folder, node)); pid !== undefined; pid = await holderOf(homeOf(folder, node))) {
    if (Date.now() > until) throw new NeuroError(`${node.name} runs already, as process ${pid}.`, { code: 'CONFLICT', remedy: `End it with "kill ${pid}", and start again.` });
    await sleep(200);
  }
}

function environmentOf({ folder, plan, node, environment }: SpawnParameters): Record<string, string | undefined> {
  const urlOf = ({ port }: NetNode): string => `http://127.0.0.1:${port}`;
  const chain = plan.nodes.find(({ role }) => role === 'chain')!;
  const gateways = plan.nodes.filter(({ role, name }) => role === 'gateway' && name !== node.name);
  const inherited = Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('NEURODATA_') || ['NEURODATA_LOG', 'NEURODATA_WEB', 'NEURODATA_NODE', 'NEURODATA_DEBUG'].includes(name)));
  const common = { ...inherited, NEURODATA_ROLE: node.role, NEURODATA_HOME: homeOf(folder, node), NEURODATA_HOST: '127.0.0.1', NEURODATA_PORT: String(node.port), NEURODATA_THREADS: '1' };
  if (node.role === 'chain') return common;
  return {
    ...common, NEURODATA_RPC_URL: `${urlOf(chain)}/rpc`, NEURODATA_DEPLOYMENT: path.join(homeOf(folder, chain), 'deployment.json'),
    NEURODATA_GATEWAYS: gateways.map(urlOf).join(','), ...(node.role === 'gateway' ? { NEURODATA_DEMO: '1' } : {}),
  };
}
