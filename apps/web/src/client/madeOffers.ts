import type { Address, Hex } from 'viem';
import { openBrowserStore } from './browserStore.ts';

/** A private offer that was signed here. `link` is all of it; `at` in milliseconds. */
export type MadeOffer = { offerHash: Hex; link: string; at: number };

/** The private offers that an account has signed in this browser: nobody else knows that there are any. */
export function madeOffers(account: Address): { put(offer: MadeOffer): Promise<void>; list(): Promise<MadeOffer[]> } {
  const use = openBrowserStore({ name: `neurodata-offers-${account.toLowerCase()}`, store: 'offers', key: 'offerHash' });
  return {
    put: async (offer) => {
      await use('readwrite', (store) => store.put(offer));
    },
    list: async () => (await use('readonly', (store) => store.getAll() as IDBRequest<MadeOffer[]>)).toSorted((a, b) => b.at - a.at),
  };
}
