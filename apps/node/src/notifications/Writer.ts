import type { Hex } from 'viem';
import type { Transaction } from '../db/openDatabase.ts';
import type { events } from '../db/schema.ts';
import type { Notice } from './NotificationDeps.ts';

export type EventRow = typeof events.$inferSelect;

/** A small document by its sha256, where this node has it itself: nobody else is asked while people wait to be told. */
export type ReadOwnBlock = (digest: Hex) => Promise<Uint8Array | undefined>;

/** What people are told of one event, read in the transaction that tells them. */
export type Writer = (tx: Transaction, event: EventRow, readBlock?: ReadOwnBlock) => Promise<Notice[]>;
