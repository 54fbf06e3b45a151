import { NeuroError } from '@neurodata/protocol';
import type { ProposalDto } from '@neurodata/protocol';
import { desc, eq } from 'drizzle-orm';
import { proposals } from '../../db/schema.ts';
import { before, nextOf, pageSize } from '../reads/pages.ts';
import { present } from '../reads/present.ts';
import { toProposals } from '../reads/proposals.ts';
import type { Handler, HandlerContext } from './Handler.ts';

export const listProposals: Handler<'listProposals'> = async (context, { query }) => {
  const { limit = pageSize, cursor } = query;
  const rows = await context.db.orm.select().from(proposals).where(before(proposals, cursor)).orderBy(desc(proposals.openedBlock), desc(proposals.openedIndex)).limit(limit + 1);
  return present({ items: await toProposals(context, rows.slice(0, limit)), next: nextOf(rows, limit) });
};

export const getProposal: Handler<'getProposal'> = (context, { params }) => findProposal(context, params.proposalId);

/** Throws NOT_FOUND. */
export async function findProposal(context: HandlerContext, proposalId: string): Promise<ProposalDto> {
  const [proposal] = await toProposals(context, await context.db.orm.select().from(proposals).where(eq(proposals.proposalId, proposalId)));
  if (proposal) return proposal;
  throw new NeuroError(`There is no proposal ${proposalId}.`, { code: 'NOT_FOUND', remedy: 'Check the id; a new one appears when its block is indexed.' });
}
