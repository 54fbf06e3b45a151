import { NeuroError } from '@neurodata/protocol';
import { and, eq, lt } from 'drizzle-orm';
import { oneTimeCodes } from '../db/schema.ts';
import type { CodePurpose } from '../db/users.ts';
import type { Transaction } from '../db/openDatabase.ts';
import type { AccountDeps } from './AccountDeps.ts';
import { digestOf, newSecret } from './secrets.ts';

export type Code = { userId: string | null; subject: Record<string, string> };

/** Makes a code that works once within `seconds`; `secret` where the caller has drawn it already. */
export async function issueCode(deps: AccountDeps, parameters: { purpose: CodePurpose; subject: Record<string, string>; seconds: number; userId?: string; secret?: string; tx?: Transaction }): Promise<string> {
  const { purpose, subject, seconds, userId, secret = newSecret(), tx } = parameters;
  await (tx ?? deps.db.orm).insert(oneTimeCodes).values({ digest: digestOf(secret), purpose, userId: userId ?? null, subject, expiresAt: deps.now() + seconds });
  return secret;
}

/** Takes a code out, so that of two uses at once one gets it. Throws BAD_INPUT in the same words for unknown, used and expired ones. */
export async function takeCode(deps: AccountDeps, purpose: CodePurpose, secret: string): Promise<Code> {
  const [row] = await deps.db.orm.delete(oneTimeCodes).where(and(eq(oneTimeCodes.digest, digestOf(secret)), eq(oneTimeCodes.purpose, purpose))).returning();
  if (!row || row.expiresAt <= deps.now()) throw invalidCode();
  return row;
}

/** Reads a code and leaves it. */
export async function findCode(deps: AccountDeps, purpose: CodePurpose, secret: string): Promise<Code | undefined> {
  const [row] = await deps.db.orm.select().from(oneTimeCodes).where(and(eq(oneTimeCodes.digest, digestOf(secret)), eq(oneTimeCodes.purpose, purpose)));
  return row && row.expiresAt > deps.now() ? row : undefined;
}

export async function dropCodes(deps: AccountDeps, purpose: CodePurpose, userId: string, tx?: Transaction): Promise<void> {
  await (tx ?? deps.db.orm).delete(oneTimeCodes).where(and(eq(oneTimeCodes.purpose, purpose), eq(oneTimeCodes.userId, userId)));
}

export async function forgetCodes(deps: AccountDeps): Promise<void> {
  await deps.db.orm.delete(oneTimeCodes).where(lt(oneTimeCodes.expiresAt, deps.now()));
}

export function invalidCode(): NeuroError {
  return new NeuroError('This code is wrong, was used, or has expired.', { code: 'BAD_INPUT', remedy: 'Ask for a new one.' });
}
