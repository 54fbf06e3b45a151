import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseGwei } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { expect, test } from 'vitest';
import { startDevChain } from '../../apps/node/src/chain/index.ts';
import { createRandomNumbers } from '../engine/randomNumbers.ts';
import { rewindChain } from '../../apps/node/test/rewindChain.ts';
import { DEEPEST_REORG, forecast } from './weather.ts';

const nodes = { validators: ['validator-1', 'validator-2', 'validator-3', 'validator-4', 'validator-5'], workers: ['worker-1'], gateways: ['gateway-1', 'gateway-2'] };

test('a seed gives one weather, which leaves the threshold', () => {
  const of = (seed: number) => forecast({ random: createRandomNumbers(seed), length: 1_200_000, every: 2_000, nodes });
  const faults = of(7);
  expect(of(7)).toEqual(faults);
  expect(of(8)).not.toEqual(faults);
  expect(new Set(faults.map(({ kind }) => kind)).size).toBe(7);
  expect(faults.every(({ depth }) => depth === undefined || (depth >= 1 && depth <= DEEPEST_REORG))).toBe(true);
  for (const { at } of faults) {
    const away = faults.filter((fault) => fault.at <= at && at < fault.at + fault.lasts).map(({ node }) => node);
    expect(new Set(away).size).toBe(away.length);
    expect(away.filter((node) => node.startsWith('validator')).length).toBeLessThanOrEqual(3);
    expect(away.filter((node) => node.startsWith('gateway')).length).toBeLessThanOrEqual(1);
  }
});

test('a chain that was rewound goes on with other blocks, and its transactions can come into them', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-rewind-'));
  try {
    const chain = await startDevChain({ folder, log: () => undefined, blockIdleSeconds: 0 });
    const account = privateKeyToAccount(chain.accounts[0]!.privateKey);
    const raw = await account.signTransaction({ chainId: chain.chainId, type: 'eip1559', to: chain.accounts[1]!.address, value: 1n, gas: 21_000n, nonce: 0, maxFeePerGas: parseGwei('10'), maxPriorityFeePerGas: 1n });
    await chain.mine({ blocks: 3 });
    const send = { jsonrpc: '2.0', id: 1, method: 'eth_sendRawTransaction', params: [raw] } as const;
    await chain.rpc(send);
    await chain.mine({ blocks: 2 });
    const before = chain.head();
    expect(before.number).toBe(6n);
    await chain.stop();
    expect(await rewindChain({ folder, depth: 4, floor: 3 })).toEqual({ height: 3, transactions: [raw] });

    const again = await startDevChain({ folder, log: () => undefined, blockIdleSeconds: 0 });
    expect(again.head().number).toBe(3n);
    await again.mine({ secondsLater: 5 });
    expect(await again.rpc(send)).toMatchObject({ result: expect.stringMatching(/^0x/) });
    expect(again.head().number).toBe(5n);
    expect(again.head().hash).not.toBe(before.hash);
    await again.stop();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
