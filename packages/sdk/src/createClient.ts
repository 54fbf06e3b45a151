import { type Config, NeuroError } from '@neurodata/protocol';
import { type BlockRetry, type BlockStore, type Storage, cachedBlocks, createStorage, gatewayBlocks } from '@neurodata/storage';
import { type Chain, type PublicClient, type Transport, createPublicClient, defineChain, encodeFunctionData, http } from 'viem';
import { type ApiClient, createApi } from './api.ts';
import { toNeuroError } from './errors.ts';
import { contractNameOf, decodeCall } from './decodeCall.ts';
import { type IdentityStore, memoryIdentities } from './identities.ts';
import { type AnyCall, type Send, createSend } from './send.ts';
import type { OnSigning, Signer } from './signer.ts';
import { createTeller, tellingSigner } from './tellSigning.ts';
import { type VoteStore, memoryVotes } from './votes.ts';

/** What every verb works with: the node's API, the chain, the storage, and who acts. */
export type NeuroClient = {
  url: string;
  api: ApiClient;
  config: Config;
  storage: Storage;
  /** The node's gateway alone, without a local cache in front. */
  gateway: BlockStore;
  publicClient: PublicClient;
  account?: Signer;
  identities: IdentityStore;
  /** Where a juror's votes are kept until they are revealed. */
  votes: VoteStore;
  send: Send;
  fetch: typeof fetch;
  /** Validators are asked through the node: pages may call no other host. */
  relay?: boolean;
};

/** What is enough to read the contracts. */
export type ChainReader = Pick<NeuroClient, 'config' | 'publicClient'>;
/** And the documents whose digests they hold. */
export type DocumentReader = ChainReader & { storage: Pick<Storage, 'readRaw'> };

export type CreateClientParameters = {
  /** The node's base URL, e.g. `http://localhost:4000`. */
  url: string;
  account?: Signer;
  identities?: IdentityStore;
  /** In memory by default: then a vote that was committed is lost with the process. */
  votes?: VoteStore;
  fetch?: typeof fetch;
  /** Blocks kept by this process: read first, and written besides the node's gateway. */
  localBlocks?: BlockStore;
  /** Whether validators are asked through the node; so it is in browsers where absent. */
  relay?: boolean;
  /** Whether `send` waits until the node's rows show its effect; true by default. Roles read the chain instead. */
  readOwnWrites?: boolean;
  /** Is told of every transaction and all typed data, in a sentence, before it is signed, and how it stands afterwards. */
  onSigning?: OnSigning;
  /** Is told before a block that the node did not take is sent again. */
  onRetry?: (retry: BlockRetry) => void;
};

/**
 * Connects to a node: reads its configuration and checks that its RPC serves the chain and the contracts it names.
 * Throws `UNREACHABLE`, `WRONG_CHAIN` or `NOT_READY`.
 *
 * @example const client = await createClient({ url: 'http://localhost:4000', account: privateKeyToAccount(key) });
 */
export async function createClient(parameters: CreateClientParameters): Promise<NeuroClient> {
  const url = parameters.url.replace(/\/+$/, '');
  const { localBlocks, onSigning, onRetry } = parameters;
  const send: typeof fetch = parameters.fetch ?? ((input, init) => fetch(input, init));
  const api = createApi({ url, fetch: send });
  const config = await api.getConfig();
  const { chain, transport, publicClient } = await connectRpc({ config, rpcUrl: new URL(config.rpcUrl, `${url}/`).href, fetch: send });
  const account = parameters.account && onSigning ? tellingSigner({ account: parameters.account, config, onSigning }) : parameters.account;
  const gateway = gatewayBlocks({ url, fetch: send, upload: true, ...(onRetry ? { onRetry } : {}) });
  return {
    url, api, config, gateway, publicClient, fetch: send,
    storage: createStorage(localBlocks ? writingBoth(localBlocks, gateway) : gateway),
    identities: parameters.identities ?? memoryIdentities(),
    votes: parameters.votes ?? memoryVotes(),
    send: createSend({
      publicClient, chain, transport, account,
      ...(onSigning ? { teller: (call, address) => createTeller(onSigning, { kind: 'transaction', account: address, sentence: sentenceOf(config, call) }) } : {}),
      indexed: (block) => (parameters.readOwnWrites === false ? Promise.resolve() : waitForIndex(api, block)),
    }),
    ...(account ? { account } : {}),
    relay: parameters.relay ?? ('window' in globalThis || 'WorkerGlobalScope' in globalThis),
  };
}

