import { NeuroError, canonicalJson, orderDisputesAbi, validatorsAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { disputeCall } from './marketCalls.ts';
import { signPermit } from './signPermit.ts';

/**
 * The buyer says that the content is not what was committed to. `evidence` is stored publicly, its digest goes on
 * chain. Pulls a bond of one round fee, returned if the dispute is upheld or nobody decides it. Validators look first; `escalateDispute` asks jurors after them. Throws `REVERTED` and `NO_FUNDS`.
 */
export async function disputeOrder(parameters: { client: NeuroClient; orderId: Hex; evidence: string }): Promise<{ roundId: Hex; evidenceCid: string; hash: Hex; gasUsed: bigint }> {
  const { client, orderId, evidence } = parameters;
  const { orderDisputes, validators } = client.config.deployment.addresses;
  const bond = await client.publicClient.readContract({ address: validators, abi: validatorsAbi, functionName: 'roundFee' });
  const stored = await client.storage.addRaw(canonicalJson({ version: 1, orderId, text: evidence })).catch((error: unknown) => { throw toNeuroError(error); });
  const permit = await signPermit({ client, spender: orderDisputes, value: bond });
  const sent = await client.send(disputeCall({ config: client.config, orderId, evidence: stored.digest, permit }));
  const [disputed] = parseEventLogs({ abi: orderDisputesAbi, eventName: 'OrderDisputed', logs: sent.receipt.logs });
  if (!disputed) throw new NeuroError('No dispute was opened.', { code: 'INTERNAL', details: sent.hash });
  return { roundId: disputed.args.roundId, evidenceCid: stored.cid, hash: sent.hash, gasUsed: sent.gasUsed };
}
