import { expect, test } from 'vitest';
import { type BlockHeader, blockHash } from './blockHash.ts';

const zeros = (bytes: number): `0x${string}` => `0x${'00'.repeat(bytes)}`;
/** Ethereum's first block: its hash is known to everybody. */
const genesis: BlockHeader = {
  parentHash: zeros(32), sha3Uncles: '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347', miner: zeros(20), stateRoot: '0xd7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544',
  transactionsRoot: '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421', receiptsRoot: '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421', logsBloom: zeros(256),
  difficulty: '0x400000000', number: '0x0', gasLimit: '0x1388', gasUsed: '0x0', timestamp: '0x0', extraData: '0x11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa', mixHash: zeros(32), nonce: '0x0000000000000042',
};

test("the hash of Ethereum's first block", () => {
  expect(blockHash(genesis)).toBe('0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3');
});

test('another number, root or later field gives another hash', () => {
  const whole = blockHash(genesis);
  for (const change of [{ number: '0x1' }, { stateRoot: zeros(32) }, { gasUsed: '0x80' }, { baseFeePerGas: '0x7' }] as const) expect(blockHash({ ...genesis, ...change })).not.toBe(whole);
  // Numbers are hashed by value, whatever zeros the RPC writes before them.
  expect(blockHash({ ...genesis, gasLimit: '0x01388' })).toBe(whole);
});
