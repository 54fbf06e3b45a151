import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Hex, keccak256, toHex } from 'viem';
import { afterEach, expect, test } from 'vitest';
import { processStamp } from './processStamp.ts';
import { type DevChain, startDevChain, type StartDevChainParameters } from './startDevChain.ts';
import { anvilPid, ask, createSigner, loggerCode, makeFolder, photograph } from './testing.ts';

const running = new Set<DevChain>();
const lines: string[] = [];

async function start(folder: string, more: Partial<StartDevChainParameters> = {}): Promise<DevChain> {
  const chain = await startDevChain({ folder, log: (line) => lines.push(line), blockIdleSeconds: 0, ...more });
  running.add(chain);
  return { ...chain, stop: () => { running.delete(chain); return chain.stop(); } };
}

afterEach(async () => {
  for (const chain of running) await chain.stop();
  running.clear();
});

const send = (chain: DevChain, raw: Hex): Promise<Hex> => ask(chain, 'eth_sendRawTransaction', [raw]);

test('a transaction is in a block when it is acknowledged', async () => {
  const chain = await start(await makeFolder());
  const sign = createSigner(chain, 0);
  const raw = await sign({ data: loggerCode });
  expect(await send(chain, raw)).toBe(keccak256(raw));
  expect(chain.head()).toMatchObject({ number: 1n, hash: expect.stringMatching(/^0x/) });
  const receipt = await ask<{ status: Hex; contractAddress: Hex }>(chain, 'eth_getTransactionReceipt', [keccak256(raw)]);
  expect(receipt.status).toBe('0x1');
  await send(chain, await sign({ to: receipt.contractAddress, data: '0x1234' }));
  expect(await ask(chain, 'eth_getLogs', [{ fromBlock: '0x0' }])).toMatchObject([{ data: '0x1234', blockNumber: '0x2', blockHash: chain.head().hash }]);
  await chain.mine({ blocks: 2 });
  expect(await ask(chain, 'eth_getBlockByNumber', ['finalized', false])).toMatchObject({ number: '0x2' });
});

test('the EVM is killed in mid-stream: callers wait, nothing is lost, the past stays', async () => {
  const folder = await makeFolder();
  const chain = await start(folder);
  const signers = [createSigner(chain, 0), createSigner(chain, 1)] as const;
  const outcomes: Promise<Hex>[] = [];
  for (let round = 0; round < 60; round += 1) {
    for (const sign of signers) outcomes.push(send(chain, await sign({ data: loggerCode })));
    if (round % 20 === 10) {
      await sleep(13 * round);
      process.kill(await anvilPid(folder), 'SIGKILL');
      outcomes.push(ask<Hex>(chain, 'eth_blockNumber'));
    }
    await sleep(3);
  }
  const hashes = (await Promise.all(outcomes)).filter((hash) => hash.length === 66);
  expect(new Set(hashes).size).toBe(120);
  for (const hash of hashes) expect(await ask(chain, 'eth_getTransactionReceipt', [hash])).toMatchObject({ status: '0x1' });
  // On a busy machine a kill may meet the restart of the one before.
  expect(lines.filter((line) => line.includes('ended; starting it again')).length).toBeGreaterThanOrEqual(1);
  const { number, hash } = chain.head();
  const before = await photograph(chain, number);
  await chain.stop();
  const again = await start(folder);
  expect(again.head()).toMatchObject({ number, hash });
  expect(await photograph(again, number)).toEqual(before);
});

test('the EVM is killed while it is being restored', async () => {
  const folder = await makeFolder();
  const chain = await start(folder);
  const sign = createSigner(chain, 0);
  for (let count = 0; count < 40; count += 1) await send(chain, await sign({ data: loggerCode }));
  await chain.mine({ blocks: 100 });
  const { number, hash } = chain.head();
  const first = await anvilPid(folder);
  process.kill(first, 'SIGKILL');
  for (let tries = 0; tries < 200 && (await anvilPid(folder).catch(() => first)) === first; tries += 1) await sleep(5);
  await sleep(60);
  process.kill(await anvilPid(folder), 'SIGKILL');
  expect(await ask(chain, 'eth_blockNumber')).toBe(toHex(number));
  expect(await ask(chain, 'eth_getBlockByNumber', ['latest', false])).toMatchObject({ hash });
});

type Acknowledged = { hash: Hex; block: number; blockHash: Hex };

async function runAndKill(folder: string, milliseconds: number): Promise<{ acknowledged: Acknowledged[]; pid: number; stamp: string | undefined }> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'killedChain.ts'), folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  await once(child.stdout, 'data');
  await sleep(milliseconds);
  const pid = await anvilPid(folder);
  const stamp = await processStamp(pid);
  child.kill('SIGKILL');
  await once(child, 'close');
  const whole = output.slice(0, output.lastIndexOf('\n') + 1).trimEnd().split('\n');
  return { acknowledged: whole.map((line) => JSON.parse(line) as Acknowledged), pid, stamp };
}

