import { disputesAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Anybody, once a dispute can no longer be appealed: fixes its ruling, and pays bonds back or burns them. Throws `REVERTED`. */
export function concludeDispute(parameters: { client: NeuroClient; disputeId: bigint }): Promise<Sent> {
  const { client, disputeId } = parameters;
  return client.send({ address: client.config.deployment.addresses.disputes, abi: disputesAbi, functionName: 'conclude', args: [disputeId], sentence: `Conclude dispute ${disputeId}` });
}
