import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startNode } from '@neurodata/node';
import type { RunningNode, StartOptions } from '@neurodata/node';
import { parseNcr } from '@neurodata/protocol';
import { createClient, waitForVersion } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { privateKeyToAccount } from 'viem/accounts';
import { defaultWindows } from '../apps/node/src/config.ts';
import type { Settings } from '../apps/node/src/config.ts';
import { freePort } from '../apps/node/src/freePort.ts';
import { readDatasets } from '../apps/node/src/seed/readDatasets.ts';
import { sharedFolder } from '../apps/node/src/common/testing/sharedFolder.ts';

export type Stack = {
  node: RunningNode;
  home: string;
  /** A client that signs as one of the demo people, each time with the same identities. */
  client(name: string): Promise<NeuroClient>;
  /** Stops the node and starts it again on the same folder. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

export type StackOptions = { settings?: Partial<Settings>; start?: StartOptions };

const usual: Omit<Settings, 'home' | 'port'> = {
  host: '127.0.0.1', chainId: 31_337, validators: 3, committee: 3, workers: 2, threads: 2, offer: { cores: 2, memoryMiB: 4_096, pricePerUnit: parseNcr('0.4') }, challenges: true, canaries: 0, allowedOrigins: [], trustedProxies: [], mailFrom: 'test@localhost', seed: false, web: false, windows: defaultWindows, logLevel: process.env['NEURODATA_LOG'] ?? 'silent',
};

/** Settings with which a stack may begin as a copy: `seed` and `workers` say of which, and of the others a first start leaves nothing behind. */
const passing: ReadonlySet<string> = new Set<keyof Settings>(['seed', 'workers', 'allowedOrigins', 'walletConnect', 'bitswap', 'firstAdmin']);

/**
 * What a first start of such a stack has left behind, with its contracts, roles and example datasets, made once for many; undefined where
 * settings or stand-ins make it another one.
 */
async function findBeginning({ settings = {}, start = {} }: StackOptions): Promise<string | undefined> {
  const { seed, workers } = { ...usual, ...settings };
  const isUsual = (workers === usual.workers || workers === 0) && Object.keys(settings).every((name) => passing.has(name));
  if (!isUsual || start.check || start.train) return undefined;
  return sharedFolder(`stack-${workers}-workers${seed ? '-seeded' : ''}`, async (home) => {
    const node = await startNode({ ...usual, seed, workers, home, port: await freePort() });
    try {
      if (seed) await waitForSeeds(node);
    } finally {
      await node.stop();
    }
  });
}

/** Until validators have accepted each with its sample, so that no deadline is left to pass. */
async function waitForSeeds(node: RunningNode): Promise<void> {
  const client = await createClient({ url: node.url });
  const count = 2 * (await readDatasets()).length;
  for (let assetId = 1; assetId <= count; assetId += 1) await waitForVersion({ client, assetId, version: 1, status: 'live', timeoutMs: 120_000 });
}

/** A throw-away stack: real chain, contracts, database, storage, API, worker and validators in a temporary folder. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'neurodata-'));
  const beginning = await findBeginning(options);
  if (beginning) await cp(beginning, home, { recursive: true });
  const settings: Settings = { ...usual, home, port: await freePort(), ...options.settings };
  const clients = new Map<string, Promise<NeuroClient>>();
  let node = await startNode(settings, options.start);
  const connect = async (name: string): Promise<NeuroClient> => {
    const person = node.cast.people.find((one) => one.name === name);
    if (!person) throw new Error(`there is no demo account "${name}"`);
    return createClient({ url: node.url, account: privateKeyToAccount(person.account.privateKey) });
  };
  return {
    get node() {
      return node;
    },
    home,
    client(name) {
      const known = clients.get(name) ?? connect(name);
      clients.set(name, known);
      return known;
    },
    async restart() {
      await node.stop();
      node = await startNode(settings, options.start);
    },
    async stop() {
      await node.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
