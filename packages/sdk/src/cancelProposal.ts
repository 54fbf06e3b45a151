import { governorAbi } from '@neurodata/protocol';
import { keccak256, stringToHex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { readCreatedProposal } from './readProposal.ts';
import type { Sent } from './send.ts';

/** The proposer takes a proposal back, until voting begins. Throws `NOT_FOUND`, `REVERTED`. */
export async function cancelProposal(parameters: { client: NeuroClient; proposalId: bigint }): Promise<Sent> {
  const { client, proposalId } = parameters;
  const { targets, values, calldatas, description } = await readCreatedProposal(client, proposalId);
  const args = [targets, values, calldatas, keccak256(stringToHex(description))] as const;
  return client.send({ address: client.config.deployment.addresses.governor, abi: governorAbi, functionName: 'cancel', args, sentence: `Take proposal ${proposalId} back` });
}
