import { addressesSchema, marketAbi, neuroCoinAbi, stakingAbi } from '@neurodata/protocol';
import type { Addresses } from '@neurodata/protocol';
import { type Address, encodeAbiParameters, encodeEventTopics, encodeFunctionData, erc20Abi } from 'viem';
import { expect, test } from 'vitest';
import { decodeCall, decodeEvent } from './decodeCall.ts';

const names = Object.keys(addressesSchema.shape) as (keyof Addresses)[];
const addresses = Object.fromEntries(names.map((name, index) => [name, `0x${(index + 1).toString(16).padStart(40, '0')}`])) as Record<keyof Addresses, Address>;
const config = { deployment: { chainId: 1, block: 0, addresses } };
const to: Address = '0x00000000000000000000000000000000000000AA';

test('a call of a contract of the system is told in a sentence', () => {
  const input = encodeFunctionData({ abi: stakingAbi, functionName: 'unbond', args: [25n * 10n ** 17n] });
  expect(decodeCall(config, { to: addresses.staking, input, value: 0n })).toEqual({ sentence: 'Start taking 2.5 NCR out of stake', contract: 'staking', call: { contract: 'staking', functionName: 'unbond', args: { amount: 25n * 10n ** 17n } } });
  const grant = encodeFunctionData({ abi: marketAbi, functionName: 'grant', args: [[{ orderId: `0x${'01'.repeat(32)}`, sealedShare: '0x' }]] });
  expect(decodeCall(config, { to: addresses.market, input: grant, value: 0n }).sentence).toBe('Grant 1 key share to buyers');
});

test('strangers, deployments, plain payments and input that no ABI knows', () => {
  expect(decodeCall(config, { to: null, input: '0x6001', value: 0n }).sentence).toBe('Deploy a contract');
  expect(decodeCall(config, { to, input: '0x', value: 5n * 10n ** 17n }).sentence).toBe(`Send 0.5 ETH to ${to}`);
  expect(decodeCall(config, { to, input: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, 7n] }), value: 0n }).sentence).toBe(`Send 7 base units of token ${to} to ${to}`);
  expect(decodeCall(config, { to, input: '0xdeadbeef00', value: 0n }).sentence).toBe(`Call ${to} with 0xdeadbeef`);
  expect(decodeCall(config, { to: addresses.market, input: '0xdeadbeef', value: 0n })).toEqual({ sentence: 'Call market with 0xdeadbeef, which it does not know', contract: 'market' });
});

test('events are decoded by the contract that wrote them', () => {
  const topics = encodeEventTopics({ abi: neuroCoinAbi, eventName: 'Transfer', args: { from: to, to: addresses.staking } }) as `0x${string}`[];
  const data = encodeAbiParameters([{ type: 'uint256' }], [9n]);
  expect(decodeEvent(config, { address: addresses.neuroCoin, topics, data })).toEqual({ contract: 'neuroCoin', event: 'Transfer', args: { from: to, to: addresses.staking, value: 9n } });
  expect(decodeEvent(config, { address: to, topics, data })).toBeUndefined();
});
