import { type SignedAcceptance, type SignedOffer, acceptanceTypes, offerDomain } from '@neurodata/protocol';
import { checkAcceptable } from './acceptOffer.ts';
import { authorizePayment } from './authorizePayment.ts';
import { type NeuroClient, accountOf } from './createClient.ts';
import { freshIdentity } from './freshIdentity.ts';
import { tokenOf } from './tokenAmounts.ts';

/**
 * Signs that this account accepts an offer, for anybody to send (`relayAcceptance`): in NCR, and in tokens with permits,
 * it needs no gas. The key of what is bought is kept here. Throws as `acceptOffer`.
 */
export async function signAcceptance(parameters: { client: NeuroClient; offer: SignedOffer; deadline: number }): Promise<SignedAcceptance> {
  const { client, offer: signed, deadline } = parameters;
  const { offer } = signed;
  const offerHash = await checkAcceptable({ client, offer: signed });
  const permit = await authorizePayment({ client, token: tokenOf(client, offer.token), spender: client.config.deployment.addresses.market, value: offer.price });
  const { publicKey: recipientKey } = await freshIdentity(client, `asset ${offer.assetId} version ${offer.version}, offer ${offerHash}`);
  const signature = await accountOf(client).signTypedData({
    domain: offerDomain(signed), types: acceptanceTypes, primaryType: 'Acceptance', message: { offerHash, recipientKey, deadline: BigInt(deadline) },
  });
  return { kind: 'neurodata-acceptance', offer: signed, recipientKey, deadline, signature, permit };
}
