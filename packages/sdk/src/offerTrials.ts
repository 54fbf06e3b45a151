import { trialsAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/**
 * The seller of a compute listing: allows trial runs under its terms, each for `fee` base units of NCR and at most `cap` of them to an
 * account; changes what the next ones cost; a `cap` of 0 ends them. Throws `REVERTED` for anybody else.
 */
export function offerTrials(parameters: { client: NeuroClient; listingId: number; fee: bigint; cap: number }): Promise<Sent> {
  const { client, listingId, fee, cap } = parameters;
  const sentence = cap === 0 ? `End trials on listing ${listingId}` : `Offer trials on listing ${listingId}`;
  return client.send({ address: client.config.deployment.addresses.trials, abi: trialsAbi, functionName: 'offer', args: [listingId, fee, cap], sentence });
}
