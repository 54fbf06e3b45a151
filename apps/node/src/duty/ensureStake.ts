import { formatNcr, NeuroError } from '@neurodata/protocol';
import { accountOf } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { contractsOf } from './contracts.ts';

/**
 * Brings the account's free (unlocked) stake up to `needed` base units of NCR, from its own balance.
 *
 * @throws NeuroError NO_FUNDS when the balance does not reach.
 */
export async function ensureStake(client: NeuroClient, needed: bigint): Promise<void> {
  const { publicClient } = client;
  const account = accountOf(client).address;
  const { coin, staking } = contractsOf(client.config.deployment.addresses);
  const free = await publicClient.readContract({ ...staking, functionName: 'freeOf', args: [account] });
  if (free >= needed) return;
  const missing = needed - free;
  const [balance, allowance] = await Promise.all([
    publicClient.readContract({ ...coin, functionName: 'balanceOf', args: [account] }),
    publicClient.readContract({ ...coin, functionName: 'allowance', args: [account, staking.address] }),
  ]);
  if (balance < missing) {
    throw new NeuroError(`Account ${account} needs ${formatNcr(missing)} NCR more for its stake and holds ${formatNcr(balance)}.`, {
      code: 'NO_FUNDS', remedy: 'Send NCR to it.', retryable: true,
    });
  }
  if (allowance < missing) await client.send({ ...coin, functionName: 'approve', args: [staking.address, missing], sentence: `Let the staking contract take ${formatNcr(missing)} NCR` });
  await client.send({ ...staking, functionName: 'stake', args: [missing], sentence: `Stake ${formatNcr(missing)} NCR` });
}
