import { type AppealState, type CurationStatus, NeuroError, appealStates, curationAbi, curationStatuses } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/** `until` in Unix seconds: the review's end, or the last moment of an appeal; 0 where neither runs. `bond` in base units of NCR. */
export type CurationFacts = { assetId: number; status: CurationStatus; appeal: AppealState; until: number; bond: bigint; disputeId?: bigint };

/** What Curation holds and says of an asset; throws `NOT_FOUND`. */
export async function readCuration(parameters: { client: NeuroClient; assetId: number }): Promise<CurationFacts> {
  const { client, assetId } = parameters;
  const record = await client.publicClient.readContract({ address: client.config.deployment.addresses.curation, abi: curationAbi, functionName: 'record', args: [BigInt(assetId)] })
    .catch((error: unknown) => { throw toNeuroError(error); });
  const status = curationStatuses[record.status] ?? 'none';
  if (status === 'none') throw new NeuroError(`There is no asset ${assetId}.`, { code: 'NOT_FOUND', remedy: 'Check the number.' });
  return { assetId, status, appeal: appealStates[record.appeal] ?? 'none', until: record.until, bond: record.bond, ...(record.disputeId === 0n ? {} : { disputeId: record.disputeId }) };
}
