import type { Agreement, DealEscrow, DealFacts, SignedCancel } from '@neurodata/sdk';
import { queryOptions } from '@tanstack/react-query';
import type { Address, Hex } from 'viem';
import { connect, loadVerbs } from '../client/connect.ts';
import { useSigned } from './mutations.ts';

// Under `deals` and `deal`, so that what changes them makes these stale too.

/** What the escrow of deals says of a token (null: NCR) and an account, and the chain's time. */
export const dealEscrowQuery = (token: Address | null, account: Address | undefined) =>
  queryOptions<DealEscrow>({
    queryKey: ['deals', 'escrow', token, account],
    queryFn: async () => {
      const [client, { readDealEscrow }] = await Promise.all([connect(), loadVerbs()]);
      return readDealEscrow({ client, token: token ?? undefined, account });
    },
    refetchInterval: 5_000,
  });

/** A deal as the chain has it, with its windows. */
export const dealFactsQuery = (dealId: Hex) =>
  queryOptions<DealFacts>({
    queryKey: ['deal', dealId, 'facts'],
    queryFn: async () => {
      const [client, { readDeal }] = await Promise.all([connect(), loadVerbs()]);
      return readDeal({ client, dealId });
    },
  });

/** What was agreed, by its address; null where that leads to something else. It never changes. */
export const agreementQuery = (terms: string) =>
  queryOptions<Agreement | null>({
    queryKey: ['agreement', terms],
    queryFn: async () => {
      const [client, { readAgreement }] = await Promise.all([connect(), loadVerbs()]);
      return (await readAgreement({ client, terms })) ?? null;
    },
    staleTime: Infinity,
    retry: 1,
  });

export type OpenDealInput = {
  seller: Address; token: Address | undefined; /** Null: nobody; undefined: the jurors. */ arbiter: Address | null | undefined;
  milestones: { title: string; amount: bigint; /** Seconds from the chain's present. */ within: number }[];
  reviewWindow: number; arbitrationWindow: number; text: string;
};

/** Stores the agreement, then opens the deal and pays its milestones into escrow. */
export const useOpenDealMutation = () =>
  useSigned(async ({ openDeal, storeAgreement }, client, { seller, token, arbiter, milestones, reviewWindow, arbitrationWindow, text }: OpenDealInput) => {
    const terms = await storeAgreement({ client, agreement: { text, milestones: milestones.map(({ title }) => title) } });
    const { timestamp } = await client.publicClient.getBlock();
    return openDeal({
      client, seller, terms, reviewWindow, arbitrationWindow, ...(token ? { token } : {}), ...(arbiter === undefined ? {} : { arbiter }),
      milestones: milestones.map(({ amount, within }) => ({ amount, deadline: Number(timestamp) + within })),
    });
  });

/** What is done with one milestone; amounts in base units of the deal's token. */
export type MilestoneAct = { act: 'deliver'; digest: Hex } | { act: 'release' | 'refund' | 'split'; amount: bigint } | { act: 'contest' | 'escalate' | 'poke' } | { act: 'evidence'; text: string };

export const useMilestoneMutation = () =>
  useSigned(async (verbs, client, { dealId, index, ...input }: { dealId: Hex; index: number } & MilestoneAct): Promise<{ hash: Hex }> => {
    const part = { client, dealId, index };
    switch (input.act) {
      case 'deliver': return verbs.deliverMilestone({ ...part, digest: input.digest });
      case 'release': return verbs.releaseMilestone({ ...part, amount: input.amount });
      case 'refund': return verbs.refundDeal({ ...part, amount: input.amount });
      case 'split': return verbs.splitMilestone({ ...part, toSeller: input.amount });
      case 'evidence': return verbs.submitDealEvidence({ ...part, text: input.text });
      case 'contest': return verbs.contestMilestone(part);
      case 'escalate': return verbs.escalateMilestone(part);
      case 'poke': return verbs.pokeMilestone(part);
      default: return input satisfies never;
    }
  });

/** Offers to end a deal, or takes the same offer of the other side. */
export const useCancelDealMutation = () => useSigned(({ cancelDeal }, client, input: { dealId: Hex; toSeller: bigint }) => cancelDeal({ client, ...input }));

/** Signs that a deal may end so, without a transaction: one line for the other side. */
export const useSignCancelMutation = () =>
  useSigned(async ({ formatSignedCancel, signCancelDeal }, client, input: { dealId: Hex; toSeller: bigint }) => formatSignedCancel(await signCancelDeal({ client, ...input, seconds: 7 * 86_400 })));

export const useCancelSignedMutation = () => useSigned(({ cancelDealSigned }, client, signed: SignedCancel) => cancelDealSigned({ client, signed }));

/** Such a line as it was pasted; throws where it is none. */
export async function readSignedCancel(text: string): Promise<SignedCancel> {
  return (await loadVerbs()).parseSignedCancel(text);
}

export const useWithdrawDealsMutation = () => useSigned(({ withdrawDeals }, client, token: Address) => withdrawDeals({ client, token }));

/** The digest of what is delivered, as it goes on chain: of a file's bytes, or of a text's in UTF-8. A file is read piece by piece. */
export async function digestOf(content: Blob | string): Promise<Hex> {
  const { createSha256 } = await loadVerbs();
  const hash = createSha256();
  const reader = new Blob([content]).stream().getReader();
  for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) if (value) hash.update(value);
  return `0x${hash.hex()}`;
}
