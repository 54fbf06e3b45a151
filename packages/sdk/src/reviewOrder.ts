import { canonicalJson, reviewsAbi } from '@neurodata/protocol';
import { type Hex, zeroHash } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/**
 * The buyer of a completed order says what it was worth, 1 to 5; a second call changes it, once. `text` is stored publicly,
 * its digest goes on chain. Throws `REVERTED`.
 */
export async function reviewOrder(parameters: { client: NeuroClient; orderId: Hex; rating: number; text?: string }): Promise<{ edited: boolean; textCid: string | undefined; hash: Hex; gasUsed: bigint }> {
  const { client, orderId, rating, text } = parameters;
  const reviews = { address: client.config.deployment.addresses.reviews, abi: reviewsAbi } as const;
  const known = await client.publicClient.readContract({ ...reviews, functionName: 'reviewOf', args: [orderId] });
  const stored = text === undefined ? undefined : await client.storage.addRaw(canonicalJson({ version: 1, orderId, text })).catch((error: unknown) => { throw toNeuroError(error); });
  const edited = known.rating !== 0;
  const sent = await client.send({ ...reviews, functionName: edited ? 'edit' : 'review', args: [orderId, rating, stored?.digest ?? zeroHash], sentence: `Review order ${orderId}` });
  return { edited, textCid: stored?.cid, hash: sent.hash, gasUsed: sent.gasUsed };
}
