import { ownerAnswerMessage, ownerAnswerTypes, requestDomain } from '@neurodata/protocol';
import { accountOf } from '@neurodata/sdk';
import type { Hex } from 'viem';
import type { ValidatorSetup } from './setup.ts';

/** What we answer to an owner's signed request, with our account's signature of it (EIP-712 `OwnerAnswer`). */
export async function signAnswer<T>(setup: Pick<ValidatorSetup, 'client' | 'validatorId'>, { signature, items }: { signature: Hex; items: T[] }): Promise<{ validatorId: number; items: T[]; signature: Hex }> {
  const { client, validatorId } = setup;
  const { chainId, addresses } = client.config.deployment;
  const message = ownerAnswerMessage({ validatorId, signature, items });
  return { validatorId, items, signature: await accountOf(client).signTypedData({ domain: requestDomain({ chainId, market: addresses.market }), types: ownerAnswerTypes, primaryType: 'OwnerAnswer', message }) };
}
