import { NeuroError } from '@neurodata/protocol';
import { asc, desc, gt, lt, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { Database, Transaction } from '../db/openDatabase.ts';
import { assetsOfEvents, dropSearch, fillSearch, refreshSearch } from '../db/refreshSearch.ts';
import { writeInOrder } from '../db/writeInOrder.ts';
import { assetSearch, blocks, cursor, deals, events, jobs, orders, reviews, subscriptions } from '../db/schema.ts';
import type { Header, Range } from './chainReader.ts';
import { applyEvents, eraseSubject, listingOf } from './events.ts';
import type { EventRow } from './events.ts';
import { createRowBuffer } from './createRowBuffer.ts';
import { getListing } from './getListing.ts';
import { projectionTables } from './projectionTables.ts';

/** Headers kept behind the cursor, to find the common ancestor after a reorganisation. */
export const keptBlocks = 256;

/** Events per transaction. PGlite has one session: while a transaction is open everybody else waits. */
const batchSize = { embedded: 500, server: 2_000 };
/** In a range with more events search's rows are made once, when all are there: until then, what changes is not found. */
export const farBehind = 2_000;

export type Cursor = { block: number; hash: Hex; timestamp: number };

export async function findCursor(db: Database): Promise<(Cursor & { deployment: string }) | undefined> {
  const [row] = await db.orm.select().from(cursor);
  return row;
}

/** Empties every table that is made from the chain. */
export async function wipeProjection(db: Database): Promise<void> {
  await db.orm.transaction(async (tx) => {
    for (const table of [...projectionTables, assetSearch]) await tx.delete(table);
  });
}

const lookedAtOnce = 2_000;

/** Makes search rows for assets that have none: of a database from before there were any. */
export async function fillMissingSearch(db: Database): Promise<void> {
  let after: number | undefined = 0;
  while (after !== undefined) after = await fillSearch(db.orm, { after, limit: lookedAtOnce });
}

type Step = { until: Header; events: EventRow[] };

/** Cuts a range at block borders into steps of about `size` events; the last one reaches the range's end. */
function stepsOf(range: Range, size: number): Step[] {
  const byNumber = new Map(range.headers.map((header) => [header.number, header]));
  const steps: Step[] = [];
  let pending: EventRow[] = [];
  range.events.forEach((event, index) => {
    pending.push(event);
    const until = byNumber.get(event.block);
    if (pending.length < size || range.events[index + 1]?.block === event.block || !until) return;
    steps.push({ until, events: pending });
    pending = [];
  });
  steps.push({ until: range.last, events: pending });
  return steps;
}

/**
 * Writes a range's events, rows and headers behind `before`; each step's rows and the cursor move in one transaction. `search`: whether what is found follows
 * at once, or the search rows of what changed only go, for {@link fillMissingSearch} to make them all at once.
 *
 * @throws NeuroError CONFLICT where the cursor stands elsewhere: another process moved it.
 */
export async function writeRange(db: Database, deployment: string, { range, before, search }: { range: Range; before: Cursor | undefined; search: 'now' | 'later' }): Promise<void> {
  let expected = before;
  for (const step of stepsOf(range, db.embedded ? batchSize.embedded : batchSize.server)) {
    await writeInOrder(db, async (tx) => {
      await holdCursor(tx, expected);
      await applyEvents(tx, step.events);
      await insertEvents(tx, step.events);
      const searched = await searchedOf(tx, new Set(step.events.map(({ subject }) => subject)));
      if (search === 'now') await refreshSearch(tx, searched);
      else await dropSearch(tx, searched);
      await insertHeaders(tx, range.headers.filter((header) => header.number <= step.until.number && header.number > step.until.number - keptBlocks));
      await tx.delete(blocks).where(lt(blocks.number, step.until.number - keptBlocks));
      await moveCursor(tx, deployment, step.until);
    });
    expected = { block: step.until.number, hash: step.until.hash, timestamp: step.until.timestamp };
  }
}

/** The assets whose search rows may have changed with these subjects, while the events are still there. */
async function searchedOf(tx: Transaction, subjects: Iterable<string>): Promise<number[]> {
  const searched = [...new Set(subjects)].filter((subject) => /^(asset|listing|order|job|review):/.test(subject));
  return searched.length === 0 ? [] : assetsOfEvents(tx, searched);
}

/** Two nodes on one database, or a rebuilt index that takes the place of this one, must not write over each other. */
async function holdCursor(tx: Transaction, expected: Cursor | undefined): Promise<void> {
  const [found] = await tx.select({ block: cursor.block, hash: cursor.hash }).from(cursor).for('update');
  if (found?.block === expected?.block && found?.hash === expected?.hash) return;
  throw new NeuroError('The index was moved by another process.', { code: 'CONFLICT', retryable: true });
}

/** Events that name a listing belong to the history of the listing's asset, which only the rows know: they are there already. */
async function insertEvents(tx: Transaction, rows: readonly EventRow[]): Promise<void> {
  const waiting = createRowBuffer(tx);
  for (const row of rows) {
    const listingId = listingOf(row);
    waiting.insert(events, listingId === undefined ? row : { ...row, assetId: (await getListing(tx, listingId)).assetId });
  }
  await waiting.flush();
}

async function insertHeaders(tx: Transaction, headers: Header[]): Promise<void> {
  if (headers.length > 0) await tx.insert(blocks).values(headers).onConflictDoNothing();
}

async function moveCursor(tx: Transaction, deployment: string, to: Header): Promise<void> {
  const row = { deployment, block: to.number, hash: to.hash, timestamp: to.timestamp };
  await tx.insert(cursor).values(row).onConflictDoUpdate({ target: cursor.id, set: row });
}

/** The stored headers, newest first. */
export async function listHeaders(db: Database): Promise<Header[]> {
  return db.orm.select().from(blocks).orderBy(desc(blocks.number));
}

/**
 * Takes back everything above `ancestor`, in one transaction: its events go, and the rows that they touched are made
 * again from the events that stay. Returns the subjects whose rows changed.
 */
export async function undoTo(db: Database, deployment: string, ancestor: Header, before: Cursor): Promise<string[]> {
  return writeInOrder(db, async (tx) => {
    await holdCursor(tx, before);
    const touched = await tx.selectDistinct({ subject: events.subject }).from(events).where(gt(events.block, ancestor.number));
    const subjects = touched.map((row) => row.subject);
    const assetIds = await searchedOf(tx, subjects);
    await tx.delete(events).where(gt(events.block, ancestor.number));
    await tx.delete(blocks).where(gt(blocks.number, ancestor.number));
    for (const subject of subjects) await eraseSubject(tx, subject);
    if (subjects.length > 0) {
      const remaining = await tx.select().from(events).where(sql`${events.subject} = ANY (ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(subjects)}::jsonb)))`).orderBy(asc(events.block), asc(events.logIndex));
      await applyEvents(tx, remaining);
    }
    await refreshSearch(tx, assetIds);
    await moveCursor(tx, deployment, ancestor);
    return subjects;
  });
}

/** Which addresses and assets an order's, job's, subscription's, deal's or review's page belongs to, for live changes. */
export async function partiesOf({ orm }: Database, subjects: readonly string[]): Promise<string[]> {
  const ofNoun = Map.groupBy(subjects, (subject) => subject.slice(0, subject.indexOf(':')));
  // One parameter for all: thousands of subjects may have changed at once.
  const idsOf = (noun: string): SQL | undefined => {
    const named = ofNoun.get(noun);
    return named && sql`ANY (ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(named.map((subject) => subject.slice(noun.length + 1)))}::jsonb)))`;
  };
  const [orderIds, jobIds, dealIds, reviewIds, subscriptionIds] = ['order', 'job', 'deal', 'review', 'subscription'].map(idsOf);
  const rows: { accounts?: (string | null)[]; assetId?: number }[] = [
    ...(orderIds ? await orm.select({ buyer: orders.buyer, seller: orders.seller, assetId: orders.assetId }).from(orders).where(sql`${orders.orderId} = ${orderIds}`) : []).map(({ buyer, seller, assetId }) => ({ accounts: [buyer, seller], assetId })),
    ...(jobIds ? await orm.select({ buyer: jobs.buyer, worker: jobs.worker, assetId: jobs.assetId }).from(jobs).where(sql`${jobs.jobId} = ${jobIds}`) : []).map(({ buyer, worker, assetId }) => ({ accounts: [buyer, worker], assetId })),
    ...(dealIds ? await orm.select({ buyer: deals.buyer, seller: deals.seller }).from(deals).where(sql`${deals.dealId} = ${dealIds}`) : []).map(({ buyer, seller }) => ({ accounts: [buyer, seller] })),
    ...(reviewIds ? await orm.select({ assetId: reviews.assetId }).from(reviews).where(sql`${reviews.orderId} = ${reviewIds}`) : []),
    ...(subscriptionIds ? await orm.select({ account: subscriptions.account, seller: subscriptions.seller, assetId: subscriptions.assetId }).from(subscriptions).where(sql`${subscriptions.subscriptionId} = ${subscriptionIds}`) : []).map(({ account, seller, assetId }) => ({ accounts: [account, seller], assetId })),
  ];
  const topics = rows.flatMap(({ accounts = [], assetId }) => [...accounts.flatMap((account) => (account ? [`account:${account}`] : [])), ...(assetId === undefined ? [] : [`asset:${assetId}`])]);
  return [...new Set(topics)];
}
