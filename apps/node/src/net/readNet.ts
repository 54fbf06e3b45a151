import { holderOf } from '../chain/folderLock.ts';
import type { Role } from '../config.ts';
import { homeOf } from './planNet.ts';
import type { NetNode, NetPlan } from './planNet.ts';

/** One line of a network's table. `height` is the newest block that the node knows; `pid` is null where it is down. */
export type NetRow = { name: string; role: Role; pid: number | null; port: number; state: 'ready' | 'starting' | 'down'; height: number | null; lastDuty: { what: string; at: number } | null };

const ANSWER_MS = 4_000;

type Answer = { ready?: boolean; height?: number | null; lastDuty?: NetRow['lastDuty']; indexed?: number; head?: number };

/** Asks every node of a network how it is. */
export function readNet(folder: string, plan: NetPlan): Promise<NetRow[]> {
  return Promise.all(plan.nodes.map(async (node) => {
    const pid = await holderOf(homeOf(folder, node));
    const row = { name: node.name, role: node.role, port: node.port };
    if (pid === undefined) return { ...row, pid: null, state: 'down', height: null, lastDuty: null } satisfies NetRow;
    const { ready, height, lastDuty } = await (node.role === 'gateway' ? askGateway(node) : ask(node, '/status'));
    return { ...row, pid, state: ready ? 'ready' : 'starting', height: height ?? null, lastDuty: lastDuty ?? null } satisfies NetRow;
  }));
}

async function askGateway(node: NetNode): Promise<Answer> {
  const [{ ready }, { indexed }] = await Promise.all([ask(node, '/readyz'), ask(node, '/api/v1/stats')]);
  return { ...(ready === undefined ? {} : { ready }), height: indexed ?? null };
}

async function ask(node: NetNode, path: string): Promise<Answer> {
  try {
    const response = await fetch(`http://127.0.0.1:${node.port}${path}`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return (await response.json()) as Answer;
  } catch {
    return {};
  }
}
