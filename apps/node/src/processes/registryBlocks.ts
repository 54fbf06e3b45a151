import { validatorsAbi } from '@neurodata/protocol';
import { StorageError, gatewayBlocks } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import type { Address, PublicClient } from 'viem';

const ASK_MS = 4_000;
const LIST_MS = 30_000;
/** Blocks looked for at the same time: a stranger's wrong CIDs must not become a flood at the validators' doors. */
const MAX_UNDER_WAY = 8;

/**
 * Blocks that the registered validators keep: whom to ask stands on chain, what comes is hashed. For what no gateway that
 * one knows has any more.
 */
export function registryBlocks(parameters: { publicClient: PublicClient; validators: Address; own?: string }): BlockStore {
  const { publicClient, validators, own } = parameters;
  const contract = { address: validators, abi: validatorsAbi } as const;
  let known: { at: number; stores: Promise<BlockStore[]> } | undefined;
  let underWay = 0;
  const list = async (): Promise<BlockStore[]> => {
    const count = await publicClient.readContract({ ...contract, functionName: 'validatorCount' });
    const all = await Promise.all(Array.from({ length: count }, (_, index) => publicClient.readContract({ ...contract, functionName: 'validator', args: [index + 1] })));
    return all.filter(({ active, endpoint }) => active && endpoint !== own && URL.canParse(endpoint)).map(({ endpoint }) => gatewayBlocks({ url: endpoint, onlyIfCached: true, deadlineMs: ASK_MS }));
  };
  const stores = (): Promise<BlockStore[]> => {
    if (!known || performance.now() - known.at > LIST_MS) known = { at: performance.now(), stores: list() };
    return known.stores.catch(() => {
      known = undefined;
      return [];
    });
  };
  const missing = (name: string): StorageError => new StorageError({ code: 'NOT_FOUND', cid: name, message: `No registered validator delivered block ${name}.` });
  return {
    // Whoever has it gives it: asking first would cost the same.
    has: () => Promise.resolve(false),
    get: async (cid, options) => {
      if (underWay >= MAX_UNDER_WAY) throw missing(cid.toString());
      underWay += 1;
      try {
        return await Promise.any((await stores()).map((store) => store.get(cid, options)));
      } catch {
        options?.signal?.throwIfAborted();
        throw missing(cid.toString());
      } finally {
        underWay -= 1;
      }
    },
    put: (cid) => Promise.reject(new StorageError({ code: 'UNSUPPORTED', cid: cid.toString(), message: 'Validators take no blocks from others.' })),
  };
}
