import { type ModelCheck, type ModelCheckBody, modelCheckDigest, modelCheckTypes, requestDomain } from '@neurodata/protocol';
import { recoverTypedDataAddress } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';

/** Signs what was measured of a model, as its validator (EIP-712 `ModelCheck`). */
export async function signModelCheck(parameters: { client: NeuroClient; validatorId: number; body: ModelCheckBody }): Promise<ModelCheck> {
  const { client, validatorId, body } = parameters;
  const account = accountOf(client);
  return { body, validatorId, account: account.address, signature: await account.signTypedData(typedCheck(client, body)) };
}

/** Whether the account named in a measurement signed it. False on a malformed signature. */
export async function isSignedByChecker(parameters: { client: Pick<NeuroClient, 'config'>; check: ModelCheck }): Promise<boolean> {
  const { client, check } = parameters;
  try {
    const signer = await recoverTypedDataAddress({ ...typedCheck(client, check.body), signature: check.signature });
    return signer.toLowerCase() === check.account.toLowerCase();
  } catch {
    return false;
  }
}

function typedCheck(client: Pick<NeuroClient, 'config'>, body: ModelCheckBody) {
  const { chainId, addresses } = client.config.deployment;
  return {
    domain: requestDomain({ chainId, market: addresses.market }), types: modelCheckTypes, primaryType: 'ModelCheck',
    message: { manifestDigest: body.manifestDigest, checkDigest: modelCheckDigest(body) },
  } as const;
}
