import { NeuroError } from '@neurodata/protocol';
import { decodeAbiParameters, getAbiItem, toEventSelector } from 'viem';
import type { Abi, AbiEvent, AbiParameter, Address, Hex } from 'viem';
import { storableJson } from '../common/storable.ts';
import type { Transaction } from '../db/openDatabase.ts';
import type { events } from '../db/schema.ts';
import { abis, contractNames } from './contracts.ts';
import type { ContractName, EventPlace } from './contracts.ts';
import { createRowBuffer } from './createRowBuffer.ts';
import type { RowBuffer } from './createRowBuffer.ts';
import { readListings } from './getListing.ts';
import { assetNoun } from './handlers/assets.ts';
import { challengeNoun } from './handlers/challenges.ts';
import { dealNoun } from './handlers/deals.ts';
import { disputeNoun, disputeWindowsNoun, jurorNoun } from './handlers/disputes.ts';
import { evidenceNoun } from './handlers/evidence.ts';
import { jobNoun } from './handlers/jobs.ts';
import { liquidityNoun } from './handlers/liquidity.ts';
import { listingNoun } from './handlers/listings.ts';
import { orderNoun } from './handlers/orders.ts';
import { payoutNoun } from './handlers/payouts.ts';
import { proposalNoun } from './handlers/proposals.ts';
import { reviewNoun } from './handlers/reviews.ts';
import { roundNoun } from './handlers/rounds.ts';
import { stakeNoun } from './handlers/stakes.ts';
import { subscriptionNoun } from './handlers/subscriptions.ts';
import { validatorNoun } from './handlers/validators.ts';
import { workerNoun } from './handlers/workers.ts';
import type { Noun } from './noun.ts';

/** In the order in which their rows are written: what reads others' rows comes after them. */
export const nouns: readonly Noun[] = [
  assetNoun, listingNoun, orderNoun, jobNoun, roundNoun, challengeNoun, validatorNoun, workerNoun, stakeNoun, subscriptionNoun,
  dealNoun, disputeWindowsNoun, disputeNoun, jurorNoun, evidenceNoun, reviewNoun, proposalNoun, liquidityNoun, payoutNoun,
];

export type EventRow = Omit<typeof events.$inferSelect, 'assetId'> & { assetId: number | null };

/** What `eth_getLogs` says of one event, with its block's time and its transaction's receipt. */
export type RawEvent = EventPlace & { address: Address; topics: Hex[]; data: Hex; gasUsed: number; account: Address };

/** A handler once its event's types are forgotten: rows of one table hold events of all kinds. */
type AnyHandler = {
  id(args: unknown): string | number | bigint;
  assetId?(args: unknown): bigint | undefined;
  listingId?(args: unknown): number;
  apply?(tx: Transaction, event: EventPlace & { args: unknown }): Promise<void>;
  write?(rows: RowBuffer, event: EventPlace & { args: unknown }, tx: Transaction): void | Promise<void>;
};
type Known = { contract: ContractName; name: string; noun: Noun; handler: AnyHandler; inputs: AbiEvent['inputs'] };

const knownEvents = new Map<string, Known>(nouns.flatMap(knownOf));

function knownOf(noun: Noun): [string, Known][] {
  return contractNames.flatMap((contract) =>
    Object.entries(noun.handlers[contract] ?? {}).map(([name, handler]): [string, Known] => {
      const item = getAbiItem({ abi: abis[contract] as Abi, name }) as AbiEvent | undefined;
      if (!item) throw new Error(`${contract} has no event ${name}`);
      // The handler was checked against this very event where it was written; only the map forgets which one.
      return [`${contract}:${toEventSelector(item)}`, { contract, name, noun, handler: handler as unknown as AnyHandler, inputs: item.inputs }];
    }),
  );
}

/** Gives each log the contract that sent it; undefined for events that nothing here is made from. */
export function createDecoder(addresses: Record<ContractName, Address>): (raw: RawEvent) => EventRow | undefined {
  const contractOf = new Map(contractNames.map((name) => [addresses[name].toLowerCase(), name]));
  return (raw) => {
    const contract = contractOf.get(raw.address.toLowerCase());
    const known = contract && knownEvents.get(`${contract}:${raw.topics[0]}`);
    if (!known) return undefined;
    const { address: _, ...place } = raw;
    const args = decodeArgs(known, raw);
    const assetId = known.handler.assetId?.(args);
    const row: EventRow = {
      ...place, contract: known.contract, name: known.name, subject: `${known.noun.name}:${known.handler.id(args)}`,
      assetId: assetId === undefined ? null : Number(assetId), args: toJson(args),
    };
    decoded.set(row, args);
    return row;
  };
}

