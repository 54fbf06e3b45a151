import type { Deployment } from '@neurodata/protocol';
import { bytesToHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { expect, test } from 'vitest';
import { deriveValidatorIdentity } from './index.ts';

const deployment = (chainId: number): Deployment => ({ chainId, block: 0, addresses: { market: `0x${'4d'.repeat(20)}` } as Deployment['addresses'] });
const account = privateKeyToAccount(`0x${'01'.repeat(32)}`);
const publicKeyOf = async (parameters: Partial<Parameters<typeof deriveValidatorIdentity>[0]> = {}) => bytesToHex((await deriveValidatorIdentity({ account, deployment: deployment(31_337), index: 0, ...parameters })).publicKey);

test('the same account gives the same identity for ever', async () => {
  expect(await publicKeyOf()).toMatchInlineSnapshot(`"0x14251cbe052361e6051e0fda6ac2e8bff20bac7ff0de9fe983200447d5aa6076"`);
  expect(await publicKeyOf()).toBe(await publicKeyOf({ account: privateKeyToAccount(`0x${'01'.repeat(32)}`) }));
});

test('another index, account or chain gives another one', async () => {
  const keys = await Promise.all([publicKeyOf(), publicKeyOf({ index: 1 }), publicKeyOf({ account: privateKeyToAccount(`0x${'02'.repeat(32)}`) }), publicKeyOf({ deployment: deployment(1) })]);
  expect(new Set(keys).size).toBe(4);
});

test('a wallet that signs at random, or for another account, is refused', async () => {
  let turn = 0;
  const other = privateKeyToAccount(`0x${'02'.repeat(32)}`);
  const random = { address: account.address, signTypedData: ((typed: never) => ((turn += 1) % 2 ? account : other).signTypedData(typed)) as typeof account.signTypedData };
  await expect(publicKeyOf({ account: random })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('differently') });
  await expect(publicKeyOf({ account: { address: account.address, signTypedData: other.signTypedData } })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('not by') });
});
