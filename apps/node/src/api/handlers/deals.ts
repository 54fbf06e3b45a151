import { NeuroError } from '@neurodata/protocol';
import { and, desc, eq, or } from 'drizzle-orm';
import { getAddress } from 'viem';
import { deals } from '../../db/schema.ts';
import { toDeals } from '../reads/deals.ts';
import { before, nextOf, pageSize } from '../reads/pages.ts';
import { present } from '../reads/present.ts';
import type { Handler } from './Handler.ts';

export const listDeals: Handler<'listDeals'> = async (context, { query }) => {
  const { limit = pageSize, party, cursor } = query;
  const rows = await context.db.orm.select().from(deals).where(and(
    party ? or(eq(deals.buyer, getAddress(party)), eq(deals.seller, getAddress(party)), eq(deals.arbiter, getAddress(party))) : undefined, before(deals, cursor),
  )).orderBy(desc(deals.openedBlock), desc(deals.openedIndex)).limit(limit + 1);
  return present({ items: await toDeals(context, rows.slice(0, limit)), next: nextOf(rows, limit) });
};

export const getDeal: Handler<'getDeal'> = async (context, { params }) => {
  const [deal] = await toDeals(context, await context.db.orm.select().from(deals).where(eq(deals.dealId, params.dealId)));
  if (deal) return deal;
  throw new NeuroError(`There is no deal ${params.dealId}.`, { code: 'NOT_FOUND', remedy: 'Check the id; a new one appears when its block is indexed.' });
};
