import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Hex, getContractAddress, pad, toHex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DevChain, startDevChain } from './startDevChain.ts';
import { ask, blockhashCode, createSigner, loggerCode, makeFolder, photograph } from './testing.ts';

let folder: string;
let chain: DevChain;
const lines: string[] = [];
const start = (): Promise<DevChain> => startDevChain({ folder, log: (line) => lines.push(line), blockIdleSeconds: 0 });
const send = async (raw: Promise<Hex>): Promise<Hex> => ask(chain, 'eth_sendRawTransaction', [await raw]);

async function restart(): Promise<string[]> {
  await chain.stop();
  lines.length = 0;
  chain = await start();
  return [...lines];
}

beforeAll(async () => {
  folder = await makeFolder();
  chain = await start();
  const [logger, hasher] = [createSigner(chain, 0), createSigner(chain, 1)];
  const accounts = chain.accounts.map(({ address }) => address);
  await send(logger({ data: loggerCode }));
  await send(hasher({ data: blockhashCode }));
  const loggerAddress = getContractAddress({ from: accounts[0] ?? '0x', nonce: 0n });
  const hasherAddress = getContractAddress({ from: accounts[1] ?? '0x', nonce: 0n });
  for (let round = 0; round < 75; round += 1) {
    await send(logger({ to: loggerAddress, data: pad(toHex(round)) }));
    await chain.mine({ blocks: 8 });
    // Blocks 603 and after look back past the copy of block 600, not past that of block 400.
    if (chain.head().number > 600n) await send(hasher({ to: hasherAddress, data: pad(toHex(50)) }));
  }
  await chain.mine({ blocks: 255 });
});
afterAll(() => chain.stop());

const copyNames = async (): Promise<string[]> => (await readdir(path.join(folder, 'copies'))).filter((name) => name.endsWith('.json')).sort();

test('keeps the newest copies, complete ones only', async () => {
  expect(chain.head().number).toBeGreaterThan(900n);
  expect(await copyNames()).toEqual(['0000000200.json', '0000000400.json', '0000000600.json', '0000000800.json']);
  expect((await readdir(path.join(folder, 'copies'))).length).toBe(8);
});

test('comes back from a copy with the whole past: blocks, receipts, logs from 0, BLOCKHASH, calls on old states', async () => {
  const { number, hash } = chain.head();
  const before = await photograph(chain, number);
  const said = await restart();
  expect(chain.head()).toMatchObject({ number, hash });
  expect(await photograph(chain, number)).toEqual(before);
  expect(await ask<unknown[]>(chain, 'eth_getLogs', [{ fromBlock: '0x0', toBlock: 'latest' }])).toHaveLength(75);
  expect(await ask(chain, 'eth_getBalance', [chain.accounts[0]?.address, toHex(number - 50n)])).toMatch(/^0x/);
  await expect(ask(chain, 'eth_getBalance', [chain.accounts[0]?.address, '0x3'])).rejects.toThrow(/The state of that block is not kept/);
  // The copy of block 600 cannot serve: later transactions read hashes of blocks before it, which anvil forgets.
  expect(said.filter((line) => line.includes('going further back'))).toEqual([expect.stringMatching(/than the copy of block 600: block 6\d\d should have the hash/)]);
});

test('a contract sees the hashes of the last 255 blocks after a restart', async () => {
  const sign = createSigner(chain, 2);
  await send(sign({ data: blockhashCode }));
  const to = getContractAddress({ from: chain.accounts[2]?.address ?? '0x', nonce: 0n });
  for (const back of [1, 2, 120, 255]) {
    await send(sign({ to, data: pad(toHex(back)) }));
    const { number } = chain.head();
    const { hash } = await ask<{ hash: Hex }>(chain, 'eth_getBlockByNumber', [toHex(number - BigInt(back)), false]);
    expect(await ask(chain, 'eth_getStorageAt', [to, pad(toHex(number)), 'latest'])).toBe(hash);
  }
});

test('a damaged copy gives way to an older one, and all of them to the journal', async () => {
  const { number, hash } = chain.head();
  const copies = path.join(folder, 'copies');
  await rm(path.join(copies, '0000000600.json'));
  await truncate(path.join(copies, '0000000400.gz'), 5_000);
  expect(await restart()).toContainEqual(expect.stringContaining('the copy of block 400 is damaged'));
  expect(chain.head()).toMatchObject({ number, hash });
  const lying = path.join(copies, '0000000200.json');
  await writeFile(lying, (await readFile(lying, 'utf8')).replace(/"hash":"0x..../, '"hash":"0x0000'));
  expect(await restart()).toContainEqual(expect.stringContaining('the copy of block 200 loads as block 200'));
  expect(chain.head()).toMatchObject({ number, hash });
  await rm(copies, { recursive: true });
  await restart();
  expect(chain.head()).toMatchObject({ number, hash });
});