/** With its amounts where a contract of the system is called; an approval says itself what it is for. */
function sentenceOf(config: Config, call: AnyCall): string {
  const contract = contractNameOf(config, call.address);
  if (!contract || (contract === 'neuroCoin' && call.functionName === 'approve')) return call.sentence;
  return decodeCall(config, { to: call.address, input: encodeFunctionData({ abi: call.abi, functionName: call.functionName, args: [...call.args] }), value: 0n }).sentence;
}

const INDEX_WAIT_MS = 5_000;

/** The chain has the transaction already: a node that is slow to index it, or does not answer, is no failure of it. */
async function waitForIndex(api: ApiClient, block: bigint): Promise<void> {
  const until = performance.now() + INDEX_WAIT_MS;
  while (performance.now() < until) {
    const stats = await api.getStats().catch(() => undefined);
    if (!stats || stats.indexed >= Number(block)) return;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

type Rpc = { chain: Chain; transport: Transport; publicClient: PublicClient };

/** Connects to the chain of `config`, once it is seen to be that chain and to have the contracts. */
export async function connectRpc(parameters: { config: Config; rpcUrl: string; fetch?: typeof fetch }): Promise<Rpc> {
  const { config, rpcUrl, fetch: fetchFn } = parameters;
  const chain = chainOf(config, rpcUrl);
  const transport = http(rpcUrl, { batch: { batchSize: 50 }, timeout: 20_000, retryCount: 2, ...(fetchFn ? { fetchFn } : {}) });
  const publicClient: PublicClient = createPublicClient({ chain, transport, pollingInterval: 300 });
  await checkChain(publicClient, config);
  return { chain, transport, publicClient };
}

function chainOf(config: Config, rpcUrl: string): Chain {
  return defineChain({
    id: config.deployment.chainId,
    name: `chain ${config.deployment.chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
}

async function checkChain(publicClient: PublicClient, config: Config): Promise<void> {
  const { chainId, addresses } = config.deployment;
  try {
    const actual = await publicClient.getChainId();
    if (actual !== chainId) throw new NeuroError(`The RPC serves chain ${actual}, the node is set up for chain ${chainId}.`, { code: 'WRONG_CHAIN', remedy: 'Correct the RPC address in the node.' });
    const codes = await Promise.all(Object.values(addresses).map((address) => publicClient.getCode({ address })));
    const missing = Object.keys(addresses).filter((_, index) => (codes[index] ?? '0x') === '0x');
    if (missing.length > 0) throw new NeuroError(`There is no contract at the address of ${missing.join(', ')} on chain ${chainId}.`, { code: 'WRONG_CHAIN', remedy: 'Start the node on the chain on which it was deployed.' });
  } catch (error) {
    throw toNeuroError(error);
  }
}

/** Reads from the local blocks first; a block counts as stored once the node's gateway has it too. */
function writingBoth(local: BlockStore, gateway: BlockStore): BlockStore {
  return {
    ...cachedBlocks([local, gateway]),
    put: async (cid, bytes, options) => {
      await local.put(cid, bytes, options);
      if (!(await gateway.has(cid))) await gateway.put(cid, bytes, options);
    },
  };
}

/** The client's account; throws `BAD_INPUT` where there is none. */
export function accountOf(client: NeuroClient): Signer {
  if (client.account) return client.account;
  throw new NeuroError('This needs an account, and none is connected.', { code: 'BAD_INPUT', remedy: 'Choose an account first.' });
}
