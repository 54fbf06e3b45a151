import { NeuroError, disputesAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import { poll } from './poll.ts';
import { readDispute } from './readDispute.ts';
import type { Sent } from './send.ts';

/** A jury of 31 takes seven calls if every ticket is found at once; tickets that may not judge take more. */
const MOST_CALLS = 40;

export type DrawJuryParameters = {
  client: NeuroClient;
  disputeId: bigint;
  /** How long to wait for the block that decides the draw; 60 s by default. */
  timeoutMs?: number;
};

/**
 * Draws the jurors of a dispute, in as many transactions as it takes; anybody may. Waits for the block whose hash decides.
 * Throws `CONFLICT` where nothing is to be drawn, `REVERTED`, `TIMEOUT`.
 *
 * @example const { drawn, size } = await drawJury({ client, disputeId: 3n });
 */
export async function drawJury(parameters: DrawJuryParameters): Promise<{ drawn: number; size: number; transactions: Sent[] }> {
  const { client, disputeId, timeoutMs = 60_000 } = parameters;
  const transactions: Sent[] = [];
  for (let call = 0; call < MOST_CALLS; call += 1) {
    const { phase, rounds } = await readDispute({ client, disputeId });
    const last = rounds.at(-1);
    if (!last) break;
    if (phase !== 'drawing') {
      if (last.size > 0 && last.drawn === last.size) return { drawn: last.drawn, size: last.size, transactions };
      throw new NeuroError(`Dispute ${disputeId} is in phase "${phase}": no jury is to be drawn.`, { code: 'CONFLICT', remedy: 'Look at it with `disputes show`.' });
    }
    // One block more than the hash needs: calls are simulated as of the newest block.
    await poll({
      what: 'the block that decides the draw', remedy: 'Try again when the chain goes on.', timeoutMs, intervalMs: 250,
      ask: async () => ((await client.publicClient.getBlockNumber({ cacheTime: 0 })) > BigInt(last.anchorBlock) ? true : undefined),
    });
    transactions.push(await client.send({ address: client.config.deployment.addresses.disputes, abi: disputesAbi, functionName: 'draw', args: [disputeId], sentence: `Draw the jurors of dispute ${disputeId}` }));
  }
  throw new NeuroError(`The jury of dispute ${disputeId} is still incomplete.`, { code: 'CONFLICT', remedy: 'Draw again.', retryable: true });
}
