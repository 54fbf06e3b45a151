import { validatorsAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Says, as a member of a run's round, that another member's evidence is not that of somebody who did the work. Throws `REVERTED`. */
export function accuseMember(parameters: { client: NeuroClient; roundId: Hex; validatorId: number }): Promise<Sent> {
  const { client, roundId, validatorId } = parameters;
  return client.send({
    address: client.config.deployment.addresses.validators, abi: validatorsAbi, functionName: 'accuse', args: [roundId, validatorId], sentence: `Accuse validator ${validatorId} in round ${roundId}`,
  });
}
