import { type Config, canonicalJson, reviewsAbi } from '@neurodata/protocol';
import { type Hex, zeroHash } from 'viem';
import type { ChainReader, NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

const reviewsOf = (config: Config) => ({ address: config.deployment.addresses.reviews, abi: reviewsAbi }) as const;

/** What `reviewOrder` sends. `digest` is that of the text, which is stored already; `edited`: whether there is a review that this one takes the place of. */
export function reviewCall({ config, orderId, rating, digest = zeroHash, edited }: { config: Config; orderId: Hex; rating: number; digest?: Hex | undefined; edited: boolean }) {
  return { ...reviewsOf(config), functionName: edited ? 'edit' : 'review', args: [orderId, rating, digest], sentence: `Review order ${orderId}` } as const;
}

/** The review of an order as the chain has it; a rating of 0 where there is none. */
export async function readReview({ client, orderId }: { client: ChainReader; orderId: Hex }): Promise<{ rating: number }> {
  const { rating } = await client.publicClient.readContract({ ...reviewsOf(client.config), functionName: 'reviewOf', args: [orderId] }).catch((error: unknown) => { throw toNeuroError(error); });
  return { rating };
}

/**
 * The buyer of a completed order says what it was worth, 1 to 5; a second call changes it, once. `text` is stored publicly,
 * its digest goes on chain. Throws `REVERTED`.
 */
export async function reviewOrder(parameters: { client: NeuroClient; orderId: Hex; rating: number; text?: string }): Promise<{ edited: boolean; textCid: string | undefined; hash: Hex; gasUsed: bigint }> {
  const { client, orderId, rating, text } = parameters;
  const known = await readReview({ client, orderId });
  const stored = text === undefined ? undefined : await client.storage.addRaw(canonicalJson({ version: 1, orderId, text })).catch((error: unknown) => { throw toNeuroError(error); });
  const edited = known.rating !== 0;
  const sent = await client.send(reviewCall({ config: client.config, orderId, rating, digest: stored?.digest, edited }));
  return { edited, textCid: stored?.cid, hash: sent.hash, gasUsed: sent.gasUsed };
}
