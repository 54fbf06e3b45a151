import type { PgColumn } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';

/** More than a block's events: with it a place on chain is one number that only falls from page to page. */
const eventsPerBlock = 100_000;

type Opened = { openedBlock: number; openedIndex: number };
const keyOf = ({ openedBlock, openedIndex }: Opened): number => openedBlock * eventsPerBlock + openedIndex;

/** Rows that were opened before the last one of the page before; all of them where there is no cursor. */
export function before(table: { openedBlock: PgColumn; openedIndex: PgColumn }, cursor: number | undefined): SQL | undefined {
  if (cursor === undefined) return undefined;
  const [block, index] = [Math.floor(cursor / eventsPerBlock), cursor % eventsPerBlock];
  return sql`(${table.openedBlock}, ${table.openedIndex}) < (${block}, ${index})`;
}

/** The cursor behind a page's last row, where `rows` holds one more than the page. */
export function nextOf(rows: Opened[], limit: number): number | undefined {
  const last = rows[limit - 1];
  return rows.length > limit && last ? keyOf(last) : undefined;
}

export const pageSize = 25;

/** A page of a list that goes on after a count; `rows` holds one more than the page where there are more. */
export function countedPage<T>(rows: readonly T[], { cursor = 0, limit }: { cursor?: number | undefined; limit: number }): { items: T[]; next?: number } {
  return { items: rows.slice(0, limit), ...(rows.length > limit ? { next: cursor + limit } : {}) };
}
