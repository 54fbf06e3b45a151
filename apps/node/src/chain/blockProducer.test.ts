import { setTimeout as sleep } from 'node:timers/promises';
import { type Hex, keccak256, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DevChain, startDevChain } from './startDevChain.ts';
import { ask, createSigner, loggerCode, makeFolder } from './testing.ts';

let chain: DevChain;
beforeAll(async () => { chain = await startDevChain({ folder: await makeFolder(), log: () => undefined, blockIdleSeconds: 0 }); });
afterAll(() => chain.stop());

const send = (raw: Hex): Promise<Hex> => ask(chain, 'eth_sendRawTransaction', [raw]);
const to = '0x00000000000000000000000000000000000000aa';

test('two senders at once, nonces in the wrong order: all are mined, few blocks are made', async () => {
  const signers = [createSigner(chain, 0), createSigner(chain, 1)];
  const raws = (await Promise.all(signers.map(async (sign) => {
    const signed: Hex[] = [];
    for (let count = 0; count < 40; count += 1) signed.push(await sign({ to, value: 1n }));
    return signed.toReversed();
  }))).flat();
  const { number } = chain.head();
  expect(await Promise.all(raws.map(send))).toEqual(raws.map((raw) => keccak256(raw)));
  expect(Number(chain.head().number - number)).toBeLessThan(20);
  expect(await ask(chain, 'eth_getBalance', [to, 'latest'])).toBe(toHex(80n));
});

test('the same transaction sent many times is one; its nonce is used up for every other', async () => {
  const sign = createSigner(chain, 2);
  const raw = await sign({ to, value: 1n });
  const rival = await sign({ to, value: 2n, nonce: 0, maxFeePerGas: 10n ** 12n });
  const outcomes = await Promise.allSettled([send(raw), send(raw), send(rival), send(raw)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  await expect(send(rival)).rejects.toThrow(/nonce too low/);
});

test('says why a transaction is refused, and makes no block for it', async () => {
  const sign = createSigner(chain, 3);
  const { number } = chain.head();
  const stranger = privateKeyToAccount(`0x${'77'.repeat(32)}`);
  const base = { type: 'eip1559', nonce: 0, gas: 21_000n, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n, to } as const;
  const refusals: [Promise<Hex> | Hex, RegExp][] = [
    [sign({ nonce: 0, to, value: 10n ** 30n }), /Insufficient funds/],
    [stranger.signTransaction({ ...base, chainId: 31_337 }), /Insufficient funds/],
    [stranger.signTransaction({ ...base, chainId: 1 }), /invalid chain id for signer: have 1, want 31337/],
    [sign({ nonce: 0, to, gas: 40_000_000n }), /exceeds block gas limit/],
    [sign({ nonce: 0, to, gas: 20_000n }), /intrinsic gas too low/],
    ['0x02ff', /cannot be decoded/],
    ['0x', /cannot be decoded/],
  ];
  for (const [raw, reason] of refusals) await expect(send(await raw)).rejects.toThrow(reason);
  await expect(send('hello' as Hex)).rejects.toThrow(/takes one 0x-prefixed/);
  expect(chain.head().number).toBe(number);
});

test('a nonce too high waits for those before it, but not for ever', async () => {
  const sign = createSigner(chain, 4);
  const second = send(await sign({ to, nonce: 1 }));
  await sleep(400);
  await send(await sign({ to, nonce: 0 }));
  await second;
  await expect(send(await sign({ to, nonce: 9 }))).rejects.toThrow(/nonce too high: .* has next nonce 2, the transaction has 9/);
});

test('more gas than one block holds is spread over several', async () => {
  const sign = createSigner(chain, 5);
  const { number } = chain.head();
  const raws: Hex[] = [];
  for (let count = 0; count < 7; count += 1) raws.push(await sign({ data: loggerCode, gas: 12_000_000n }));
  await Promise.all(raws.map(send));
  expect(chain.head().number - number).toBeGreaterThanOrEqual(4n);
});

test('money spent by an earlier transaction of the same block', async () => {
  const sign = createSigner(chain, 6);
  const half = 6_000n * 10n ** 18n;
  const outcomes = await Promise.allSettled([send(await sign({ to, value: half })), send(await sign({ to, value: half })), send(await sign({ to, value: 1n, nonce: 1 }))]);
  expect(outcomes[0]?.status).toBe('fulfilled');
  expect(outcomes.slice(1).filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(1);
  await send(await sign({ to, value: 1n, nonce: Number(await ask<Hex>(chain, 'eth_getTransactionCount', [chain.accounts[6]?.address, 'latest'])) }));
});

test('the door obeys nobody who wants more than reads and signed transactions', async () => {
  const { number } = chain.head();
  const balance = await ask(chain, 'eth_getBalance', [to, 'latest']);
  for (const [method, params] of [['anvil_setBalance', [to, '0x1']], ['evm_mine', []], ['anvil_mine', ['0x5']], ['evm_setNextBlockTimestamp', [9e9]], ['eth_sendTransaction', [{ from: chain.accounts[0]?.address, to, value: '0x1' }]]] as const) {
    expect(await chain.rpc({ jsonrpc: '2.0', id: 3, method, params })).toMatchObject({ id: 3, error: { code: -32601 } });
  }
  expect(chain.head().number).toBe(number);
  expect(await ask(chain, 'eth_getBalance', [to, 'latest'])).toBe(balance);
});

test('the time machine moves the clock on for good, and block hashes cannot be told', async () => {
  const start = chain.head().timestamp;
  await chain.mine({ blocks: 3, secondsLater: 86_400 });
  const { timestamp } = chain.head();
  expect(Number(timestamp - start)).toBeGreaterThanOrEqual(86_400);
  expect(Number(timestamp - start)).toBeLessThan(86_460);
  await chain.mine();
  expect(Number(chain.head().timestamp - timestamp)).toBeLessThan(10);
  const blocks = await Promise.all([1n, 2n, 3n].map((back) => ask<{ gasLimit: Hex; mixHash: Hex }>(chain, 'eth_getBlockByNumber', [toHex(chain.head().number - back), false])));
  expect(new Set(blocks.flatMap(({ gasLimit, mixHash }) => [gasLimit, mixHash])).size).toBe(6);
});

test('empty blocks follow a transaction, quickly and then slowly', async () => {
  const own = await startDevChain({ folder: await makeFolder(), log: () => undefined, blockIdleSeconds: 3 });
  try {
    await ask(own, 'eth_sendRawTransaction', [await createSigner(own, 0)({ to })]);
    const { number } = own.head();
    await sleep(5_500);
    expect(own.head().number - number).toBe(10n);
    await sleep(2_700);
    expect(own.head().number - number).toBe(11n);
  } finally {
    await own.stop();
  }
});
