import { execFile } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { RunningNet } from '@neurodata/node';
import type { Hex } from 'viem';
import { rewindChain } from '../../apps/node/test/rewindChain.ts';
import { writeSkies } from './weather.ts';
import type { Fault, Skies } from './weather.ts';

const LOOK_EVERY_MS = 2_000;
/** Of a file: what a full disk leaves. Everything that is written beyond fails with EFBIG. */
const NO_ROOM = '1:unlimited';
const ROOM = 'unlimited:unlimited';

export type Campaign = {
  /** How many faults of each kind have happened. */
  counts: Record<string, number>;
  /** Nodes that ended by themselves, for want of something that the weather took, and were started again. */
  crashes: number;
  /** Puts everything right and waits until every node is ready. */
  calm(): Promise<void>;
};

export type CampaignParameters = {
  net: RunningNet;
  faults: Fault[];
  skiesFile: string;
  /** Faults that last for the whole campaign. */
  climate: Skies;
  /** The height below which the chain is never rewritten. */
  floor: number;
  say: (line: string) => void;
};

/** Lets faults happen at their times, and starts again what ended, as a service manager does. */
export function startCampaign(parameters: CampaignParameters): Campaign {
  const { net, faults, say } = parameters;
  const skies: Skies = { ...parameters.climate };
  const away = new Set<string>();
  const counts: Record<string, number> = {};
  const ending = new AbortController();
  const state = { crashes: 0 };
  let last = Promise.resolve();
  const setSky = (node: string, sky: Skies[string]): Promise<void> => {
    skies[node] = sky ? { ...parameters.climate[node], ...sky } : parameters.climate[node];
    last = last.then(() => writeSkies(parameters.skiesFile, skies));
    return last;
  };
  const begun = performance.now();
  const happen = async (fault: Fault): Promise<void> => {
    await sleep(Math.max(0, fault.at - (performance.now() - begun)), undefined, { signal: ending.signal });
    if (away.has(fault.node)) return;
    away.add(fault.node);
    counts[fault.kind] = (counts[fault.kind] ?? 0) + 1;
    say(`  ~ ${fault.kind} ${fault.node}${fault.depth ? ` by ${fault.depth} blocks` : ''} for ${(fault.lasts / 1_000).toFixed(1)} s`);
    try {
      await strike({ net, fault, floor: parameters.floor, setSky });
    } catch (error) {
      say(`  ! ${fault.kind} ${fault.node}: ${String(error)}`);
    } finally {
      away.delete(fault.node);
    }
  };
  const happening = faults.map((fault) => happen(fault).catch(() => undefined));
  const watch = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      for (const { name, state: is } of await net.rows()) {
        if (is !== 'down' || away.has(name)) continue;
        state.crashes += 1;
        say(`  ~ ${name} has ended by itself; it is started again`);
        await net.restart(name).catch((error: unknown) => say(`  ! ${name}: ${String(error)}`));
      }
      await sleep(LOOK_EVERY_MS);
    }
  };
  const watching = watch();
  return {
    counts,
    get crashes() {
      return state.crashes;
    },
    calm: async () => {
      ending.abort();
      await Promise.all([...happening, watching]);
      for (const { name, state: is } of await net.rows()) if (is === 'down') await net.restart(name);
      await writeSkies(parameters.skiesFile, {});
      const until = Date.now() + 120_000;
      while (!(await net.rows()).every((row) => row.state === 'ready') && Date.now() < until) await sleep(500);
    },
  };
}

async function strike(parameters: { net: RunningNet; fault: Fault; floor: number; setSky: (node: string, sky: Skies[string]) => Promise<void> }): Promise<void> {
  const { net, fault, floor, setSky } = parameters;
  const { node, kind, lasts } = fault;
  if (kind === 'kill' || kind === 'chainRestart' || kind === 'reorg') {
    await net.kill(node, 'SIGKILL');
    if (kind === 'kill') await sleep(lasts);
    const dropped = kind === 'reorg' ? await rewindChain({ folder: path.join(net.folder, 'chain', 'chain'), depth: fault.depth ?? 1, floor }) : undefined;
    await net.restart(node);
    if (dropped) await sendAgain(net, dropped.transactions);
  } else if (kind === 'stop') {
    await net.kill(node, 'SIGSTOP');
    await sleep(lasts);
    await net.kill(node, 'SIGCONT');
  } else if (kind === 'diskFull') {
    const pid = (await net.rows()).find((row) => row.name === node)?.pid;
    if (!pid) return;
    await limitFiles(pid, NO_ROOM);
    await sleep(lasts);
    await limitFiles(pid, ROOM);
  } else {
    await setSky(node, fault.sky);
    await sleep(lasts);
    await setSky(node, undefined);
  }
}

/** As `prlimit` of util-linux does; a process that has ended meanwhile has no limits. */
async function limitFiles(pid: number, limits: string): Promise<void> {
  await promisify(execFile)('prlimit', ['--pid', String(pid), `--fsize=${limits}`]).catch(() => undefined);
}

/** What was in blocks that are gone is in the pools of a network, and comes into others; what is not valid any more is left out. */
async function sendAgain(net: RunningNet, transactions: Hex[]): Promise<void> {
  const { port } = net.plan.nodes.find(({ role }) => role === 'chain')!;
  for (const raw of transactions) {
    await fetch(`http://127.0.0.1:${port}/rpc`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_sendRawTransaction', params: [raw] }), signal: AbortSignal.timeout(20_000),
    }).then((answer) => answer.arrayBuffer(), () => undefined);
  }
}
