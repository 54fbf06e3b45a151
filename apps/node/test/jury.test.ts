import { disputesAbi, neuroCoinAbi, parseNcr } from '@neurodata/protocol';
import {
  type NeuroClient, type SecretVote, appealDispute, claimJurorFee, closeSeat, commitVote, concludeDispute, contestMilestone, deliverMilestone, drawJury, escalateMilestone, executeRuling, exitJury, joinJury, leaveJury,
  openDeal, poll, readAppealCost, readAppealTerms, readDeal, readDispute, readEvidence, readJuror, revealVote, stakeCoins, submitDealEvidence, submitEvidence, withdrawCredits, withdrawDeals,
} from '@neurodata/sdk';
import type { Address } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SmallStack, startSmallStack } from './smallStack.ts';

/** Seconds. Everybody votes at once, so that only the end of the last round has to be waited for. */
const windows = { drawWindow: 300, commitWindow: 30, revealWindow: 20, appealWindow: 10 };

let stack: SmallStack;
let buyer: NeuroClient;
let seller: NeuroClient;
let jurors: NeuroClient[];

beforeAll(async () => {
  stack = await startSmallStack({ change: (params) => ({ ...params, disputes: { ...params.disputes, ...windows } }) });
  const { people, validators } = stack.cast;
  const keys = [people[0]!.account, people[1]!.account, people[2]!.account, people[3]!.account, validators[0]!].map(({ privateKey }) => privateKey);
  const clients = await Promise.all(keys.map((key) => stack.connect(key)));
  [seller, buyer] = [clients[0]!, clients[1]!];
  jurors = clients.slice(2);
});
afterAll(() => stack.stop());

const addressOf = (client: NeuroClient): Address => client.account!.address;
const balanceOf = (client: NeuroClient): Promise<bigint> => client.publicClient.readContract({ address: client.config.deployment.addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'balanceOf', args: [addressOf(client)] });

/** The clients with a seat in the last round. */
async function seated(disputeId: bigint): Promise<NeuroClient[]> {
  const { rounds } = await readDispute({ client: buyer, disputeId });
  const drawn = new Set(rounds.at(-1)!.seats.map(({ juror }) => juror));
  return jurors.filter((client) => drawn.has(addressOf(client)));
}

async function voteAll(disputeId: bigint, ruling: number): Promise<void> {
  const voters = await seated(disputeId);
  await Promise.all(voters.map((client) => commitVote({ client, disputeId, ruling })));
  await Promise.all(voters.map((client) => revealVote({ client, disputeId })));
}

const reach = (disputeId: bigint, phase: string): Promise<true> =>
  poll({ what: `the dispute to be ${phase}`, remedy: 'Look at the chain.', timeoutMs: 120_000, intervalMs: 500, ask: async () => ((await readDispute({ client: buyer, disputeId })).phase === phase ? true : undefined) });

