import { randomUUID } from 'node:crypto';
import { NeuroError } from '@neurodata/protocol';
import type { User } from '@neurodata/protocol';
import { and, eq } from 'drizzle-orm';
import { getAddress, isAddressEqual, recoverMessageAddress } from 'viem';
import type { Address, Hex, PublicClient } from 'viem';
import { createSiweMessage, generateSiweNonce, parseSiweMessage, validateSiweMessage } from 'viem/siwe';
import { userWallets, users } from '../db/schema.ts';
import type { AccountDeps, Caller } from './AccountDeps.ts';
import { recordActivity } from './activity.ts';
import type { CheckSecondFactor } from './createEmailSignIn.ts';
import type { Opened, Sessions } from './createSessions.ts';
import { getUser } from './getUser.ts';
import { countAttempt } from './limits.ts';
import { findCode, invalidCode, issueCode, takeCode } from './oneTimeCodes.ts';
import type { Code } from './oneTimeCodes.ts';
import { digestOf } from './secrets.ts';
import { removeWay } from './removeWay.ts';

/** Seconds. */
const messageLifetime = 600;

export type SignedMessage = { message: string; signature: Hex };
/** `host` is what the caller asked for, checked at the door: the domain that a wallet shows and binds. */
export type Asked = { address: Address; host: string };

export type Wallets = {
  /** The message whose signature signs in. */
  connect(asked: Asked, caller: Caller): Promise<string>;
  login(signed: SignedMessage & { host: string; secondFactor?: string | undefined }, caller: Caller): Promise<Opened>;
  /** Shows that a user is there now, by a linked wallet and the message of `connect`; throws where the wallet is somebody else's. */
  prove(signed: SignedMessage & { host: string; userId: string; secondFactor?: string | undefined }): Promise<void>;
  /** The message whose signature links a wallet to a user. */
  beginLink(asked: Asked & { userId: string }, caller: Caller): Promise<string>;
  link(signed: SignedMessage & { host: string; userId: string }, caller: Caller): Promise<User>;
  unlink(parameters: { userId: string; address: Address }, caller: Caller): Promise<void>;
};

type Purpose = 'wallet' | 'link';

/** Sign-in with Ethereum (EIP-4361). The node writes the whole message and takes exactly that one back: domain, chain, address, nonce and times are its own words. */
export function createWallets(deps: AccountDeps & { client: PublicClient; chainId: number }, sessions: Sessions, checkSecondFactor: CheckSecondFactor): Wallets {
  const { orm } = deps.db;
  const write = async (purpose: Purpose, { address, host, userId }: Asked & { userId?: string }, caller: Caller): Promise<string> => {
    await countAttempt(deps, 'codeAddress', caller.address);
    const nonce = generateSiweNonce();
    const statement = purpose === 'wallet' ? 'Sign in to NeuroData. This costs nothing and moves nothing.' : `Link this wallet to the NeuroData account ${userId ?? ''}. Whoever holds it can sign in there.`;
    const issuedAt = new Date(deps.now() * 1_000);
    const message = createSiweMessage({
      address: getAddress(address), chainId: deps.chainId, domain: host, nonce, statement, version: '1',
      uri: `${deps.siteUrl().startsWith('https:') ? 'https' : 'http'}://${host}`, issuedAt, expirationTime: new Date(issuedAt.getTime() + messageLifetime * 1_000),
    });
    await issueCode(deps, { purpose, subject: { address: getAddress(address), message: digestOf(message) }, seconds: messageLifetime, secret: nonce, ...(userId ? { userId } : {}) });
    return message;
  };
  return {
    connect: (asked, caller) => write('wallet', asked, caller),
    login: async ({ secondFactor, ...signed }, caller) => {
      await countAttempt(deps, 'loginAddress', caller.address);
      const { address, nonce } = await checkSigned(deps, 'wallet', signed);
      const known = await findOwner(deps, address);
      if (known) await checkSecondFactor(known, secondFactor);
      await takeCode(deps, 'wallet', nonce);
      return sessions.open({ userId: known ?? (await insertUser(deps, address, caller)), method: 'wallet', caller });
    },
    prove: async ({ userId, secondFactor, ...signed }) => {
      const { address, nonce } = await checkSigned(deps, 'wallet', signed);
      if ((await findOwner(deps, address)) !== userId) throw new NeuroError('This wallet is not linked to the account.', { code: 'UNAUTHENTICATED', remedy: 'Sign with one that is.' });
      await checkSecondFactor(userId, secondFactor);
      await takeCode(deps, 'wallet', nonce);
    },
    beginLink: (asked, caller) => write('link', asked, caller),
    link: async ({ userId, ...signed }, caller) => {
      const { address, nonce, code } = await checkSigned(deps, 'link', signed);
      if (code.userId !== userId) throw invalidCode();
      await takeCode(deps, 'link', nonce);
      const { rowCount } = await orm.insert(userWallets).values({ address, userId, linkedAt: deps.now() }).onConflictDoNothing();
      if (rowCount === 0 && (await findOwner(deps, address)) !== userId) throw new NeuroError('This wallet belongs to another account.', { code: 'CONFLICT', remedy: 'Unlink it there first.' });
      await recordActivity(deps, { userId, action: 'wallet linked', detail: address, caller });
      return getUser(deps, userId);
    },
    unlink: async ({ userId, address }, caller) => {
      await removeWay(deps, userId, async (tx) => (await tx.delete(userWallets).where(and(eq(userWallets.address, getAddress(address)), eq(userWallets.userId, userId)))).rowCount ?? 0);
      await recordActivity(deps, { userId, action: 'wallet unlinked', detail: address, caller });
    },
  };
}

