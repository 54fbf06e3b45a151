import { NeuroError, type SignedOffer, type Terms, assetRegistryAbi, offerDomain, offerHashOf, offerMessage, offerTypes, parseTerms, privateOffersAbi } from '@neurodata/protocol';
import { rawCidOfDigest } from '@neurodata/storage';
import { type Hex, isAddressEqual } from 'viem';
import type { DocumentReader, NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readLogs } from './logs.ts';
import { readVersionStatus } from './waitForVersion.ts';

/**
 * How an offer stands: `open` can be accepted; `accepted`, `cancelled` and `withdrawn` (with all others of the seller) are
 * over; `expired`; `not-owner` and `not-live` may change again; `not-signed`: the signature is not the seller's.
 */
export type OfferState = 'open' | 'accepted' | 'cancelled' | 'withdrawn' | 'expired' | 'not-owner' | 'not-live' | 'not-signed';
export type OfferFacts = { offerHash: Hex; signed: SignedOffer; state: OfferState; orderId?: Hex };

/**
 * Reads from the chain how a signed offer stands, believing nothing that it says.
 * Throws `WRONG_CHAIN` where it is for another deployment.
 */
export async function readOffer(parameters: { client: NeuroClient; offer: SignedOffer }): Promise<OfferFacts> {
  const { client, offer: signed } = parameters;
  const { offer, chainId, contract: address } = signed;
  const { deployment } = client.config;
  if (chainId !== deployment.chainId || !isAddressEqual(address, deployment.addresses.privateOffers)) {
    throw new NeuroError('This offer is for another deployment.', { code: 'WRONG_CHAIN', remedy: 'Connect to the node of that deployment, or ask the seller for an offer here.', details: `chain ${chainId}, contract ${address}` });
  }
  const offerHash = offerHashOf(signed);
  const contract = { address, abi: privateOffersAbi } as const;
  try {
    const [isSigned, spent, counter, block, owner, status] = await Promise.all([
      client.publicClient.verifyTypedData({ address: offer.seller, domain: offerDomain(signed), types: offerTypes, primaryType: 'Offer', message: offerMessage(offer), signature: signed.signature }),
      client.publicClient.readContract({ ...contract, functionName: 'isSpent', args: [offer.seller, offerHash] }),
      client.publicClient.readContract({ ...contract, functionName: 'counterOf', args: [offer.seller] }),
      client.publicClient.getBlock(),
      client.publicClient.readContract({ address: deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'ownerOf', args: [BigInt(offer.assetId)] }).catch(() => undefined),
      readVersionStatus({ client, assetId: offer.assetId, version: offer.version }).catch(() => undefined),
    ]);
    const facts = { offerHash, signed };
    if (!isSigned) return { ...facts, state: 'not-signed' };
    if (spent) return { ...facts, ...(await spentBy(client, offerHash)) };
    if (counter !== offer.counter) return { ...facts, state: 'withdrawn' };
    if (block.timestamp > BigInt(offer.expiry)) return { ...facts, state: 'expired' };
    if (owner === undefined || !isAddressEqual(owner, offer.seller)) return { ...facts, state: 'not-owner' };
    return { ...facts, state: status === 'live' ? 'open' : 'not-live' };
  } catch (error) {
    throw toNeuroError(error);
  }
}

/** The licence terms that an offer is made under, fetched by the digest that its seller signed. */
export async function readOfferTerms({ client, offer: { offer } }: { client: DocumentReader; offer: SignedOffer }): Promise<Terms> {
  return parseTerms(await client.storage.readRaw(rawCidOfDigest(offer.termsDigest)).catch((error: unknown) => { throw toNeuroError(error); }));
}

async function spentBy(client: NeuroClient, offerHash: Hex): Promise<Pick<OfferFacts, 'state' | 'orderId'>> {
  const [accepted] = await readLogs(client, (range) => client.publicClient.getContractEvents({
    address: client.config.deployment.addresses.privateOffers, abi: privateOffersAbi, eventName: 'OfferAccepted', args: { offerHash }, strict: true, ...range,
  }));
  return accepted ? { state: 'accepted', orderId: accepted.args.orderId } : { state: 'cancelled' };
}