/** What `decodeEventLog` of viem says, without looking for the event by hashing every signature of its contract, which takes most of the time. */
function decodeArgs({ inputs, name, contract }: Known, raw: { topics: Hex[]; data: Hex }): unknown {
  const [signature, ...rest] = raw.topics;
  if (!signature) throw new NeuroError('An event without a signature came.', { code: 'INTERNAL' });
  const indexed = inputs.filter((input) => input.indexed);
  const plain = inputs.filter((input) => !input.indexed);
  if (indexed.length !== rest.length) throw new NeuroError(`An event ${contract}.${name} has other topics than it should.`, { code: 'INTERNAL' });
  const data = plain.length === 0 ? [] : decodeAbiParameters(plain, raw.data);
  const entries = [...indexed.map((input, index) => [input.name, topicOf(input, rest[index] ?? '0x')]), ...plain.map((input, index) => [input.name, data[index]])];
  return Object.fromEntries(entries) as unknown;
}

/** Of what does not fit into a topic there is only its hash. */
function topicOf(input: AbiParameter, topic: Hex): unknown {
  const hashed = input.type === 'string' || input.type === 'bytes' || input.type === 'tuple' || input.type.endsWith(']');
  return hashed ? topic : decodeAbiParameters([input], topic)[0];
}

/** Integers as decimal strings, texts as PostgreSQL can keep them. For readers; replays decode `topics` and `data` again. */
function toJson(args: unknown): unknown {
  return storableJson(JSON.parse(JSON.stringify(args, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))));
}

function knownOfRow(row: EventRow): Known {
  const known = knownEvents.get(`${row.contract}:${row.topics[0]}`);
  if (!known) throw new NeuroError(`The stored event ${row.contract}.${row.name} is not known any more.`, { code: 'INTERNAL', remedy: 'Remove the database; it is rebuilt from the chain.' });
  return known;
}

/** Arguments of events that were decoded already, so that an event that has just come is decoded once. */
const decoded = new WeakMap<object, unknown>();

function argsOf(known: Known, row: EventRow): unknown {
  const args = decoded.get(row) ?? decodeArgs(known, row);
  decoded.set(row, args);
  return args;
}

/**
 * Writes the rows of events, which are in the chain's order. One noun after the other: a noun's rows follow from its own events alone, and from what other nouns
 * fixed when they were made. So what many events of a noun write can go together.
 */
export async function applyEvents(tx: Transaction, rows: readonly EventRow[]): Promise<void> {
  const ofNoun = Map.groupBy(rows, (row) => knownOfRow(row).noun);
  for (const noun of nouns) {
    const waiting = createRowBuffer(tx);
    for (const row of ofNoun.get(noun) ?? []) {
      const known = knownOfRow(row);
      const { block, logIndex, transaction, timestamp } = row;
      const event = { block, logIndex, transaction, timestamp, args: argsOf(known, row) };
      await known.handler.write?.(waiting, event, tx);
      if (!known.handler.apply) continue;
      await waiting.flush();
      await known.handler.apply(tx, event);
    }
    await waiting.flush();
    if (noun === listingNoun) await readListings(tx, [...new Set(rows.flatMap((row) => listingOf(row) ?? []))]);
  }
}

/** The listing through which an event belongs to an asset's history. */
export function listingOf(row: EventRow): number | undefined {
  const known = knownOfRow(row);
  return known.handler.listingId?.(argsOf(known, row));
}

/** Deletes the rows of a subject such as `order:0x01..`. */
export async function eraseSubject(tx: Transaction, subject: string): Promise<void> {
  const at = subject.indexOf(':');
  const noun = nouns.find(({ name }) => name === subject.slice(0, at));
  if (!noun) throw new NeuroError(`Nothing is known of ${subject}.`, { code: 'INTERNAL' });
  await noun.erase(tx, subject.slice(at + 1));
}
