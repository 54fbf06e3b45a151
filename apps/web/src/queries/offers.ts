import type { Purpose, SignedAcceptance, SignedOffer, Terms } from '@neurodata/protocol';
import type { OfferFacts } from '@neurodata/sdk';
import { queryOptions } from '@tanstack/react-query';
import type { Address, Hex } from 'viem';
import { connect, loadVerbs } from '../client/connect.ts';
import { type MadeOffer, madeOffers } from '../client/madeOffers.ts';
import { useSigned } from './mutations.ts';

// Under `offers`, so that what changes them makes these stale too.

/** `terms` where they can be read. */
export type ShownOffer = OfferFacts & { terms: Terms | undefined };

/** A private offer by its link, and how it stands on chain. */
export const offerQuery = (link: string) =>
  queryOptions<ShownOffer>({
    queryKey: ['offers', link],
    queryFn: async () => {
      const [client, { parseOffer, readOffer, readOfferTerms }] = await Promise.all([connect(), loadVerbs()]);
      const offer = parseOffer(link);
      const facts = await readOffer({ client, offer });
      return { ...facts, terms: await readOfferTerms({ client, offer }).catch(() => undefined) };
    },
    refetchInterval: 15_000,
    retry: false,
  });

/** The private offers that an account has signed in this browser, newest first. */
export const madeOffersQuery = (account: Address) => queryOptions<MadeOffer[]>({ queryKey: ['offers', 'made', account], queryFn: () => madeOffers(account).list() });

export type GivenOffer = { link: string; acceptance?: undefined } | { acceptance: SignedAcceptance; link?: undefined };

/** What somebody pasted: an offer as link, as page address or as document, or a signed acceptance. Throws `BAD_INPUT`. */
export async function readGiven(text: string): Promise<GivenOffer> {
  const { formatOffer, parseAcceptance, parseOffer } = await loadVerbs();
  const trimmed = text.trim();
  if (/"kind"\s*:\s*"neurodata-acceptance"/.test(trimmed)) return { acceptance: parseAcceptance(trimmed) };
  const line = /neurodata-offer:[\w-]+/.exec(trimmed)?.[0];
  return { link: formatOffer(parseOffer(line ?? trimmed), 'link') };
}

export type MakeOfferInput = { assetId: number; version: number; buyer: Address; price: bigint; token: Address | undefined; terms: Terms; /** Seconds from the chain's present. */ within: number };

/** Signs an offer to one buyer and keeps it in this browser; gives it as one line. */
export const useMakeOfferMutation = () =>
  useSigned(async ({ formatOffer, signOffer }, client, { within, token, ...input }: MakeOfferInput): Promise<string> => {
    const { timestamp } = await client.publicClient.getBlock();
    const { signed, offerHash } = await signOffer({ client, ...input, ...(token ? { token } : {}), expiry: Number(timestamp) + within });
    const link = formatOffer(signed, 'link');
    await madeOffers(signed.offer.seller).put({ offerHash, link, at: Date.now() });
    return link;
  });

export const useAcceptOfferMutation = () => useSigned(({ acceptOffer }, client, { offer, purpose }: { offer: SignedOffer; purpose: Purpose | undefined }) => acceptOffer({ client, offer, ...(purpose ? { purpose } : {}) }));

/** How long a signed acceptance holds, in seconds: as long as the permit in it. */
const ACCEPTANCE_TERM = 3_600;

/** Signs that an offer is accepted, for somebody else to send. */
export const useSignAcceptanceMutation = () =>
  useSigned(async ({ formatAcceptance, signAcceptance }, client, offer: SignedOffer): Promise<string> => {
    const { timestamp } = await client.publicClient.getBlock();
    return formatAcceptance(await signAcceptance({ client, offer, deadline: Number(timestamp) + ACCEPTANCE_TERM }));
  });

export const useRelayMutation = () => useSigned(({ relayAcceptance }, client, acceptance: SignedAcceptance) => relayAcceptance({ client, acceptance }));
export const useCancelOfferMutation = () => useSigned(({ cancelOffer }, client, offerHash: Hex) => cancelOffer({ client, offerHash }));
export const useCancelAllOffersMutation = () => useSigned(({ cancelAllOffers }, client) => cancelAllOffers({ client }));
