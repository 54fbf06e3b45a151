import { type TableCheck, type TableCheckBody, requestDomain, tableCheckDigest, tableCheckTypes } from '@neurodata/protocol';
import { recoverTypedDataAddress } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';

/** Signs what was found of a table, as its validator (EIP-712 `TableCheck`). */
export async function signTableCheck(parameters: { client: NeuroClient; validatorId: number; body: TableCheckBody }): Promise<TableCheck> {
  const { client, validatorId, body } = parameters;
  const account = accountOf(client);
  return { body, validatorId, account: account.address, signature: await account.signTypedData(typedCheck(client, body)) };
}

/** Whether the account named in a check signed it. False on a malformed signature. */
export async function isSignedByFinder(parameters: { client: Pick<NeuroClient, 'config'>; check: TableCheck }): Promise<boolean> {
  const { client, check } = parameters;
  try {
    const signer = await recoverTypedDataAddress({ ...typedCheck(client, check.body), signature: check.signature });
    return signer.toLowerCase() === check.account.toLowerCase();
  } catch {
    return false;
  }
}

function typedCheck(client: Pick<NeuroClient, 'config'>, body: TableCheckBody) {
  const { chainId, addresses } = client.config.deployment;
  return {
    domain: requestDomain({ chainId, market: addresses.market }), types: tableCheckTypes, primaryType: 'TableCheck',
    message: { manifestDigest: body.manifestDigest, checkDigest: tableCheckDigest(body) },
  } as const;
}
