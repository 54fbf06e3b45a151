import { marketAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';

/** Pays out what market, disputes of orders, training, challenges, validators, jurors' disputes, curation, subscriptions or accusations have credited to the account; `paid` in base units of NCR, 0 if nothing. */
export async function withdrawCredits(parameters: { client: NeuroClient; from: 'market' | 'orderDisputes' | 'training' | 'challenges' | 'validators' | 'disputes' | 'curation' | 'subscriptions' | 'accusations' }): Promise<{ paid: bigint; hash: Hex; gasUsed: bigint }> {
  const { client, from } = parameters;
  // These contracts share IPayouts, so one ABI serves them all.
  const sent = await client.send({ address: client.config.deployment.addresses[from], abi: marketAbi, functionName: 'withdraw', args: [], sentence: `Withdraw what ${from} owes you` });
  const paid = parseEventLogs({ abi: marketAbi, eventName: 'Withdrawn', logs: sent.receipt.logs }).reduce((sum, { args }) => sum + args.amount, 0n);
  return { paid, hash: sent.hash, gasUsed: sent.gasUsed };
}
