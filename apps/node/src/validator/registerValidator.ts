import { NeuroError } from '@neurodata/protocol';
import type { Identity } from '@neurodata/sealing';
import { accountOf } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { bytesToHex } from 'viem';
import { contractsOf } from '../duty/contracts.ts';
import { ensureStake } from '../duty/ensureStake.ts';

/**
 * The account's validator id. Registers it, with its stake, where it is not active; corrects the endpoint where the
 * chain has another one.
 *
 * @throws NeuroError CONFLICT when the chain has another encryption key: shares sealed to that key could not be opened.
 */
export async function registerValidator(parameters: { client: NeuroClient; identity: Identity; endpoint: string }): Promise<number> {
  const { client, identity, endpoint } = parameters;
  const { validators } = contractsOf(client.config.deployment.addresses);
  const account = accountOf(client).address;
  const encryptionKey = bytesToHex(identity.publicKey);
  const known = await findValidator(client);
  if (known?.active) {
    if (known.encryptionKey.toLowerCase() !== encryptionKey) {
      throw new NeuroError(`Validator ${known.validatorId} is registered with the encryption key ${known.encryptionKey}, this node has ${encryptionKey}.`, {
        code: 'CONFLICT', remedy: 'Put the identity file of that key back, or deregister and register anew.',
      });
    }
    if (known.endpoint !== endpoint) await client.send({ ...validators, functionName: 'setEndpoint', args: [endpoint], sentence: `Move validator ${known.validatorId} to ${endpoint}` });
    return known.validatorId;
  }
  const { minStake } = await client.publicClient.readContract({ ...validators, functionName: 'params' });
  await ensureStake(client, minStake);
  await client.send({ ...validators, functionName: 'register', args: [encryptionKey, endpoint], sentence: `Register ${account} as validator` });
  return client.publicClient.readContract({ ...validators, functionName: 'validatorIdOf', args: [account] });
}

async function findValidator(client: NeuroClient) {
  const { validators } = contractsOf(client.config.deployment.addresses);
  const validatorId = await client.publicClient.readContract({ ...validators, functionName: 'validatorIdOf', args: [accountOf(client).address] });
  if (validatorId === 0) return undefined;
  return { validatorId, ...(await client.publicClient.readContract({ ...validators, functionName: 'validator', args: [validatorId] })) };
}
