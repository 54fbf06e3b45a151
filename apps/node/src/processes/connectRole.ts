import path from 'node:path';
import { connectChain, createApi } from '@neurodata/sdk';
import type { ApiClient, NeuroClient } from '@neurodata/sdk';
import { gatewayBlocks } from '@neurodata/storage';
import { createGateway, diskBlocks } from '@neurodata/storage/node';
import { privateKeyToAccount } from 'viem/accounts';
import type { RoleSettings } from '../config.ts';
import { readConfig } from '../readConfig.ts';
import { loadAccount } from './accountFile.ts';
import type { FoundChain } from './findChain.ts';
import { registryBlocks } from './registryBlocks.ts';
import { roleBlocks } from './roleBlocks.ts';

export type RoleConnection = {
  client: NeuroClient;
  /** Those that are told how a run goes and what was measured. */
  gateways: ApiClient[];
  /** What this process has itself, for others to read. */
  blockGateway: ReturnType<typeof createGateway>;
};

/** Where the key of a node's account lies in its state folder. */
export const accountFileOf = (home: string): string => path.join(home, 'account.key');

/** Connects a validator or worker: its own account and block folder, the chain by RPC, blocks by gateways and the registry. */
export async function connectRole(parameters: { home: string; role: RoleSettings; chain: FoundChain; endpoint: string }): Promise<RoleConnection> {
  const { home, role, chain, endpoint } = parameters;
  const { deployment, clients, rpcUrl } = chain;
  const account = role.privateKey ? privateKeyToAccount(role.privateKey) : await loadAccount(accountFileOf(home));
  const config = await readConfig({ publicClient: clients.publicClient, deployment, demo: false });
  const own = diskBlocks({ folder: path.join(home, 'blocks') });
  const others = [registryBlocks({ publicClient: clients.publicClient, validators: deployment.addresses.validators, own: endpoint })];
  const { storage, gateway } = roleBlocks({ own, gateways: role.gateways.map((url) => gatewayBlocks({ url, upload: true })), others });
  const client = await connectChain({ config, rpcUrl, blocks: storage, gateway, account, url: role.gateways[0] ?? rpcUrl });
  return { client, gateways: role.gateways.map((url) => createApi({ url, deadlineMs: 5_000 })), blockGateway: createGateway(own) };
}
