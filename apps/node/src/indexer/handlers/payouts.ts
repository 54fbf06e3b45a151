import type { Address } from 'viem';
import type { Noun } from '../noun.ts';

const credited = { id: (args: { account: Address }): Address => args.account };

/** What contracts keep for an account until it withdraws: history only, since the contracts say how much it is. */
export const payoutNoun: Noun = {
  name: 'payout',
  erase: async () => undefined,
  handlers: {
    market: { Credited: credited, TokenCredited: credited }, training: { Credited: credited }, validators: { Credited: credited }, disputes: { Credited: credited }, curation: { Credited: credited },
    subscriptions: { Credited: credited, TokenCredited: credited }, orderDisputes: { Credited: credited }, challenges: { Credited: credited },
  },
};
