import { disputesAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Takes the account out of later draws; seats that it has already are still to be voted on. Throws `REVERTED`. */
export function leaveJury(parameters: { client: NeuroClient }): Promise<Sent> {
  const { client } = parameters;
  return client.send({ address: client.config.deployment.addresses.disputes, abi: disputesAbi, functionName: 'leaveJury', args: [], sentence: 'Leave the jurors' });
}
