import { NeuroError, canonicalJson, disputesAbi, milestoneEscrowAbi, orderDisputesAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import type { Sent } from './send.ts';

type Evidence = Sent & { evidenceCid: string };

/** A file beside the text; its bytes in pieces of any size. */
export type EvidenceFile = { name: string; size: number; content: AsyncIterable<Uint8Array> };

/** Files beside one text, and bytes in one file: a juror reads all of them. */
export const MAX_EVIDENCE_FILES = 10;
export const MAX_EVIDENCE_FILE_BYTES = 20 * 1024 * 1024;

/** Stores a text publicly, as evidence about something, with the files beside it; gives the CID of the text, which names the files. Throws `BAD_INPUT` where they are too many or too large. */
export async function storeEvidence({ client, about, text, files = [] }: { client: NeuroClient; about: string; text: string; files?: readonly EvidenceFile[] }): Promise<string> {
  const large = files.find(({ size }) => size > MAX_EVIDENCE_FILE_BYTES);
  if (files.length > MAX_EVIDENCE_FILES) throw new NeuroError(`${files.length} files are too many.`, { code: 'BAD_INPUT', remedy: `Give at most ${MAX_EVIDENCE_FILES} at once, and the others with another text.` });
  if (large) throw new NeuroError(`${large.name} is too large for evidence.`, { code: 'BAD_INPUT', remedy: `A file has at most ${MAX_EVIDENCE_FILE_BYTES / 1024 ** 2} MiB: give the part that shows it.` });
  try {
    const stored: { name: string; cid: string; size: number }[] = [];
    for (const { name, content } of files) {
      const { cid, size } = await client.storage.addFile({ content });
      stored.push({ name, cid, size });
    }
    const { cid } = await client.storage.addRaw(canonicalJson({ version: 1, about, text, ...(stored.length > 0 ? { files: stored } : {}) }));
    return cid;
  } catch (error) {
    throw toNeuroError(error);
  }
}

/** Adds evidence to a dispute; anybody may. `text` and `files` are stored publicly, the address of the text goes on chain (ERC-1497) and the text names the files. Throws `BAD_INPUT`, `REVERTED`. */
export async function submitEvidence(parameters: { client: NeuroClient; disputeId: bigint; text: string; files?: readonly EvidenceFile[] }): Promise<Evidence> {
  const { client, disputeId, text, files = [] } = parameters;
  const evidenceCid = await storeEvidence({ client, about: `dispute ${disputeId}`, text, files });
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
