import type { Activity } from '@neurodata/protocol';
import { asc, inArray } from 'drizzle-orm';
import type { Database } from '../../db/openDatabase.ts';
import { events } from '../../db/schema.ts';
import { present } from './present.ts';

type EventRow = Pick<typeof events.$inferSelect, 'name' | 'account' | 'gasUsed' | 'transaction' | 'block' | 'timestamp' | 'subject'>;
export const activityColumns = {
  name: events.name, account: events.account, gasUsed: events.gasUsed, transaction: events.transaction, block: events.block, timestamp: events.timestamp, subject: events.subject,
};

export function toActivity({ name, account, gasUsed, transaction, block, timestamp }: EventRow): Activity {
  return present({ event: name, account, gasUsed, transaction, block, at: timestamp });
}

/** All events of each subject such as `order:0x01..`, oldest first. */
export async function activityOf(db: Database, subjects: string[]): Promise<Map<string, Activity[]>> {
  if (subjects.length === 0) return new Map();
  const rows = await db.orm.select(activityColumns).from(events).where(inArray(events.subject, subjects)).orderBy(asc(events.block), asc(events.logIndex));
  return new Map(Map.groupBy(rows, (row) => row.subject).entries().map(([subject, group]) => [subject, group.map(toActivity)]));
}
