import { type JobState, type OrderState, jobStates, marketAbi, orderStates, trainingAbi, trialsAbi } from '@neurodata/protocol';
import { type Address, type Hex, zeroHash } from 'viem';
import type { ChainReader } from './createClient.ts';
import { toNeuroError } from './errors.ts';

export const trialStates = ['none', 'held', 'returned', 'paid'] as const;
export type TrialState = (typeof trialStates)[number];

/** A trial run's fee. `heldUntil`: Unix seconds after which it goes to the publisher unless an order is open; undefined while the run is not over. */
export type TrialFacts = {
  jobId: Hex; assetId: number; buyer: Address; fee: bigint; state: TrialState; openedAt: number; jobState: JobState; heldUntil: number | undefined;
  /** The order that decides about the fee, where one was named. */
  order: { orderId: Hex; state: OrderState } | undefined;
};

/** Reads where a trial run's fee is from the chain; undefined for a run that is no trial. */
export async function readTrial({ client, jobId }: { client: ChainReader; jobId: Hex }): Promise<TrialFacts | undefined> {
  const { publicClient, config: { deployment: { addresses: { trials, training, market } } } } = client;
  const contract = { address: trials, abi: trialsAbi } as const;
  try {
    const { state, assetId, orderId, ...facts } = await publicClient.readContract({ ...contract, functionName: 'trial', args: [jobId] });
    if (state === 0) return undefined;
    const [job, order, holdPeriod] = await Promise.all([
      publicClient.readContract({ address: training, abi: trainingAbi, functionName: 'job', args: [jobId] }),
      orderId === zeroHash ? undefined : publicClient.readContract({ address: market, abi: marketAbi, functionName: 'order', args: [orderId] }),
      publicClient.readContract({ ...contract, functionName: 'holdPeriod' }),
    ]);
    const jobState = jobStates[job.state] ?? 'none';
    return {
      ...facts, jobId, assetId: Number(assetId), state: trialStates[state] ?? 'none', jobState, heldUntil: jobState === 'settled' ? job.changedAt + holdPeriod : undefined,
      order: order && { orderId, state: orderStates[order.state] ?? 'none' },
    };
  } catch (error) {
    throw toNeuroError(error);
  }
}
