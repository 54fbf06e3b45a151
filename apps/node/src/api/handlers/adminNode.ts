import { NeuroError, governorAbi, neuroVotesAbi, resetPhrase } from '@neurodata/protocol';
import { encodeCall, parameterCall } from '@neurodata/sdk';
import { desc, eq, isNotNull, ne, sql } from 'drizzle-orm';
import { encodeFunctionData } from 'viem';
import type { Address } from 'viem';
import { recordAudit } from '../../audit/recordAudit.ts';
import { refreshSearch } from '../../db/refreshSearch.ts';
import {
  assetViews, attempts, collections, cursor, deliveries, discoveryAlerts, disputes, favourites, featuredAssets, hiddenSubjects, idempotencyKeys, listings, mailbox, notifications, orders, reports, savedSearches, sellerReplies, users, watches, webhooks,
} from '../../db/schema.ts';
import { assetsOf, walletsOf } from '../../trust/index.ts';
import { toDisputes } from '../reads/disputes.ts';
import { present } from '../reads/present.ts';
import { titlesOf } from '../reads/summaries.ts';
import type { Handler, HandlerContext } from './Handler.ts';

export const getDisputesOverview: Handler<'getDisputesOverview'> = async ({ db }) => {
  const [open, juries, { rows: [ended] }] = await Promise.all([
    db.orm.select({ order: orders, token: listings.token }).from(orders).innerJoin(listings, eq(listings.listingId, orders.listingId)).where(eq(orders.state, 'disputed')).orderBy(orders.changedAt).limit(200),
    db.orm.select().from(disputes).where(eq(disputes.ended, false)).orderBy(desc(disputes.openedBlock), desc(disputes.openedIndex)).limit(200),
    db.orm.execute<Record<'upheld' | 'dismissed' | 'ended', bigint>>(sql`SELECT count(*) FILTER (WHERE dispute_state = 'upheld') AS upheld, count(*) FILTER (WHERE dispute_state = 'dismissed') AS dismissed,
      (SELECT count(*) FROM disputes WHERE ended) AS ended FROM orders WHERE dispute_state IN ('upheld', 'dismissed')`),
  ]);
  const titleOf = await titlesOf(db, open.map(({ order }) => order.assetId));
  return {
    orders: open.map(({ order: { orderId, assetId, buyer, seller, price, disputeState, disputeUntil, juryDispute, changedAt }, token }) => ({
      ...present({ orderId, assetId, title: titleOf(assetId), buyer, seller, price, state: disputeState ?? ('none' as const), until: disputeUntil, disputeId: juryDispute, changedAt }), token,
    })),
    juries: await toDisputes(db, juries), upheld: Number(ended?.upheld ?? 0), dismissed: Number(ended?.dismissed ?? 0), ended: Number(ended?.ended ?? 0),
  };
};

export const getProjection: Handler<'getProjection'> = async ({ db, indexer }) => {
  const [[place], { rows: [documents] }, { rows: tables }] = await Promise.all([
    db.orm.select().from(cursor),
    db.orm.execute<Record<'events' | 'wanted' | 'unreadable', bigint>>(sql`SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM manifests WHERE state = 'wanted') AS wanted, (SELECT count(*) FROM manifests WHERE state = 'unreadable') AS unreadable`),
    db.orm.execute<{ name: string; rows: bigint; bytes: bigint }>(sql`SELECT c.relname AS name, greatest(c.reltuples, 0)::bigint AS rows, pg_total_relation_size(c.oid)::bigint AS bytes
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY c.relname`),
  ]);
  const indexed = place?.block ?? 0;
  return {
    deployment: place?.deployment ?? '', indexed, head: indexer.head()?.chain ?? indexed, indexedAt: place?.timestamp ?? 0, events: Number(documents?.events ?? 0), wanted: Number(documents?.wanted ?? 0), unreadable: Number(documents?.unreadable ?? 0),
    tables: tables.map(({ name, rows, bytes }) => ({ name, rows: Number(rows), bytes: Number(bytes) })),
  };
};

export const prepareParameters: Handler<'prepareParameters'> = async (context, { body, principal, door }) => {
  const { db, config } = context;
  const { contract, parameters, description } = body;
  const { addresses, chainId } = config.deployment;
  const call = encodeCall(addresses, await parameterCall({ client: { publicClient: context.client, config }, contract, changes: parameters }));
  const senders = await proposersOf(context, await walletsOf(db.orm, principal.userId));
  const data = encodeFunctionData({ abi: governorAbi, functionName: 'propose', args: [[call.target], [0n], [call.data], description] });
  await db.orm.transaction((tx) => recordAudit(tx, { actor: principal.userId, action: 'proposal prepared', subject: `contract:${contract}`, reason: description, details: { parameters, senders }, requestId: door.requestId }));
  const changes = Object.entries(parameters).map(([name, value]) => `${name} = ${value}`).join(', ');
  return { chainId, to: addresses.governor, data, value: 0n, sentence: `Propose to set of ${contract}: ${changes}`, senders };
};

/** Wallets with enough delegated votes to propose now. */
async function proposersOf({ client, config }: HandlerContext, wallets: Address[]): Promise<Address[]> {
  const { governor, neuroVotes } = config.deployment.addresses;
  const threshold = await client.readContract({ address: governor, abi: governorAbi, functionName: 'proposalThreshold' });
  const votes = await Promise.all(wallets.map((wallet) => client.readContract({ address: neuroVotes, abi: neuroVotesAbi, functionName: 'getVotes', args: [wallet] })));
  return wallets.filter((_, index) => (votes[index] ?? 0n) >= threshold);
}

/** What users left behind, the caller too: all but accounts with their credentials, and the audit log. What hangs on a row goes with it. */
const forgotten = [hiddenSubjects, sellerReplies, reports, assetViews, mailbox, favourites, watches, savedSearches, discoveryAlerts, collections, featuredAssets, notifications, webhooks, deliveries, attempts] as const;

export const resetNode: Handler<'resetNode'> = async ({ db, demo, jobs }, { body, principal, door }) => {
  if (!demo) throw new NeuroError('Only a node with the embedded chain can be reset.', { code: 'FORBIDDEN', remedy: 'On any other chain its users are real.' });
  if (body.phrase !== resetPhrase) throw new NeuroError('That is not the phrase.', { code: 'BAD_INPUT', remedy: `Type exactly: ${resetPhrase}` });
  await db.orm.transaction(async (tx) => {
    const hidden = await tx.select({ subject: hiddenSubjects.subject }).from(hiddenSubjects);
    // Their search rows count what goes now.
    const { rows: counted } = await tx.execute<{ asset_id: bigint }>(sql`SELECT asset_id FROM favourites UNION SELECT asset_id FROM asset_views`);
    for (const table of forgotten) await tx.delete(table);
    // But for the key of this very request.
    await tx.delete(idempotencyKeys).where(isNotNull(idempotencyKeys.status));
    const { rowCount } = await tx.delete(users).where(ne(users.userId, principal.userId));
    const waiting = await jobs.forget(tx);
    await refreshSearch(tx, [...(await assetsOf(tx, hidden.map(({ subject }) => subject))).values(), ...counted.map((row) => Number(row.asset_id))]);
    await recordAudit(tx, { actor: principal.userId, action: 'node reset', subject: 'node', details: { users: rowCount ?? 0, jobs: waiting }, requestId: door.requestId });
  });
  return { done: true };
};
