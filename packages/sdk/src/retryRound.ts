import { assetRegistryAbi, validatorsAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';
import { signPermit } from './signPermit.ts';

/** Opens another round for a version whose round ended without a quorum; pulls one round fee. */
export async function retryRound(parameters: { client: NeuroClient; assetId: number; version: number }): Promise<Sent> {
  const { client, assetId, version } = parameters;
  const { assetRegistry, validators } = client.config.deployment.addresses;
  const fee = await client.publicClient.readContract({ address: validators, abi: validatorsAbi, functionName: 'roundFee' });
  const permit = await signPermit({ client, spender: assetRegistry, value: fee });
  return client.send({ address: assetRegistry, abi: assetRegistryAbi, functionName: 'retryRound', args: [BigInt(assetId), version, permit], sentence: `Ask for another round on asset ${assetId} version ${version}` });
}
