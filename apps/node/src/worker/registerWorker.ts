import { engineId } from '@neurodata/engine';
import { accountOf } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { contractsOf } from '../duty/contracts.ts';
import { ensureStake } from '../duty/ensureStake.ts';

/** What a worker advertises. `pricePerUnit`: base units of NCR for a unit of work, see `needsOfRun`. */
export type WorkerOffer = { cores: number; memoryMiB: number; pricePerUnit: bigint };

/** Jobs whose bonds a worker's stake carries at the same time: runs wait for their verdict with the bond locked. */
const BONDS = 20n;

/**
 * Registers the account as a worker of this engine, with stake for its bonds, where it is not active, or changes its offer
 * where that says something else. Stake is put in before the registration: who is drawn must have the bond free.
 */
export async function registerWorker(parameters: { client: NeuroClient; endpoint: string; offer: WorkerOffer }): Promise<void> {
  const { client, endpoint } = parameters;
  const { training, workers } = contractsOf(client.config.deployment.addresses);
  const account = accountOf(client).address;
  const offer = { ...parameters.offer, runtimes: [engineId] };
  const [known, { minBond }] = await Promise.all([
    client.publicClient.readContract({ ...workers, functionName: 'worker', args: [account] }),
    client.publicClient.readContract({ ...training, functionName: 'params' }),
  ]);
  if (known.active && known.endpoint === endpoint && isSame(known.offer, offer)) return;
  if (known.active) {
    await client.send({ ...workers, functionName: 'setOffer', args: [endpoint, offer], sentence: `Change the offer of worker ${account}` });
    return;
  }
  await ensureStake(client, BONDS * minBond);
  await client.send({ ...workers, functionName: 'register', args: [endpoint, offer], sentence: `Register ${account} as worker` });
}

type Advertised = WorkerOffer & { runtimes: readonly string[] };

function isSame(a: Advertised, b: Advertised): boolean {
  return a.cores === b.cores && a.memoryMiB === b.memoryMiB && a.pricePerUnit === b.pricePerUnit && a.runtimes.join() === b.runtimes.join();
}
