import { disputesAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Anybody, after a dispute was concluded: hands its ruling to the contract that asked for it. Throws `REVERTED`. */
export function executeRuling(parameters: { client: NeuroClient; disputeId: bigint }): Promise<Sent> {
  const { client, disputeId } = parameters;
  return client.send({ address: client.config.deployment.addresses.disputes, abi: disputesAbi, functionName: 'executeRuling', args: [disputeId], sentence: `Execute the ruling on dispute ${disputeId}` });
}
