import { and, eq } from 'drizzle-orm';
import type { Address } from 'viem';
import { storable } from '../../common/storable.ts';
import type { Transaction } from '../../db/openDatabase.ts';
import { evidence } from '../../db/schema.ts';
import type { EventPlace } from '../contracts.ts';
import type { Noun } from '../noun.ts';

type Contract = 'disputes' | 'milestoneEscrow' | 'orderDisputes' | 'curation';
type Args = { _evidenceGroupID: bigint; _party: Address; _evidence: string };

const evidenceOf = (contract: Contract) => ({
  id: (args: Args) => `${contract}/${args._evidenceGroupID}`,
  apply: async (tx: Transaction, { args, transaction, block, logIndex, timestamp }: EventPlace & { args: Args }): Promise<void> => {
    await tx.insert(evidence).values({ contract, groupId: String(args._evidenceGroupID), party: args._party, address: storable(args._evidence), transaction, block, logIndex, at: timestamp });
  },
});

/** What parties say to a dispute, a milestone, an order or a suspended asset, one group each (ERC-1497). */
export const evidenceNoun: Noun = {
  name: 'evidence',
  erase: async (tx, text) => {
    const [contract = '', groupId = ''] = text.split('/');
    await tx.delete(evidence).where(and(eq(evidence.contract, contract as Contract), eq(evidence.groupId, groupId)));
  },
  handlers: {
    disputes: { Evidence: evidenceOf('disputes') }, milestoneEscrow: { Evidence: evidenceOf('milestoneEscrow') },
    orderDisputes: { Evidence: evidenceOf('orderDisputes') }, curation: { Evidence: evidenceOf('curation') },
  },
};
