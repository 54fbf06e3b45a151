import { NeuroError, type SignedAcceptance, privateOffersAbi } from '@neurodata/protocol';
import { isAddressEqual } from 'viem';
import { type AcceptOfferResult, acceptedResult } from './acceptOffer.ts';
import type { NeuroClient } from './createClient.ts';

/** Sends another's signed acceptance and pays its gas; the order, its price and its key are the buyer's. Throws `WRONG_CHAIN`, `REVERTED`. */
export async function relayAcceptance(parameters: { client: NeuroClient; acceptance: SignedAcceptance }): Promise<AcceptOfferResult> {
  const { client, acceptance: { offer: signed, recipientKey, deadline, signature, permit } } = parameters;
  const { offer } = signed;
  const { chainId, addresses: { privateOffers: address } } = client.config.deployment;
  if (signed.chainId !== chainId || !isAddressEqual(signed.contract, address)) throw new NeuroError('This offer is for another deployment.', { code: 'WRONG_CHAIN', remedy: 'Connect to the node of that deployment.' });
  const sent = await client.send({
    address, abi: privateOffersAbi, functionName: 'acceptFor', args: [{ ...offer, assetId: BigInt(offer.assetId) }, recipientKey, BigInt(deadline), signed.signature, signature, permit],
    sentence: `Accept the offer of asset ${offer.assetId} for ${offer.buyer}`,
  });
  return acceptedResult({ sent, signed, recipientKey });
}