test('a contested milestone: jurors drawn, a ruling, an appeal, another ruling, and everybody paid', { timeout: 240_000 }, async () => {
  for (const [index, client] of jurors.entries()) {
    await expect(joinJury({ client, tickets: 3 })).rejects.toThrow(/Not enough unlocked stake/);
    await stakeCoins({ client, amount: parseNcr('3000') });
    await joinJury({ client, tickets: 2 });
    await joinJury({ client, tickets: 1 });
    expect(await readJuror({ client, account: addressOf(client) })).toMatchObject({ tickets: 3, bond: parseNcr('3000'), freeStake: 0n, openSeats: 0, leftAt: 0, activeTickets: 3 * (index + 1) });
  }
  const deadline = Number((await buyer.publicClient.getBlock()).timestamp) + 3_600;
  const { dealId } = await openDeal({ client: buyer, seller: addressOf(seller), milestones: [{ amount: parseNcr('40'), deadline }], reviewWindow: 600, arbitrationWindow: 600, terms: 'ipfs://terms' });
  await deliverMilestone({ client: seller, dealId, index: 0, digest: `0x${'12'.repeat(32)}` });
  await contestMilestone({ client: buyer, dealId, index: 0 });
  await submitDealEvidence({ client: seller, dealId, index: 0, text: 'It is what was agreed.' });
  const { disputeId } = await escalateMilestone({ client: buyer, dealId, index: 0 });
  expect(await readDispute({ client: buyer, disputeId })).toMatchObject({ phase: 'drawing', choices: 2, executed: false, rounds: [{ size: 3, drawn: 0, seats: [] }] });
  await expect(commitVote({ client: jurors[0]!, disputeId, ruling: 1 })).rejects.toMatchObject({ code: 'CONFLICT' });

  expect(await drawJury({ client: seller, disputeId })).toMatchObject({ drawn: 3, size: 3 });
  const [first] = await seated(disputeId);
  await expect(commitVote({ client: first!, disputeId, ruling: 3 })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(revealVote({ client: first!, disputeId })).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(closeSeat({ client: buyer, disputeId, round: 0, juror: addressOf(first!) })).rejects.toThrow(/another phase/);
  const page = new TextEncoder().encode('page 12');
  const file = { name: 'page 12.txt', size: page.length, content: (async function* () { yield page; })() };
  const { evidenceCid } = await submitEvidence({ client: buyer, disputeId, text: 'Half of the pages are missing.', files: [file] });
  const given = await readEvidence({ client: seller, cid: evidenceCid });
  expect(given).toEqual({ text: 'Half of the pages are missing.', files: [{ name: 'page 12.txt', cid: expect.any(String), size: 7 }] });
  expect(new TextDecoder().decode(await seller.storage.readRaw(given.files[0]!.cid))).toBe('page 12');
  await expect(submitEvidence({ client: buyer, disputeId, text: 'All of it.', files: [{ ...file, size: 21 * 1024 * 1024 }] })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('page 12.txt is too large') });
  await expect(readEvidence({ client: buyer, cid: given.files[0]!.cid })).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
  await voteAll(disputeId, 1);
  await expect(commitVote({ client: first!, disputeId, ruling: 1 })).rejects.toMatchObject({ code: 'CONFLICT' });

  // Twice the jury and one more: 7 seats at 5 NCR, and as much again for the bond.
  expect(await readDispute({ client: buyer, disputeId })).toMatchObject({ phase: 'appeal', ruling: 1, appealCost: parseNcr('70') });
  const before = await balanceOf(seller);
  expect(await readAppealCost({ client: seller, disputeId })).toBe(parseNcr('70'));
  expect(await readAppealTerms({ client: seller, disputeId })).toEqual({ cost: parseNcr('70'), size: 7, fee: parseNcr('35'), bond: parseNcr('35'), burnBps: 5_000 });
  await appealDispute({ client: seller, disputeId });
  expect(before - (await balanceOf(seller))).toBe(parseNcr('70'));
  const { drawn, size, transactions } = await drawJury({ client: buyer, disputeId });
  expect({ drawn, size, calls: transactions.length >= 2 }).toEqual({ drawn: 7, size: 7, calls: true });
  await voteAll(disputeId, 2);
  await expect(concludeDispute({ client: buyer, disputeId })).rejects.toThrow(/another phase/);
  await reach(disputeId, 'over');
  await concludeDispute({ client: buyer, disputeId });
  await executeRuling({ client: buyer, disputeId });
  await expect(executeRuling({ client: buyer, disputeId })).rejects.toThrow(/handed over already/);
  expect(await readDispute({ client: buyer, disputeId })).toMatchObject({ phase: 'final', ruling: 2, executed: true });
  expect(await readDeal({ client: buyer, dealId })).toMatchObject({ left: 0n, milestones: [{ state: 'closed' }] });
  const poor = await balanceOf(seller);
  await withdrawDeals({ client: seller });
  expect((await balanceOf(seller)) - poor).toBe(parseNcr('40'));

  const { rounds } = await readDispute({ client: buyer, disputeId });
  const earned = rounds[1]!.seats.map(({ juror, count }) => ({ juror, fee: parseNcr('5') * BigInt(count) }));
  for (const { juror, fee } of earned) {
    const client = jurors.find((candidate) => addressOf(candidate) === juror)!;
    await expect(claimJurorFee({ client, disputeId, round: 0 })).rejects.toThrow(/never voted for the ruling|was not drawn/);
    expect(await claimJurorFee({ client, disputeId, round: 1 })).toMatchObject({ credited: fee });
    expect(await withdrawCredits({ client, from: 'disputes' })).toMatchObject({ paid: fee });
  }
  // The appeal held: its bond comes back, and so does the first jury's fee to who paid it.
  expect(await withdrawCredits({ client: seller, from: 'disputes' })).toMatchObject({ paid: parseNcr('35') });
  expect(await withdrawCredits({ client: buyer, from: 'disputes' })).toMatchObject({ paid: parseNcr('15') });
});

