import { concat, createPublicClient, createTestClient, getContractAddress, http, serializeErc6492Signature } from 'viem';
import type { Address, Hex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../common/logger.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { startAnvil } from '../indexer/testing/startAnvil.ts';
import { createAccounts } from './createAccounts.ts';
import type { Accounts } from './createAccounts.ts';
import { createKeyRing } from './createKeyRing.ts';
import { createPasswordHasher } from './createPasswordHasher.ts';
import { createSecretBox } from './createSecretBox.ts';

/** Wallets that are contracts, on a real chain. */

let anvil: Awaited<ReturnType<typeof startAnvil>>;
let db: Database;
let accounts: Accounts;
const host = 'localhost:4000';
const caller = { address: '127.0.0.1', agent: 'test' };

beforeAll(async () => {
  [anvil, db] = await Promise.all([startAnvil(), openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL'])]);
  const now = (): number => Math.floor(Date.now() / 1_000);
  accounts = createAccounts({
    db, log: createLogger({ level: 'silent' }), now, hasher: createPasswordHasher(), box: createSecretBox(new Uint8Array(32)), siteUrl: () => `http://${host}`,
    keys: await createKeyRing({ store: { read: async () => [], write: async () => undefined }, now }),
    chain: { client: createPublicClient({ transport: http(anvil.url) }), chainId: 31_337 },
  });
});
afterAll(async () => {
  await accounts.stop();
  await db.close();
  await anvil.stop();
});

/** Answers every call with ERC-1271's magic value: PUSH4 magic, PUSH1 224, SHL, MSTORE at 0, RETURN 32. */
const yes = '0x631626ba7e60e01b60005260206000f3';
/** What the contract makes of it is its own affair. */
const opaque = `0x${'12'.repeat(65)}` as const;
/** Answers with another value. */
const no = '0x63ffffffff60e01b60005260206000f3';
const setCode = (address: Address, bytecode: Hex): Promise<void> => createTestClient({ mode: 'anvil', transport: http(anvil.url) }).setCode({ address, bytecode });

async function login(address: Address, signature: Hex): Promise<string> {
  const message = await accounts.wallets.connect({ address, host }, caller);
  const { user } = await accounts.wallets.login({ message, signature, host }, caller);
  return user.wallets[0]!.address;
}

test('a contract says itself what it signed (ERC-1271)', async () => {
  const [willing, unwilling] = ['0x00000000000000000000000000000000000A1271', '0x00000000000000000000000000000000000b1271'] as const;
  await setCode(willing, yes);
  await setCode(unwilling, no);
  expect((await login(willing, opaque)).toLowerCase()).toBe(willing.toLowerCase());
  await expect(login(unwilling, opaque)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await expect(login('0x00000000000000000000000000000000000C1271', opaque)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('so does one that is not deployed yet (ERC-6492)', async () => {
  // The usual CREATE2 deployer; its call data are a salt and the creation code, here: copy what follows, return it.
  const factory = '0x4e59b44847b379578588920cA78FbF26c0B4956C';
  const salt = `0x${'07'.repeat(32)}` as const;
  const creation = concat(['0x6010600c60003960106000f3', yes]);
  const address = getContractAddress({ opcode: 'CREATE2', from: factory, salt, bytecode: creation });
  const signature = serializeErc6492Signature({ address: factory, data: concat([salt, creation]), signature: '0x1234' });
  expect(await login(address, signature)).toBe(address);
  await expect(login('0x00000000000000000000000000000000000C1271', signature)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});
