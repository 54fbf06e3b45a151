import type { Readiness } from '@neurodata/protocol';
import { holderOf } from '../chain/folderLock.ts';
import type { Role } from '../config.ts';
import { homeOf } from './planNet.ts';
import type { NetNode, NetPlan } from './planNet.ts';

/** One line of a network's table. */
export type NetRow = {
  name: string;
  role: Role;
  /** Null where it is down. */
  pid: number | null;
  port: number;
  state: 'ready' | 'not ready' | 'down';
  /** Why it is not ready. */
  reason: string | null;
  /** The newest block that it knows. */
  height: number | null;
  lastDuty: { what: string; at: number } | null;
};

const ANSWER_MS = 4_000;

type Answer = { ready?: boolean; parts?: Readiness['parts']; height?: number | null; lastDuty?: NetRow['lastDuty']; indexed?: number; head?: number };

/** Asks every node of a network how it is. */
export function readNet(folder: string, plan: NetPlan): Promise<NetRow[]> {
  return Promise.all(plan.nodes.map(async (node) => {
    const pid = await holderOf(homeOf(folder, node));
    const row = { name: node.name, role: node.role, port: node.port };
    if (pid === undefined) return { ...row, pid: null, state: 'down', reason: null, height: null, lastDuty: null } satisfies NetRow;
    const { ready, parts, height, lastDuty } = await (node.role === 'gateway' ? askGateway(node) : ask(node, '/status'));
    const reason = ready ? null : (Object.values(parts ?? {}).find((part) => !part.ready)?.reason ?? 'it does not answer');
    return { ...row, pid, state: ready ? 'ready' : 'not ready', reason, height: height ?? null, lastDuty: lastDuty ?? null } satisfies NetRow;
  }));
}

async function askGateway(node: NetNode): Promise<Answer> {
  const [{ ready, parts }, { indexed }] = await Promise.all([ask(node, '/readyz'), ask(node, '/api/v1/stats')]);
  return { ...(ready === undefined ? {} : { ready }), ...(parts ? { parts } : {}), height: indexed ?? null };
}

async function ask(node: NetNode, path: string): Promise<Answer> {
  try {
    const response = await fetch(`http://127.0.0.1:${node.port}${path}`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return (await response.json()) as Answer;
  } catch {
    return {};
  }
}