test('a vote survives what may go wrong between keeping and sending it', { timeout: 120_000 }, async () => {
  const deadline = Number((await buyer.publicClient.getBlock()).timestamp) + 3_600;
  const { dealId } = await openDeal({ client: buyer, seller: addressOf(seller), milestones: [{ amount: parseNcr('1'), deadline }], reviewWindow: 600, arbitrationWindow: 600, terms: 'ipfs://terms' });
  await deliverMilestone({ client: seller, dealId, index: 0, digest: `0x${'34'.repeat(32)}` });
  await contestMilestone({ client: buyer, dealId, index: 0 });
  const { disputeId } = await escalateMilestone({ client: buyer, dealId, index: 0 });
  await drawJury({ client: buyer, disputeId });
  const voters = await seated(disputeId);
  const [first, ...others] = voters;
  const kept: SecretVote[] = [];
  const votes = { put: async (vote: SecretVote) => void kept.push(vote), list: async () => kept };

  // A full disk: nothing is sent. A crash after keeping: sent by nobody, and the next attempt is the one that counts.
  await expect(commitVote({ client: { ...first!, votes: { ...votes, put: () => Promise.reject(new Error('disk full')) } }, disputeId, ruling: 1 })).rejects.toThrow('disk full');
  await expect(commitVote({ client: { ...first!, votes, send: () => Promise.reject(new Error('killed')) }, disputeId, ruling: 1 })).rejects.toThrow('killed');
  expect(kept).toHaveLength(1);
  await commitVote({ client: { ...first!, votes }, disputeId, ruling: 2 });
  expect(kept).toHaveLength(2);
  for (const client of others) await commitVote({ client, disputeId, ruling: 2 });
  await expect(revealVote({ client: first!, disputeId })).rejects.toMatchObject({ code: 'NO_KEY' });
  expect(await revealVote({ client: { ...first!, votes }, disputeId })).toMatchObject({ ruling: 2 });
  for (const client of others) await revealVote({ client, disputeId });
  expect(await readDispute({ client: buyer, disputeId })).toMatchObject({ phase: 'appeal', ruling: 2 });
  await expect(readDispute({ client: buyer, disputeId: 99n })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('leaving the jurors takes 300 blocks, and a silent juror is put out', { timeout: 120_000 }, async () => {
  const [client] = jurors;
  const sent = await leaveJury({ client: client! });
  expect(await readJuror({ client: client!, account: addressOf(client!) })).toMatchObject({ leftAt: Number(sent.block), exitBlock: Number(sent.block) + 301, activeTickets: 6 });
  await expect(exitJury({ client: client! })).rejects.toThrow(/still leaving/);
  expect(await client!.publicClient.readContract({ address: client!.config.deployment.addresses.disputes, abi: disputesAbi, functionName: 'activeTickets' })).toBe(6n);
});
