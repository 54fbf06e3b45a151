import { NeuroError } from '@neurodata/protocol';
import { asc, desc, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import { getAddress } from 'viem';
import type { Hex } from 'viem';
import type { Database, Transaction } from '../db/openDatabase.ts';
import { assetsOfEvents, fillSearch, refreshSearch } from '../db/refreshSearch.ts';
import { writeInOrder } from '../db/writeInOrder.ts';
import { assetSearch, blocks, cursor, deals, events, jobs, orders, reviews, subscriptions } from '../db/schema.ts';
import type { Header, Range } from './chainReader.ts';
import { applyEvent, eraseSubject, listingOf } from './events.ts';
import type { EventRow } from './events.ts';
import { readListings } from './getListing.ts';
import { projectionTables } from './projectionTables.ts';

/** Headers kept behind the cursor, to find the common ancestor after a reorganisation. */
export const keptBlocks = 256;

/** Events per transaction. PGlite has one session: while a transaction is open everybody else waits. */
const batchSize = 200;
/** In a range with more events search's rows are made once, when all are there: until then, what changes is not found. */
const farBehind = 2_000;

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

/** Cuts a range at block borders into steps of about {@link batchSize} events; the last one reaches the range's end. */
function stepsOf(range: Range): Step[] {
  const byNumber = new Map(range.headers.map((header) => [header.number, header]));
  const steps: Step[] = [];
  let pending: EventRow[] = [];
  range.events.forEach((event, index) => {
    pending.push(event);
    const until = byNumber.get(event.block);
    if (pending.length < batchSize || range.events[index + 1]?.block === event.block || !until) return;
    steps.push({ until, events: pending });
    pending = [];
  });
  steps.push({ until: range.last, events: pending });
  return steps;
}

/**
 * Writes a range's events, rows and headers behind `before`; each step's rows and the cursor move in one transaction.
 *
 * @throws NeuroError CONFLICT where the cursor stands elsewhere: another process moved it.
 */
export async function writeRange(db: Database, deployment: string, range: Range, before: Cursor | undefined): Promise<void> {
  let expected = before;
  const isFarBehind = range.events.length > farBehind;
  for (const step of stepsOf(range)) {
    await writeInOrder(db, async (tx) => {
      await holdCursor(tx, expected);
      await insertEvents(tx, step.events);
      await readListings(tx, [...new Set(step.events.flatMap((event) => listingOf(event) ?? []))]);
      for (const event of step.events) await applyEvent(tx, event);
      await placeInAssets(tx, step.events);
      const searched = await searchedOf(tx, step.events.map(({ subject }) => subject));
      if (!isFarBehind) await refreshSearch(tx, searched);
      else if (searched.length > 0) await tx.delete(assetSearch).where(inArray(assetSearch.assetId, searched));
      await insertHeaders(tx, range.headers.filter((header) => header.number <= step.until.number && header.number > step.until.number - keptBlocks));
      await tx.delete(blocks).where(lt(blocks.number, step.until.number - keptBlocks));
      await moveCursor(tx, deployment, step.until);
    });
    expected = { block: step.until.number, hash: step.until.hash, timestamp: step.until.timestamp };
  }
  // Where it is ended before this, the next start does it.
  if (isFarBehind) await fillMissingSearch(db);
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

/** One parameter for all rows: thousands of them take longer to be counted than to be stored. */
async function insertEvents(tx: Transaction, rows: EventRow[]): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map((row) => ({
    block: row.block, log_index: row.logIndex, transaction: row.transaction.toLowerCase(), timestamp: row.timestamp, gas_used: row.gasUsed, contract: row.contract, name: row.name, subject: row.subject,
    asset_id: row.assetId, account: row.account && getAddress(row.account), topics: row.topics, data: row.data, args: row.args,
  }));
  await tx.execute(sql`INSERT INTO events (block, log_index, transaction, timestamp, gas_used, contract, name, subject, asset_id, account, topics, data, args)
    SELECT block, log_index, transaction, timestamp, gas_used, contract, name, subject, asset_id, account, topics, data, args
    FROM jsonb_to_recordset(${JSON.stringify(values)}::jsonb) AS row (block bigint, log_index int, transaction text, timestamp bigint, gas_used bigint, contract text, name text, subject text, asset_id bigint, account text, topics jsonb, data text, args jsonb)`);
}

/** Events that name a listing belong to the history of the listing's asset, which only the rows know. */
async function placeInAssets(tx: Transaction, rows: EventRow[]): Promise<void> {
  const named = rows.map((row) => ({ block: row.block, log_index: row.logIndex, listing_id: listingOf(row) })).filter(({ listing_id }) => listing_id !== undefined);
  if (named.length === 0) return;
  await tx.execute(sql`UPDATE events SET asset_id = listings.asset_id FROM jsonb_to_recordset(${JSON.stringify(named)}::jsonb) AS named (block bigint, log_index int, listing_id bigint)
    JOIN listings ON listings.listing_id = named.listing_id WHERE events.block = named.block AND events.log_index = named.log_index`);
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
      const remaining = await tx.select().from(events).where(inArray(events.subject, subjects)).orderBy(asc(events.block), asc(events.logIndex));
      for (const row of remaining) await applyEvent(tx, row);
    }
    await refreshSearch(tx, assetIds);
    await moveCursor(tx, deployment, ancestor);
    return subjects;
  });
}

/** Which addresses and assets an order's, job's, subscription's, deal's or review's page belongs to, for live changes. */
export async function partiesOf(db: Database, subjects: string[]): Promise<string[]> {
  const idsOf = (noun: string): Hex[] => subjects.filter((subject) => subject.startsWith(`${noun}:`)).map((subject) => subject.slice(noun.length + 1) as Hex);
  const [orderIds, jobIds, subscriptionIds] = [idsOf('order'), idsOf('job'), idsOf('subscription')];
  const parties = new Set<string>();
  for (const id of orderIds) {
    const [row] = await db.orm.select({ buyer: orders.buyer, seller: orders.seller, assetId: orders.assetId }).from(orders).where(eq(orders.orderId, id));
    if (row) [`account:${row.buyer}`, `account:${row.seller}`, `asset:${row.assetId}`].forEach((topic) => parties.add(topic));
  }
  for (const id of jobIds) {
    const [row] = await db.orm.select({ buyer: jobs.buyer, worker: jobs.worker, assetId: jobs.assetId }).from(jobs).where(eq(jobs.jobId, id));
    if (row) [`account:${row.buyer}`, `asset:${row.assetId}`, ...(row.worker ? [`account:${row.worker}`] : [])].forEach((topic) => parties.add(topic));
  }
  for (const id of idsOf('deal')) {
    const [row] = await db.orm.select({ buyer: deals.buyer, seller: deals.seller }).from(deals).where(eq(deals.dealId, id));
    if (row) [`account:${row.buyer}`, `account:${row.seller}`].forEach((topic) => parties.add(topic));
  }
  for (const id of idsOf('review')) {
    const [row] = await db.orm.select({ assetId: reviews.assetId }).from(reviews).where(eq(reviews.orderId, id));
    if (row) parties.add(`asset:${row.assetId}`);
  }
  for (const id of subscriptionIds) {
    const [row] = await db.orm.select({ account: subscriptions.account, seller: subscriptions.seller, assetId: subscriptions.assetId }).from(subscriptions).where(eq(subscriptions.subscriptionId, id));
    if (row) [`account:${row.account}`, `account:${row.seller}`, `asset:${row.assetId}`].forEach((topic) => parties.add(topic));
  }
  return [...parties];
}
