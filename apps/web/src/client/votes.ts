import type { SecretVote, VoteStore } from '@neurodata/sdk';
import type { Address } from 'viem';
import { openBrowserStore } from './browserStore.ts';

type StoredVote = { id: string; vote: SecretVote };

/** An account's secret votes in this browser's IndexedDB. */
export function browserVotes(account: Address): VoteStore {
  const use = openBrowserStore({ name: `neurodata-votes-${account.toLowerCase()}`, store: 'votes', key: 'id' });
  return {
    put: async (vote) => {
      await use('readwrite', (store) => store.put({ id: idOf(vote), vote } satisfies StoredVote));
    },
    list: async () => (await use('readonly', (store) => store.getAll() as IDBRequest<StoredVote[]>)).map(({ vote }) => vote),
  };
}

/** All that a vote says, so that none takes another one's place. */
function idOf({ chainId, contract, disputeId, round, juror, ruling, salt }: SecretVote): string {
  return [chainId, contract, disputeId, round, juror, ruling, salt].join('/').toLowerCase();
}
