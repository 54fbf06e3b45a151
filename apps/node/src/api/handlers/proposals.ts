import { NeuroError } from '@neurodata/protocol';
import { desc, eq } from 'drizzle-orm';
import { proposals } from '../../db/schema.ts';
import { before, nextOf, pageSize } from '../reads/pages.ts';
import { present } from '../reads/present.ts';
import { toProposals } from '../reads/proposals.ts';
import type { Handler } from './Handler.ts';

export const listProposals: Handler<'listProposals'> = async (context, { query }) => {
  const { limit = pageSize, cursor } = query;
  const rows = await context.db.orm.select().from(proposals).where(before(proposals, cursor)).orderBy(desc(proposals.openedBlock), desc(proposals.openedIndex)).limit(limit + 1);
  return present({ items: await toProposals(context, rows.slice(0, limit)), next: nextOf(rows, limit) });
};

export const getProposal: Handler<'getProposal'> = async (context, { params }) => {
  const [proposal] = await toProposals(context, await context.db.orm.select().from(proposals).where(eq(proposals.proposalId, params.proposalId)));
  if (proposal) return proposal;
  throw new NeuroError(`There is no proposal ${params.proposalId}.`, { code: 'NOT_FOUND', remedy: 'Check the id; a new one appears when its block is indexed.' });
};
