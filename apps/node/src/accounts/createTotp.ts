import { randomInt } from 'node:crypto';
import { NeuroError } from '@neurodata/protocol';
import { and, eq, isNull, lt } from 'drizzle-orm';
import { Secret, TOTP } from 'otpauth';
import { recoveryCodes, totpSecrets } from '../db/schema.ts';
import type { AccountDeps, Caller } from './AccountDeps.ts';
import { recordActivity } from './activity.ts';
import { getUser } from './getUser.ts';
import { countAttempt } from './limits.ts';

/** Seconds of a step (RFC 6238), and how many steps a clock may be off. */
const period = 30;
const slack = 1;
const recoveryCount = 10;

export type Totp = {
  begin(userId: string): Promise<{ uri: string; secret: string }>;
  enable(parameters: { userId: string; secondFactor: string }, caller: Caller): Promise<{ recoveryCodes: string[] }>;
  disable(parameters: { userId: string; secondFactor: string }, caller: Caller): Promise<void>;
  /** Passes where no second factor is asked for, or this one is right; throws SECOND_FACTOR. */
  check(userId: string, secondFactor: string | undefined): Promise<void>;
};

const placeOf = (userId: string): string => `totp ${userId}`;
const totpOf = (secret: string, label: string): TOTP => new TOTP({ issuer: 'NeuroData', label, algorithm: 'SHA1', digits: 6, period, secret: Secret.fromBase32(secret) });

/** Codes of an authenticator (RFC 6238), each of use once, and recovery codes for the day it is lost. */
export function createTotp(deps: AccountDeps): Totp {
  const { orm } = deps.db;
  return {
    begin: async (userId) => {
      const { email, secondFactor } = await getUser(deps, userId);
      if (secondFactor) throw new NeuroError('An authenticator is set up already.', { code: 'CONFLICT', remedy: 'Turn it off first.' });
      const secret = new Secret({ size: 20 }).base32;
      const row = { userId, sealedSecret: deps.box.seal(secret, placeOf(userId)), lastStep: 0, enabledAt: null };
      await orm.insert(totpSecrets).values(row).onConflictDoUpdate({ target: totpSecrets.userId, set: row, setWhere: isNull(totpSecrets.enabledAt) });
      return { uri: totpOf(secret, email ?? userId).toString(), secret };
    },
    enable: async ({ userId, secondFactor }, caller) => {
      await countAttempt(deps, 'secondFactor', userId);
      const row = await findSecret(deps, userId);
      if (!row || row.enabledAt !== null) throw new NeuroError('There is no authenticator to turn on.', { code: 'CONFLICT', remedy: 'Begin with a new secret.' });
      if (!(await takeStep(deps, row, secondFactor))) throw wrongFactor();
      const codes = Array.from({ length: recoveryCount }, newRecoveryCode);
      await orm.insert(recoveryCodes).values(codes.map((code) => ({ mac: macOf(deps, userId, code), userId })));
      await orm.update(totpSecrets).set({ enabledAt: deps.now() }).where(eq(totpSecrets.userId, userId));
      await recordActivity(deps, { userId, action: 'authenticator turned on', caller });
      return { recoveryCodes: codes };
    },
    disable: async ({ userId, secondFactor }, caller) => {
      await checkFactor(deps, userId, secondFactor);
      await orm.delete(totpSecrets).where(eq(totpSecrets.userId, userId));
      await orm.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
      await recordActivity(deps, { userId, action: 'authenticator turned off', caller });
    },
    check: (userId, secondFactor) => checkFactor(deps, userId, secondFactor),
  };
}

async function checkFactor(deps: AccountDeps, userId: string, secondFactor: string | undefined): Promise<void> {
  const row = await findSecret(deps, userId);
  if (!row || row.enabledAt === null) return;
  if (secondFactor === undefined) throw new NeuroError('A second factor is needed.', { code: 'SECOND_FACTOR', remedy: 'Enter the six digits of your authenticator, or a recovery code.' });
  await countAttempt(deps, 'secondFactor', userId);
  const right = /^\d{6}$/.test(secondFactor) ? await takeStep(deps, row, secondFactor) : await takeRecoveryCode(deps, userId, secondFactor);
  if (!right) throw wrongFactor();
}

async function findSecret({ db }: AccountDeps, userId: string): Promise<typeof totpSecrets.$inferSelect | undefined> {
  const [row] = await db.orm.select().from(totpSecrets).where(eq(totpSecrets.userId, userId));
  return row;
}

/** Whether a code is right and of a step that was not used yet; the step is used up in one statement. */
async function takeStep(deps: AccountDeps, { userId, sealedSecret }: { userId: string; sealedSecret: string }, code: string): Promise<boolean> {
  const totp = totpOf(deps.box.open(sealedSecret, placeOf(userId)), userId);
  const delta = totp.validate({ token: code, window: slack, timestamp: deps.now() * 1_000 });
  if (delta === null) return false;
  const step = Math.floor(deps.now() / period) + delta;
  const { rowCount } = await deps.db.orm.update(totpSecrets).set({ lastStep: step }).where(and(eq(totpSecrets.userId, userId), lt(totpSecrets.lastStep, step)));
  return rowCount === 1;
}

async function takeRecoveryCode(deps: AccountDeps, userId: string, code: string): Promise<boolean> {
  const { rowCount } = await deps.db.orm.delete(recoveryCodes).where(and(eq(recoveryCodes.mac, macOf(deps, userId, code)), eq(recoveryCodes.userId, userId)));
  return rowCount === 1;
}

/** About 49 bits, without letters that look alike. */
function newRecoveryCode(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const part = (): string => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');
  return `${part()}-${part()}`;
}

const macOf = ({ box }: AccountDeps, userId: string, code: string): string => box.mac(`recovery ${userId} ${code}`);

function wrongFactor(): NeuroError {
  return new NeuroError('This second factor is wrong, or was used.', { code: 'SECOND_FACTOR', remedy: 'Wait for the next six digits and enter them.' });
}
