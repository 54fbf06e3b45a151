import { governorAbi } from '@neurodata/protocol';
import { keccak256, stringToHex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { readCreatedProposal } from './readProposal.ts';
import type { Sent } from './send.ts';

/** Makes the calls of a queued proposal once its delay is over. Anybody may. Throws `NOT_FOUND`, `REVERTED` (also where one of the calls is refused). */
export async function executeProposal(parameters: { client: NeuroClient; proposalId: bigint }): Promise<Sent> {
  const { client, proposalId } = parameters;
  const { targets, values, calldatas, description } = await readCreatedProposal(client, proposalId);
  const args = [targets, values, calldatas, keccak256(stringToHex(description))] as const;
  return client.send({ address: client.config.deployment.addresses.governor, abi: governorAbi, functionName: 'execute', args, sentence: `Execute proposal ${proposalId}` });
}
