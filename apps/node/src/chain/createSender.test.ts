import { neuroCoinAbi, stakingAbi } from '@neurodata/protocol';
import { bytecode } from '@neurodata/protocol/bytecode';
import { type Address, parseUnits } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChainClients, createChainClients, createSender, type Sender } from './clients.ts';
import { type DevChain, startDevChain } from './startDevChain.ts';
import { anvilPid, createSigner, makeFolder } from './testing.ts';

let chain: DevChain;
let clients: ChainClients;
let folder: string;
let coin: Address;

function senderOf(index: number): Sender {
  return createSender({ clients, account: privateKeyToAccount(chain.accounts[index]?.privateKey ?? '0x'), abis: [neuroCoinAbi, stakingAbi] });
}

beforeAll(async () => {
  folder = await makeFolder();
  chain = await startDevChain({ folder, log: () => undefined, blockIdleSeconds: 0 });
  clients = createChainClients({ chainId: chain.chainId, rpc: chain.rpc });
  const sender = senderOf(0);
  const receipt = await sender.deploy({ abi: neuroCoinAbi, bytecode: bytecode.NeuroCoin, args: ['NeuroCoin', 'NCR', sender.address, [{ to: sender.address, amount: parseUnits('1000', 18) }], []] });
  coin = receipt.contractAddress ?? '0x';
});
afterAll(() => chain.stop());

const transfer = (to: Address, amount: bigint) => ({ address: coin, abi: neuroCoinAbi, functionName: 'transfer', args: [to, amount], sentence: 'Pay' } as const);
const balanceOf = (account: Address): Promise<bigint> => clients.publicClient.readContract({ address: coin, abi: neuroCoinAbi, functionName: 'balanceOf', args: [account] });

test('many calls at once from one account keep their order', async () => {
  const sender = senderOf(0);
  const receipts = await Promise.all(Array.from({ length: 15 }, (_, index) => sender.send(transfer(chain.accounts[5]?.address ?? '0x', BigInt(index)))));
  expect(receipts.map(({ status }) => status)).toEqual(Array.from({ length: 15 }, () => 'success'));
  const blocks = receipts.map(({ blockNumber }) => Number(blockNumber));
  expect(blocks).toEqual(blocks.toSorted((a, b) => a - b));
  expect(await balanceOf(chain.accounts[5]?.address ?? '0x')).toBe(105n);
});

test('a refusal is known by its custom error, and the next call goes through', async () => {
  const sender = senderOf(5);
  const refused = sender.send(transfer(sender.address, 10n ** 30n));
  const fine = sender.send(transfer(chain.accounts[6]?.address ?? '0x', 5n));
  await expect(refused).rejects.toMatchObject({ code: 'REVERTED', details: `ERC20InsufficientBalance(${sender.address}, 105, ${10n ** 30n})`, message: expect.stringContaining('Pay: ') });
  expect((await fine).status).toBe('success');
});

test('a nonce used behind its back is noticed', async () => {
  const sender = senderOf(0);
  await sender.send(transfer(chain.accounts[6]?.address ?? '0x', 1n));
  const nonce = await clients.publicClient.getTransactionCount({ address: sender.address });
  await clients.publicClient.sendRawTransaction({ serializedTransaction: await createSigner(chain, 0)({ nonce, to: sender.address }) });
  expect((await sender.send(transfer(chain.accounts[6]?.address ?? '0x', 1n))).status).toBe('success');
});

test('sends on while the EVM is killed', async () => {
  const sender = senderOf(0);
  const before = await balanceOf(chain.accounts[7]?.address ?? '0x');
  const sent = Array.from({ length: 12 }, async (_, index) => {
    if (index === 4) process.kill(await anvilPid(folder), 'SIGKILL');
    return sender.send(transfer(chain.accounts[7]?.address ?? '0x', 1n));
  });
  await Promise.all(sent);
  expect(await balanceOf(chain.accounts[7]?.address ?? '0x')).toBe(before + 12n);
});

test('an account without ether cannot pay', async () => {
  const account = privateKeyToAccount(`0x${'99'.repeat(32)}`);
  const poor = createSender({ clients, account, abis: [neuroCoinAbi] });
  await expect(poor.send({ ...transfer(account.address, 0n) })).rejects.toMatchObject({ code: 'NO_FUNDS' });
});
