import { type Deployment, NeuroError, requestDomain, validatorIdentityMessage, validatorIdentityTypes } from '@neurodata/protocol';
import { type Identity, deriveIdentity } from '@neurodata/sealing';
import { type LocalAccount, hexToBytes, recoverTypedDataAddress } from 'viem';

const CONTEXT = 'neurodata/validator-identity/v1';

/**
 * A validator's sealing identity number `index` (0 is the first), made from its account's signature over a fixed statement that
 * names chain and deployment: the same account gives the same identity again.
 *
 * That holds for wallets which sign deterministically (RFC 6979). Signs twice, and throws `BAD_INPUT` where the signatures differ
 * or are not the account's: an identity that could not be made again would be worse than a random one in a file.
 */
export async function deriveValidatorIdentity(parameters: { account: Pick<LocalAccount, 'address' | 'signTypedData'>; deployment: Deployment; index: number }): Promise<Identity> {
  const { account, deployment, index } = parameters;
  const typed = {
    domain: requestDomain({ chainId: deployment.chainId, market: deployment.addresses.market }),
    types: validatorIdentityTypes, primaryType: 'ValidatorIdentity', message: validatorIdentityMessage(index),
  } as const;
  const [signature, again] = [await account.signTypedData(typed), await account.signTypedData(typed)];
  if (signature !== again) throw new NeuroError('This wallet signs the same statement differently each time.', { code: 'BAD_INPUT', remedy: 'Use a wallet that signs deterministically (RFC 6979), or keep a random identity file and copies of it.' });
  const signer = await recoverTypedDataAddress({ ...typed, signature }).catch(() => undefined);
  if (signer?.toLowerCase() !== account.address.toLowerCase()) throw new NeuroError(`The signature is not by ${account.address}.`, { code: 'BAD_INPUT', remedy: 'Contract wallets cannot do this: use an ordinary account, or keep a random identity file and copies of it.' });
  return deriveIdentity({ signature: hexToBytes(signature).slice(0, 64), context: CONTEXT });
}
