import { accountOf } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { contractsOf } from '../duty/contracts.ts';
import { ensureStake } from '../duty/ensureStake.ts';

/** Jobs whose bonds a worker's stake carries at the same time: runs wait for their verdict with the bond locked. */
const BONDS = 20n;

/**
 * Registers the account as a worker, with stake for its bonds, where it is not active. Stake is put in before the
 * registration: who is drawn must have the bond free.
 */
export async function registerWorker(parameters: { client: NeuroClient; endpoint: string }): Promise<void> {
  const { client, endpoint } = parameters;
  const { training } = contractsOf(client.config.deployment.addresses);
  const account = accountOf(client).address;
  const [known, { minBond }] = await Promise.all([
    client.publicClient.readContract({ ...training, functionName: 'worker', args: [account] }),
    client.publicClient.readContract({ ...training, functionName: 'params' }),
  ]);
  if (known.active && known.endpoint === endpoint) return;
  // The endpoint of a registered worker cannot be changed in place.
  if (known.active) await client.send({ ...training, functionName: 'deregisterWorker', args: [], sentence: `Take worker ${account} off the list` });
  await ensureStake(client, BONDS * minBond);
  await client.send({ ...training, functionName: 'registerWorker', args: [endpoint], sentence: `Register ${account} as worker` });
}
