import { type HandoverRef, custodyAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/** A handover of a key as the chain has it. Times in Unix seconds. */
export type HandoverFacts = HandoverRef & {
  opener: Address;
  /** That it would begin. */
  epoch: number;
  until: number;
  anchorBlock: bigint;
  /** Places in the committee of now whose holders are replaced. */
  without: number[];
  /** Who shall hold the key; empty until it is drawn. */
  committee: number[];
};

/** Reads a handover, at the head or at a finalized block; `epoch` is 0 where its opener never opened one. */
export async function readHandover(parameters: HandoverRef & { client: NeuroClient; blockTag?: 'latest' | 'finalized' }): Promise<HandoverFacts> {
  const { client, assetId, version, opener, blockTag = 'latest' } = parameters;
  const contract = { address: client.config.deployment.addresses.custody, abi: custodyAbi } as const;
  const { epoch, until, anchorBlock, without, committee } = await client.publicClient
    .readContract({ ...contract, functionName: 'handover', args: [BigInt(assetId), version, opener], blockTag })
    .catch((error: unknown) => { throw toNeuroError(error); });
  const places = Array.from({ length: 12 }, (_, place) => place).filter((place) => (without & (1 << place)) !== 0);
  return { assetId, version, opener, epoch, until, anchorBlock, without: places, committee: [...committee] };
}
