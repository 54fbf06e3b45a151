import { neuroCoinAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Destroys `amount` base units of the account's NCR for good; the supply shrinks by as much. Throws `NO_FUNDS`, `REVERTED`. */
export function burnCoins(parameters: { client: NeuroClient; amount: bigint }): Promise<Sent> {
  const { client, amount } = parameters;
  return client.send({ address: client.config.deployment.addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'burn', args: [amount], sentence: 'Burn NCR' });
}
