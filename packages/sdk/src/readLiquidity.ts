import { liquidityMiningAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readLogs } from './logs.ts';

/**
 * A pool of staked liquidity tokens and the account's part in it. `staked`, `mine` in base units of `token`; `budget` (left
 * to give out, evenly until `endsAt`, unix seconds) and `pending` (the account's, not claimed) in base units of NCR.
 */
export type LiquidityPool = { token: Address; staked: bigint; budget: bigint; endsAt: number; mine: bigint; pending: bigint };

/** Reads every pool that rewards were ever scheduled for, and the reserve in base units of NCR. */
export async function readLiquidity(parameters: { client: NeuroClient; account: Address }): Promise<{ reserve: bigint; pools: LiquidityPool[] }> {
  const { client, account } = parameters;
  const contract = { address: client.config.deployment.addresses.liquidityMining, abi: liquidityMiningAbi } as const;
  const { publicClient } = client;
  try {
    const scheduled = await readLogs(client, (range) => publicClient.getContractEvents({ ...contract, ...range, eventName: 'PoolScheduled', strict: true }));
    const tokens = [...new Set(scheduled.map(({ args }) => args.lpToken))];
    const [reserve, pools] = await Promise.all([
      publicClient.readContract({ ...contract, functionName: 'reserve' }),
      Promise.all(tokens.map(async (token) => {
        const [{ staked, budget, endsAt }, mine, pending] = await Promise.all([
          publicClient.readContract({ ...contract, functionName: 'pool', args: [token] }),
          publicClient.readContract({ ...contract, functionName: 'stakedOf', args: [token, account] }),
          publicClient.readContract({ ...contract, functionName: 'pendingOf', args: [token, account] }),
        ]);
        return { token, staked, budget, endsAt, mine, pending };
      })),
    ]);
    return { reserve, pools };
  } catch (error) {
    throw toNeuroError(error);
  }
}
