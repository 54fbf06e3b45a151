import { concatHex } from 'viem';
import type { Hex } from 'viem';
import { bindEvidence } from './finding.ts';
import type { CheckContext } from './readContent.ts';

/**
 * What each member's evidence is, if it has made the steps that the chain asked for. It binds what these computed on
 * their way (the engine's `WorkTrace`), which no state of the worker's file holds, so that nobody gets it by reading.
 * All members make the same steps: whoever has made them knows everybody's.
 */
export async function runProofs(context: CheckContext, work: readonly Hex[]): Promise<{ evidence: Hex; proofs: Record<string, Hex> }> {
  const { roundId, committee, setup: { client, contracts, account } } = context;
  const bytes = concatHex(work);
  const proofs = await Promise.all(committee.map(async (id) => {
    const member = await client.publicClient.readContract({ ...contracts.validators, functionName: 'validator', args: [id] });
    return [String(id), bindEvidence({ roundId, account: member.account, bytes })] as const;
  }));
  return { evidence: bindEvidence({ roundId, account, bytes }), proofs: Object.fromEntries(proofs) };
}
