import type { Transaction } from '../db/openDatabase.ts';
import type { events } from '../db/schema.ts';
import type { Notice, ReadOwnBlock } from './NotificationDeps.ts';

export type EventRow = typeof events.$inferSelect;

/** What people are told of one event, read in the transaction that tells them. */
export type Writer = (tx: Transaction, event: EventRow, readBlock?: ReadOwnBlock) => Promise<Notice[]>;
