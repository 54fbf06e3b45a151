import type { Hex } from 'viem';
import type { CardWords, ModelCard } from './card/card.ts';
import { modelCard } from './card/modelCard.ts';
import type { NeuroClient } from './createClient.ts';
import { readReceipt } from './readReceipt.ts';

/**
 * The card of a run's model, from receipt and spec as the chain's digests find them; no key is needed.
 * Throws `NOT_READY` before there is a receipt, `BAD_RECEIPT`, `BAD_SPEC`.
 */
export async function readModelCard(parameters: { client: NeuroClient; jobId: Hex; /** By default "Model of run …". */ title?: string; words?: CardWords }): Promise<ModelCard> {
  const { client, jobId, title = `Model of run ${jobId.slice(0, 10)}` } = parameters;
  const { receipt, spec, receiptDigest } = await readReceipt({ client, jobId });
  return modelCard({ title, receipt, spec, receiptDigest }, parameters.words);
}
