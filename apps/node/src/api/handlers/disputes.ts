import { NeuroError } from '@neurodata/protocol';
import { and, asc, desc, eq, exists, sql } from 'drizzle-orm';
import { getAddress } from 'viem';
import { disputes, jurors, seats } from '../../db/schema.ts';
import { toDisputes } from '../reads/disputes.ts';
import { before, nextOf, pageSize } from '../reads/pages.ts';
import { present } from '../reads/present.ts';
import type { Handler } from './Handler.ts';

export const listDisputes: Handler<'listDisputes'> = async ({ db }, { query }) => {
  const { limit = pageSize, juror, cursor } = query;
  const seated = juror && db.orm.select({ one: sql`1` }).from(seats).where(and(eq(seats.disputeId, disputes.disputeId), eq(seats.juror, getAddress(juror))));
  const rows = await db.orm.select().from(disputes).where(and(seated ? exists(seated) : undefined, before(disputes, cursor)))
    .orderBy(desc(disputes.openedBlock), desc(disputes.openedIndex)).limit(limit + 1);
  return present({ items: await toDisputes(db, rows.slice(0, limit)), next: nextOf(rows, limit) });
};

export const getDispute: Handler<'getDispute'> = async ({ db }, { params }) => {
  const [dispute] = await toDisputes(db, await db.orm.select().from(disputes).where(eq(disputes.disputeId, params.disputeId)));
  if (dispute) return dispute;
  throw new NeuroError(`There is no dispute ${params.disputeId}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new one appears when its block is indexed.' });
};

/** By tickets; goes on after a count. */
export const listJurors: Handler<'listJurors'> = async ({ db }, { query }) => {
  const { limit = pageSize, cursor = 0 } = query;
  const seatsWhere = (state: 'revealed' | 'closed' | undefined) => sql<bigint>`(SELECT count(*) FROM ${seats} WHERE ${seats.juror} = ${jurors.account}${state ? sql` AND ${seats.state} = ${state}` : sql``})`;
  const rows = await db.orm.select({ juror: jurors, rounds: seatsWhere(undefined), revealed: seatsWhere('revealed'), silent: seatsWhere('closed') }).from(jurors)
    .orderBy(desc(jurors.active), desc(jurors.tickets), asc(jurors.account)).limit(limit + 1).offset(cursor);
  const items = rows.slice(0, limit).map((row) => ({ ...row.juror, rounds: Number(row.rounds), revealed: Number(row.revealed), silent: Number(row.silent) }));
  return present({ items, next: rows.length > limit ? cursor + limit : undefined });
};
