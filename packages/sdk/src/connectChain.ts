import type { Config } from '@neurodata/protocol';
import { type BlockStore, createStorage } from '@neurodata/storage';
import type { LocalAccount } from 'viem';
import { createApi } from './api.ts';
import { type NeuroClient, connectRpc } from './createClient.ts';
import { memoryIdentities } from './identities.ts';
import { createSend } from './send.ts';
import { memoryVotes } from './votes.ts';

export type ConnectChainParameters = {
  /** What the chain says of itself: its contracts above all. */
  config: Config;
  rpcUrl: string;
  /** Where blocks come from and go to. */
  blocks: BlockStore;
  /** Where others find them, without local copies in front. */
  gateway: BlockStore;
  account: LocalAccount;
  /** A gateway, for those verbs that read rows. */
  url: string;
};

/**
 * Connects to a chain by its own RPC, and to blocks wherever they are: for roles, which need no gateway's rows.
 * Throws `UNREACHABLE` or `WRONG_CHAIN`.
 */
export async function connectChain(parameters: ConnectChainParameters): Promise<NeuroClient> {
  const { config, rpcUrl, blocks, gateway, account, url } = parameters;
  const { chain, transport, publicClient } = await connectRpc({ config, rpcUrl });
  const send: typeof fetch = (input, init) => fetch(input, init);
  return {
    url, api: createApi({ url }), config, account, publicClient,
    storage: createStorage(blocks), gateway, fetch: send,
    identities: memoryIdentities(), votes: memoryVotes(),
    send: createSend({ publicClient, chain, transport, account, indexed: () => Promise.resolve() }),
  };
}
