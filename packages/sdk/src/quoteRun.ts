import { trainingAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

export type RunQuote = { price: bigint; workerFee: bigint; validationFee: bigint; total: bigint };

/** What one run on a compute listing costs now, in base units of NCR. */
export async function quoteRun(parameters: { client: NeuroClient; listingId: number }): Promise<RunQuote> {
  const { client, listingId } = parameters;
  const [price, workerFee, validationFee] = await client.publicClient.readContract({
    address: client.config.deployment.addresses.training, abi: trainingAbi, functionName: 'quote', args: [listingId],
  }).catch((error: unknown) => { throw toNeuroError(error); });
  return { price, workerFee, validationFee, total: price + workerFee + validationFee };
}
