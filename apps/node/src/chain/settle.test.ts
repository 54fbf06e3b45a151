import { rm, truncate } from 'node:fs/promises';
import path from 'node:path';
import { type Hex, getContractAddress, pad, toHex } from 'viem';
import { afterAll, expect, test } from 'vitest';
import { rewindChain } from '../../test/rewindChain.ts';
import { type DevChain, startDevChain } from './startDevChain.ts';
import { ask, createSigner, makeFolder, photograph, revertingCode } from './testing.ts';

const folder = await makeFolder();
const copies = path.join(folder, 'copies');
const lines: string[] = [];
const start = (): Promise<DevChain> => startDevChain({ folder, log: (line) => lines.push(line), blockIdleSeconds: 0 });
let chain = await start();
const to = getContractAddress({ from: chain.accounts[0]!.address, nonce: 0n });

afterAll(async () => {
  await chain.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A reverted call that reads a slot which nobody has read before. */
async function revert(slot: number, nonce: number): Promise<void> {
  const hash = await ask<Hex>(chain, 'eth_sendRawTransaction', [await createSigner(chain, 0, nonce)({ to, data: pad(toHex(slot)) })]);
  expect(await ask(chain, 'eth_getTransactionReceipt', [hash])).toMatchObject({ status: '0x0' });
}

async function restart(between: () => Promise<unknown>): Promise<void> {
  const { number, hash } = chain.head();
  const before = await photograph(chain, number);
  await chain.stop();
  lines.length = 0;
  await between();
  chain = await start();
  expect(chain.head()).toMatchObject({ number, hash });
  expect(await photograph(chain, number)).toEqual(before);
}

test('calls that fail come out the same whether a contract was created by the EVM that runs them or loaded by it', async () => {
  await ask(chain, 'eth_sendRawTransaction', [await createSigner(chain, 0)({ data: revertingCode })]);
  await revert(1, 1);
  await chain.settle();
  const { number, hash } = chain.head();
  await revert(2, 2);
  await chain.mine({ blocks: 205 });
  await revert(3, 3);
  await chain.mine({ blocks: 260 });

  await restart(async () => undefined);
  expect(lines.join('\n')).not.toContain('going further back');
  await revert(4, 4);
  // Once in a chain's life.
  await chain.settle();
  await restart(() => rm(path.join(copies, '0000000200.json')));
  await restart(() => truncate(path.join(copies, `${String(number).padStart(10, '0')}.gz`), 1_000));
  expect(lines.join('\n')).toContain(`making the copy of block ${number} again`);
  await restart(() => rm(copies, { recursive: true }));

  // Taken back to where it was settled, and before.
  await chain.stop();
  await rewindChain({ folder, depth: 1_000, floor: Number(number) });
  chain = await start();
  expect(chain.head()).toMatchObject({ number, hash });
  await revert(5, 2);
  await restart(() => rm(copies, { recursive: true }));
  await chain.stop();
  await rewindChain({ folder, depth: 1_000, floor: 1 });
  chain = await start();
  expect(chain.head().number).toBe(1n);
  await chain.settle();
  await revert(6, 1);
  await restart(() => rm(copies, { recursive: true }));
});
