import { type SQL, and, count, desc, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import { type HostedPin, type HostedPinState, hostedPins } from '../db/hostedPins.ts';
import type { Database } from '../db/openDatabase.ts';

export const nameMatches = ['exact', 'iexact', 'partial', 'ipartial'] as const;

export type PinFilter = {
  /** As CIDv1 in base32. */
  roots?: string[] | undefined;
  name?: string | undefined;
  match: (typeof nameMatches)[number];
  status: HostedPinState[];
  /** Milliseconds since 1970. */
  before?: number | undefined;
  after?: number | undefined;
  limit: number;
  meta?: Record<string, string> | undefined;
};

/** A user's pins that fit, newest first, and how many there are of them. */
export async function listHostedPins({ orm }: Database, userId: string, filter: PinFilter): Promise<{ count: number; pins: HostedPin[] }> {
  const { roots, name, match, status, before, after, limit, meta } = filter;
  const fits = and(
    eq(hostedPins.userId, userId), inArray(hostedPins.status, status),
    roots && inArray(hostedPins.root, roots), name === undefined ? undefined : named(name, match),
    before === undefined ? undefined : lt(hostedPins.created, before), after === undefined ? undefined : gt(hostedPins.created, after),
    meta && sql`${hostedPins.meta} @> ${JSON.stringify(meta)}::jsonb`,
  );
  const [total] = await orm.select({ count: count() }).from(hostedPins).where(fits);
  return { count: total?.count ?? 0, pins: await orm.select().from(hostedPins).where(fits).orderBy(desc(hostedPins.created)).limit(limit) };
}

function named(name: string, match: PinFilter['match']): SQL {
  const [column, wanted] = match.startsWith('i') ? [sql`lower(${hostedPins.name})`, sql`lower(${name}::text)`] : [sql`${hostedPins.name}`, sql`${name}::text`];
  return match.endsWith('exact') ? sql`${column} = ${wanted}` : sql`strpos(${column}, ${wanted}) > 0`;
}
