import { NeuroError, governorAbi, neuroVotesAbi, timelockAbi } from '@neurodata/protocol';
import type { ProposalDto } from '@neurodata/protocol';
import { desc, eq, isNull, sql } from 'drizzle-orm';
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

/** Of those that did not end by a transaction; votes are over after days. */
const newest = 50;
const underWay: ReadonlySet<string> = new Set<ProposalDto['state']>(['pending', 'active', 'succeeded', 'queued']);

export const getGovernance: Handler<'getGovernance'> = async (context) => {
  const { db, client, config: { deployment: { addresses } } } = context;
  const governor = { address: addresses.governor, abi: governorAbi } as const;
  const { timestamp } = await client.getBlock();
  const [votingDelay, votingPeriod, proposalThreshold, quorum, supply, executionDelay, rows, { rows: [counts] }] = await Promise.all([
    client.readContract({ ...governor, functionName: 'votingDelay' }), client.readContract({ ...governor, functionName: 'votingPeriod' }), client.readContract({ ...governor, functionName: 'proposalThreshold' }),
    // Votes are known of the past only.
    client.readContract({ ...governor, functionName: 'quorum', args: [timestamp - 1n] }),
    client.readContract({ address: addresses.neuroVotes, abi: neuroVotesAbi, functionName: 'totalSupply' }), client.readContract({ address: addresses.timelock, abi: timelockAbi, functionName: 'getMinDelay' }),
    db.orm.select().from(proposals).where(isNull(proposals.ended)).orderBy(desc(proposals.openedBlock), desc(proposals.openedIndex)).limit(newest),
    db.orm.execute<Record<'total' | 'executed' | 'canceled', bigint>>(sql`SELECT count(*) AS total, count(*) FILTER (WHERE ended = 'executed') AS executed, count(*) FILTER (WHERE ended = 'canceled') AS canceled FROM proposals`),
  ]);
  return {
    governor: addresses.governor, votes: addresses.neuroVotes, timelock: addresses.timelock, votingDelay: Number(votingDelay), votingPeriod: Number(votingPeriod), executionDelay: Number(executionDelay), proposalThreshold, quorum, supply,
    proposals: { all: Number(counts?.total ?? 0), executed: Number(counts?.executed ?? 0), canceled: Number(counts?.canceled ?? 0) }, open: (await toProposals(context, rows)).filter(({ state }) => underWay.has(state)),
  };
};

export const getProposal: Handler<'getProposal'> = (context, { params }) => findProposal(context, params.proposalId);

/** Throws NOT_FOUND. */
export async function findProposal(context: HandlerContext, proposalId: string): Promise<ProposalDto> {
  const [proposal] = await toProposals(context, await context.db.orm.select().from(proposals).where(eq(proposals.proposalId, proposalId)));
  if (proposal) return proposal;
  throw new NeuroError(`There is no proposal ${proposalId}.`, { code: 'NOT_FOUND', remedy: 'Check the id; a new one appears when its block is indexed.' });
}