test('the whole process is killed, again and again: every acknowledged transaction is there, in its block', async () => {
  const folder = await makeFolder();
  const all: Acknowledged[] = [];
  for (const milliseconds of [150, 421, 287, 333]) {
    const { acknowledged, pid, stamp } = await runAndKill(folder, milliseconds);
    all.push(...acknowledged);
    // The watchdog ends anvil although nobody asked it to; a new process does not need the next start for that.
    for (let tries = 0; tries < 100 && (await processStamp(pid)) === stamp; tries += 1) await sleep(20);
    expect(await processStamp(pid)).not.toBe(stamp);
  }
  const chain = await start(folder);
  expect(all.length).toBeGreaterThan(20);
  for (const { hash, block, blockHash } of all) {
    const receipt = await ask<{ blockNumber: Hex } | null>(chain, 'eth_getTransactionReceipt', [hash]);
    expect(receipt).not.toBeNull();
    expect(await ask(chain, 'eth_getBlockByNumber', [toHex(block), false])).toMatchObject({ hash: blockHash });
  }
});

test('an anvil that was left running is ended by the next start, and only if it is ours', async () => {
  const folder = await makeFolder();
  const left = spawn('sleep', ['60'], { stdio: 'ignore' });
  const other = spawn('sleep', ['60'], { stdio: 'ignore' });
  await Promise.all([once(left, 'spawn'), once(other, 'spawn')]);
  const gone = once(left, 'exit');
  await writeFile(path.join(folder, 'anvil.pid'), JSON.stringify({ pid: left.pid, stamp: await processStamp(left.pid ?? 0) }));
  await (await start(folder)).stop();
  expect((await gone)[1]).toBe('SIGKILL');
  await writeFile(path.join(folder, 'anvil.pid'), JSON.stringify({ pid: other.pid, stamp: 'of another process' }));
  await (await start(folder)).stop();
  expect(other.exitCode).toBeNull();
  other.kill();
});

test('stopping leaves no process and no lock', async () => {
  const folder = await makeFolder();
  const chain = await start(folder);
  const pid = await anvilPid(folder);
  await expect(start(folder)).rejects.toMatchObject({ code: 'CONFLICT' });
  await chain.stop();
  expect(await processStamp(pid)).toBeUndefined();
  expect((await readdir(folder)).filter((name) => /lock|pid|tmp/.test(name))).toEqual([]);
  expect(await chain.rpc({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber' })).toHaveProperty('error');
});

test('an intent without a block, and a torn line after it: the block is made at the next start', async () => {
  const folder = await makeFolder();
  const chain = await start(folder);
  const sign = createSigner(chain, 0);
  await send(chain, await sign({ data: loggerCode }));
  await send(chain, await sign({ to: chain.accounts[1]?.address ?? '0x', value: 5n }));
  const { number, hash } = chain.head();
  await chain.stop();
  const file = path.join(folder, 'journal.ndjson');
  const written = (await readFile(file, 'utf8')).trimEnd().split('\n');
  expect(written.pop()).toContain('"mined"');
  await writeFile(file, `${written.join('\n')}\n`);
  await appendFile(file, '{"type":"mined","number":2,"ha');
  const again = await start(folder);
  expect(again.head()).toMatchObject({ number, hash });
  expect((await readFile(file, 'utf8')).trimEnd().split('\n').at(-1)).toContain(hash);
});

test('a journal that gives other hashes stops the start, naming the block', async () => {
  const folder = await makeFolder();
  const chain = await start(folder);
  const sign = createSigner(chain, 0);
  for (let count = 0; count < 3; count += 1) await send(chain, await sign({ data: loggerCode }));
  await chain.stop();
  const file = path.join(folder, 'journal.ndjson');
  const { createHash } = await import('node:crypto');
  const forged = (await readFile(file, 'utf8')).trimEnd().split('\n').map((line) => {
    const { sum: _sum, ...entry } = JSON.parse(line) as { sum: string; type: string; number?: number; timestamp?: number };
    if (entry.type === 'block' && entry.number === 2 && entry.timestamp !== undefined) entry.timestamp += 1;
    const json = JSON.stringify(entry);
    return `${json.slice(0, -1)},"sum":"${createHash('sha256').update(json).digest('hex').slice(0, 16)}"}`;
  });
  await writeFile(file, `${forged.join('\n')}\n`);
  await expect(start(folder)).rejects.toThrow(/cannot be restored: block 2 should have the hash 0x[0-9a-f]{64} but came out as 0x.*anvil\/v1/s);
  await expect(anvilPid(folder)).rejects.toThrow(/ENOENT/);
});

test('keeps the chain that it was made as', async () => {
  const folder = await makeFolder();
  const { hash } = await start(folder, { chainId: 77, accounts: 2 }).then(async (chain) => {
    expect(await ask(chain, 'eth_chainId')).toBe('0x4d');
    expect(chain.accounts.map(({ address }) => address)).toEqual(['0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266', '0x70997970C51812dc3A010C7d01b50e0d17dc79C8']);
    await chain.mine();
    await chain.stop();
    return chain.head();
  });
  await expect(start(folder)).rejects.toMatchObject({ code: 'WRONG_CHAIN' });
  await expect(start(folder, { chainId: 77, accounts: 41 })).rejects.toMatchObject({ code: 'WRONG_CHAIN' });
  const more = await start(folder, { chainId: 77, accounts: 30 });
  expect(more.head().hash).toBe(hash);
  expect(await ask(more, 'eth_getBalance', [more.accounts[29]?.address, 'latest'])).toBe(toHex(10n ** 22n));
  await more.stop();
  await rm(folder, { recursive: true });
});