/** Whose message it is, once it is the very one that was written for this domain, in time, and signed. The nonce is left. */
async function checkSigned(deps: AccountDeps & { client: PublicClient }, purpose: Purpose, signed: SignedMessage & { host: string }): Promise<{ address: Address; nonce: string; code: Code }> {
  const { message, signature, host } = signed;
  const parsed = parseSiweMessage(message);
  const { nonce } = parsed;
  const code = nonce === undefined ? undefined : await findCode(deps, purpose, nonce);
  const address = code?.subject['address'] as Address | undefined;
  const ours = code && code.subject['message'] === digestOf(message) && address && validateSiweMessage({ message: parsed, address, domain: host, time: new Date(deps.now() * 1_000) });
  if (!ours || nonce === undefined) throw invalidCode();
  if (!(await isSignedBy(deps.client, { address, message, signature }))) throw new NeuroError('This is not signed by that wallet.', { code: 'UNAUTHENTICATED', remedy: 'Sign the message with the wallet that it names.' });
  return { address, nonce, code };
}

/** By a key, which needs no chain, or by a contract's own word, which does (ERC-1271; ERC-6492 where it is not deployed yet). */
async function isSignedBy(client: PublicClient, parameters: SignedMessage & { address: Address }): Promise<boolean> {
  const { address, message, signature } = parameters;
  const signer = await recoverMessageAddress({ message, signature }).catch(() => undefined);
  if (signer && isAddressEqual(signer, address)) return true;
  try {
    return await client.verifyMessage({ address, message, signature });
  } catch (cause) {
    throw new NeuroError('The chain could not be asked about this signature.', { code: 'UNREACHABLE', remedy: 'Try again in a moment.', retryable: true, cause });
  }
}

async function findOwner({ db }: AccountDeps, address: Address): Promise<string | undefined> {
  const [row] = await db.orm.select({ userId: userWallets.userId }).from(userWallets).where(eq(userWallets.address, address));
  return row?.userId;
}

async function insertUser(deps: AccountDeps, address: Address, caller: Caller): Promise<string> {
  const userId = randomUUID();
  await deps.db.orm.transaction(async (tx) => {
    await tx.insert(users).values({ userId, email: null, passwordHash: null, roles: ['user'], createdAt: deps.now() });
    await tx.insert(userWallets).values({ address, userId, linkedAt: deps.now() });
  });
  await recordActivity(deps, { userId, action: 'account made', detail: address, caller });
  return userId;
}
