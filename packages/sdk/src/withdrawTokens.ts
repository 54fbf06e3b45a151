import { marketAbi } from '@neurodata/protocol';
import { type Address, type Hex, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';

/** Pays out what sales in a token other than NCR have credited to the account; `paid` in base units of the token. */
export async function withdrawTokens(parameters: { client: NeuroClient; from: 'market' | 'subscriptions'; token: Address }): Promise<{ paid: bigint; hash: Hex; gasUsed: bigint }> {
  const { client, from, token } = parameters;
  // Both share ITokenPayouts, so one ABI serves them.
  const sent = await client.send({ address: client.config.deployment.addresses[from], abi: marketAbi, functionName: 'withdrawToken', args: [token], sentence: `Withdraw what ${from} owes you in ${token}` });
  const paid = parseEventLogs({ abi: marketAbi, eventName: 'TokenWithdrawn', logs: sent.receipt.logs }).reduce((sum, { args }) => sum + args.amount, 0n);
  return { paid, hash: sent.hash, gasUsed: sent.gasUsed };
}
