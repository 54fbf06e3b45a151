import { canonicalJson, disputesAbi, milestoneEscrowAbi, orderDisputesAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import type { Sent } from './send.ts';

type Evidence = Sent & { evidenceCid: string };

/** Stores a text publicly, as evidence about something; gives its CID. */
export async function storeEvidence({ client, about, text }: { client: NeuroClient; about: string; text: string }): Promise<string> {
  const { cid } = await client.storage.addRaw(canonicalJson({ version: 1, about, text })).catch((error: unknown) => { throw toNeuroError(error); });
  return cid;
}

/** Adds evidence to a dispute; anybody may. `text` is stored publicly, its address goes on chain (ERC-1497). Throws `REVERTED`. */
export async function submitEvidence(parameters: { client: NeuroClient; disputeId: bigint; text: string }): Promise<Evidence> {
  const { client, disputeId, text } = parameters;
  const evidenceCid = await storeEvidence({ client, about: `dispute ${disputeId}`, text });
  const sent = await client.send({ address: client.config.deployment.addresses.disputes, abi: disputesAbi, functionName: 'submitEvidence', args: [disputeId, `ipfs://${evidenceCid}`], sentence: `Add evidence to dispute ${disputeId}` });
  return { ...sent, evidenceCid };
}

/** A party of a deal adds evidence to a milestone, `index` from 0, as {@link submitEvidence} does to a dispute. */
export async function submitDealEvidence(parameters: { client: NeuroClient; dealId: Hex; index: number; text: string }): Promise<Evidence> {
  const { client, dealId, index, text } = parameters;
  const evidenceCid = await storeEvidence({ client, about: `deal ${dealId}, milestone ${index + 1}`, text });
  const sent = await client.send({ address: client.config.deployment.addresses.milestoneEscrow, abi: milestoneEscrowAbi, functionName: 'submitEvidence', args: [dealId, index, `ipfs://${evidenceCid}`], sentence: `Add evidence to milestone ${index + 1}` });
  return { ...sent, evidenceCid };
}

/** A party of a disputed order adds evidence, as {@link submitEvidence} does to a dispute before jurors. */
export async function submitOrderEvidence(parameters: { client: NeuroClient; orderId: Hex; text: string }): Promise<Evidence> {
  const { client, orderId, text } = parameters;
  const evidenceCid = await storeEvidence({ client, about: `order ${orderId}`, text });
  const sent = await client.send({ address: client.config.deployment.addresses.orderDisputes, abi: orderDisputesAbi, functionName: 'submitEvidence', args: [orderId, `ipfs://${evidenceCid}`], sentence: `Add evidence to order ${orderId}` });
  return { ...sent, evidenceCid };
}
