import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { formatNcr } from '@neurodata/protocol';
import { lockFolder } from './chain/folderLock.ts';
import { readRoleSettings, readSettings } from './config.ts';
import type { RoleSettings, Settings } from './config.ts';
import { startRoles } from './processes/startRoles.ts';
import type { StandIns } from './processes/startRoles.ts';
import { startNode } from './startNode.ts';
import type { RunningNode } from './startNode.ts';

export type RunNodeOptions = {
  /** Builds the web app where it is stale; resolves to its folder. */
  buildWeb?: () => Promise<string>;
  /** What settings are read from; the process's environment by default. */
  environment?: Record<string, string | undefined>;
  /** In the place of what the environment says. */
  settings?: Partial<Settings>;
  standIns?: StandIns;
  /** Where progress goes; stderr by default. */
  print?: (line: string) => void;
};

/** Runs a node, or those of its roles that the settings name, in the foreground until SIGINT or SIGTERM: what `npm start` does. */
export async function runNode(options: RunNodeOptions = {}): Promise<void> {
  const print = options.print ?? ((line: string) => console.error(line));
  const started = performance.now();
  const role = readRoleSettings(options.environment);
  const settings = { ...readSettings(options.environment), ...options.settings };
  const pidFile = path.join(settings.home, 'node.pid');
  await mkdir(settings.home, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(settings.home);
  await writeFile(pidFile, `${process.pid}\n`);
  const stopped = Promise.withResolvers<void>();
  // A failure before anybody waits is met below all the same.
  stopped.promise.catch(() => undefined);
  let node: { stop(): Promise<void> } | undefined;
  onSignals({ stop: stopped.resolve, print });
  try {
    const { greeting, ...running } = await start({ settings, role, options, print, onFailure: stopped.reject });
    node = running;
    print(greeting((performance.now() - started) / 1000));
    await stopped.promise;
  } finally {
    await node?.stop();
    await rm(pidFile, { force: true });
    await lock.release();
    print('Stopped. Everything is kept in the state folder.');
  }
}

/** Ctrl-C reaches a child twice, from the terminal and from its parent: only one that comes later means "at once". */
function onSignals(parameters: { stop: () => void; print: (line: string) => void }): void {
  const { stop, print } = parameters;
  let since: number | undefined;
  // Of a network's node: without the process that started it nobody would ever stop it.
  process.on('disconnect', stop);
  // Waiting for that keeps nothing running by itself.
  process.channel?.unref();
  // It may have gone while this one was still loading.
  if (process.connected === false) stop();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (since === undefined) {
        since = performance.now();
        print(`\n${signal}: stopping; once more ends it at once, and nothing is lost by that either`);
        stop();
      } else if (performance.now() - since > 1000) {
        process.exit(130);
      }
    });
  }
}

type StartParameters = { settings: Settings; role: RoleSettings | undefined; options: RunNodeOptions; print: (line: string) => void; onFailure: (error: Error) => void };
type Started = { greeting: (seconds: number) => string; stop(): Promise<void> };

async function start({ settings, role, options, print, onFailure }: StartParameters): Promise<Started> {
  const serves = role === undefined || role.roles.includes('gateway');
  const webFolder = settings.web && serves ? options.buildWeb?.() : undefined;
  webFolder?.catch(() => undefined);
  const web = webFolder ? { webFolder } : {};
  if (role) {
    const running = await startRoles({ settings, role, options: { onStep: (name) => print(`  ✓ ${name}`), onFailure, ...web, ...(options.standIns ? { standIns: options.standIns } : {}) } });
    const where = running.urls.map((one) => `${one.role} ${one.url}`).join(', ');
    return { greeting: (seconds) => `Ready after ${seconds.toFixed(1)} s: ${where}   state ${settings.home}`, stop: running.stop };
  }
  const node = await startNode(settings, { onStep: ({ name, state, detail }) => { if (state === 'done') print(`  ✓ ${name}${detail ? ` (${detail})` : ''}`); }, onFailure, ...web });
  return { greeting: (seconds) => greet(node, settings, seconds), stop: node.stop };
}

function greet(node: RunningNode, settings: Settings, seconds: number): string {
  const url = node.url.replace('127.0.0.1', 'localhost');
  return [
    '',
    `NeuroData is ready after ${seconds.toFixed(1)} s: ${url}`,
    `  API ${url}/api/v1   readiness ${url}/readyz   state ${settings.home}`,
    '',
    'Demo accounts (play money, keys known to everybody):',
    ...node.cast.people.map(({ name, role, account }) => `  ${name.padEnd(10)} ${account.address}  ${role}`),
    `  fee ${node.config.feeBps / 100} %, validation ${formatNcr(node.config.roundFee)} NCR a round, bond ${formatNcr(node.config.listingBond)} NCR an asset`,
    '',
    'Ctrl-C stops everything; the next start has everything that was there.',
  ].join('\n');
}

