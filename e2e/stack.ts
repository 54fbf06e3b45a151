import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startNode } from '@neurodata/node';
import type { RunningNode, StartOptions } from '@neurodata/node';
import { parseNcr } from '@neurodata/protocol';
import { createClient } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { privateKeyToAccount } from 'viem/accounts';
import { defaultWindows } from '../apps/node/src/config.ts';
import type { Settings } from '../apps/node/src/config.ts';
import { freePort } from '../apps/node/src/freePort.ts';

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

/** A throw-away stack: real chain, contracts, database, storage, API, worker and validators in a temporary folder. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'neurodata-'));
  const settings: Settings = {
    home, host: '127.0.0.1', port: await freePort(), chainId: 31_337, validators: 3, committee: 3, workers: 2, threads: 2, offer: { cores: 2, memoryMiB: 4_096, pricePerUnit: parseNcr('0.4') }, challenges: true, canaries: 0, allowedOrigins: [], trustedProxies: [], mailFrom: 'test@localhost', seed: false, web: false, windows: defaultWindows, logLevel: process.env['NEURODATA_LOG'] ?? 'silent',
    ...options.settings,
  };
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
