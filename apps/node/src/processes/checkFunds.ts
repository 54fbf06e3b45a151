import { formatNcr, NeuroError, trainingAbi, validatorsAbi } from '@neurodata/protocol';
import { accountOf } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';

/** @throws NeuroError NO_FUNDS where an account cannot pay for a transaction, naming what its first start needs. */
export async function checkFunds(client: NeuroClient, role: 'validator' | 'worker'): Promise<void> {
  const { addresses } = client.config.deployment;
  const account = accountOf(client).address;
  const [gas, validator, training] = await Promise.all([
    client.publicClient.getBalance({ address: account }),
    client.publicClient.readContract({ address: addresses.validators, abi: validatorsAbi, functionName: 'params' }),
    client.publicClient.readContract({ address: addresses.training, abi: trainingAbi, functionName: 'params' }),
  ]);
  if (gas > 0n) return;
  const stake = role === 'validator' ? `${formatNcr(validator.minStake)} NCR for its stake` : `${formatNcr(20n * training.minBond)} NCR for the bonds of its runs`;
  throw new NeuroError(`Account ${account} of this ${role} has nothing to pay for gas.`, { code: 'NO_FUNDS', remedy: `Send it some of the chain's native coin and ${stake}, then start again; it registers by itself.`, retryable: true });
}
