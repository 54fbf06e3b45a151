import { setTimeout as sleep } from 'node:timers/promises';
import type { NetRow } from './readNet.ts';
import { takeRequests } from './requests.ts';
import { startNet } from './startNet.ts';
import type { RunningNet, StartNetParameters } from './startNet.ts';

export type RunNetParameters = StartNetParameters & {
  /** Called with the table when all are ready, and again whenever a line of it changes. */
  show: (rows: NetRow[], net: RunningNet) => void;
};

const LOOK_MS = 1_000;

/** Runs a network in the foreground until SIGINT or SIGTERM, and restarts the nodes that others ask it to. */
export async function runNet(parameters: RunNetParameters): Promise<void> {
  const { say } = parameters;
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  process.on('SIGINT', stop).on('SIGTERM', stop);
  let net: RunningNet | undefined;
  try {
    net = await startNet({ ...parameters, signal: ending.signal });
    await watch(net, parameters, ending.signal);
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    say('stopping: workers, validators, gateways, chain');
    await net?.stop();
    say('Stopped. Everything is kept, and the next start goes on with it.');
  }
}

async function watch(net: RunningNet, { say, show }: Pick<RunNetParameters, 'say' | 'show'>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    show(await net.rows(), net);
    for (const name of await takeRequests(net.folder)) await net.restart(name).catch((error: unknown) => say(`  ✗ ${error instanceof Error ? error.message : String(error)}`));
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}
