import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseNcr } from '@neurodata/protocol';
import { commitVote, concludeDispute, joinJury, readDispute, readJuror, revealVote, stakeCoins } from '@neurodata/sdk';
import type { Route } from 'playwright-core';
import type { LocalAccount } from 'viem';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { defaultWindows } from '../apps/node/src/config.ts';
import { axeViolations } from './axeViolations.ts';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';
import { contestDeal } from './contest.ts';
import { injectWallet } from './injectWallet.ts';
import { expectUsable } from './usable.ts';

/** What a juror does in the browser: join, commit, reveal, be paid, leave; and what everybody else does about a dispute. */

const minute = 60_000;
let browsing: Browsing;

beforeAll(async () => {
  browsing = await startBrowsing({ settings: { windows: { ...defaultWindows, dispute: 3_600 } } });
}, 3 * minute);

afterAll(() => browsing?.stop());
afterEach(() => browsing.page.unrouteAll({ behavior: 'ignoreErrors' }));

test('a juror commits a vote and reveals it, although the page is loaded anew and the browser forgets it', async () => {
  const { stack, page, button, shots, connect, takeErrors } = browsing;
  const { disputeId } = await contestDeal(stack);
  const bob = await stack.client('bob');
  const seats = async () => (await readDispute({ client: bob, disputeId })).rounds[0]!.seats;
  const phase = (value: string) => page.locator(`[data-testid=dispute-phase][data-state=${value}]`);
  const kept = page.getByTestId('kept-vote');
  const duty = page.getByRole('region', { name: 'Your seat', exact: true });
  await page.goto(`${stack.node.url}/disputes/${disputeId}`);
  await phase('commit').waitFor();
  expect(await duty.count()).toBe(0);
  await connect('bob');
  await duty.getByText('You were drawn as a juror').waitFor();
  await button('Commit the vote').click();
  await duty.getByRole('alert').getByText('Choose one.').waitFor();
  await duty.getByLabel('to the seller').check();
  await shots('dispute-commit');
  await button('Commit the vote').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('kept in this browser before anything is sent').waitFor();
  expect(await dialog.innerText()).toMatch(/Your vote\s+to the seller[\s\S]*Not revealed, it costs\s+300 NCR/);
  await shots('dispute-commit-sign');

  // Whatever dies in the moment of sending, the vote is there: first nothing reaches the node, then its answer does not come.
  const isSending = (route: Route) => route.request().postData()?.includes('eth_sendRawTransaction') === true;
  await page.route('**/rpc', (route) => (isSending(route) ? route.abort() : route.continue()));
  await button('Sign and commit').click();
  await expect.poll(() => votesKept(bob.account!.address), { timeout: 30_000 }).toBe(1);
  await page.reload();
  expect(await seats()).toMatchObject([{ state: 'silent', count: 3 }]);
  await page.unroute('**/rpc');
  await page.route('**/rpc', async (route) => (isSending(route) ? void await route.fetch().catch(() => undefined) : route.continue()));
  await duty.getByLabel('to the seller').check();
  await button('Commit the vote').click();
  await button('Sign and commit').click();
  await expect.poll(seats, { timeout: 30_000, interval: 500 }).toMatchObject([{ state: 'committed', count: 3 }]);
  expect(await votesKept(bob.account!.address)).toBe(2);
  await page.reload();
  await page.unroute('**/rpc');
  takeErrors();

  // All seats are bob's, so that everybody has committed.
  await phase('reveal').waitFor();
  await kept.filter({ hasText: 'to the seller' }).waitFor();
  const download = page.waitForEvent('download');
  await button('Save the vote to a file').click();
  const file = path.join(stack.home, 'vote.json');
  await (await download).saveAs(file);
  await shots('dispute-reveal');

  await page.evaluate((name) => new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.addEventListener('success', resolve);
    request.addEventListener('error', reject);
  }), `neurodata-votes-${bob.account!.address.toLowerCase()}`);
  await page.reload();
  await duty.getByText('not kept in this browser').waitFor();
  expect(await button('Reveal').count()).toBe(0);
  await shots('dispute-vote-lost');
  const load = page.getByLabel('Load the vote from a file');
  const other = path.join(stack.home, 'other.json');
  await writeFile(other, '{"version":1}');
  await load.setInputFiles(other);
  await duty.getByText('other.json is not a file of votes.').waitFor();
  await writeFile(other, JSON.stringify({ version: 1, address: bob.account!.address, votes: [{ chainId: 31_337, contract: bob.config.deployment.addresses.disputes, disputeId: String(disputeId), round: 0, juror: bob.account!.address, ruling: 1, salt: `0x${'11'.repeat(32)}` }] }));
  await load.setInputFiles(other);
  await duty.getByText('other.json does not hold the vote that you committed here.').waitFor();
  await load.setInputFiles(file);
  await kept.filter({ hasText: 'to the seller' }).waitFor();

  await button('Reveal').click();
  await button('Sign and reveal').click();
  await dialog.getByText('Done, in').waitFor();
  await button('Close').last().click();
  expect(await seats()).toMatchObject([{ state: 'revealed', vote: 2 }]);
  await duty.getByText('You voted: to the seller').waitFor();
  await page.getByLabel('Why you decided so (optional)').fill('The chapter is on page 12.');
  await button('Sign and add the reason').click();
  await page.getByRole('region', { name: 'Evidence', exact: true }).getByText('The chapter is on page 12.').waitFor();
  await shots('dispute-revealed');

  await stack.node.chain.mine({ secondsLater: 3 * 3_600 });
  await concludeDispute({ client: bob, disputeId });
  const { balance } = await bob.api.getAccount({ address: bob.account!.address });
  await button('Collect the fee').click();
  await button('Sign and collect').click();
  await dialog.getByText('Done, in').waitFor();
  await button('Close').last().click();
  await duty.getByText('your fee is credited').waitFor();
  expect((await bob.api.getAccount({ address: bob.account!.address })).balance - balance).toBe(parseNcr('15'));
  expect(takeErrors()).toEqual([]);
}, 5 * minute);

test('a dispute by clicks: evidence of both sides, draw, votes, appeal, conclusion, ruling, and what comes back', async () => {
  const { stack, page, button, connect, takeErrors } = browsing;
  const [alice, bob] = await Promise.all([stack.client('alice'), stack.client('bob')]);
  // All seats of both juries are bob's: ten tickets are the most that one account has.
  const { disputeId } = await contestDeal(stack, { draw: false });
  await stakeCoins({ client: bob, amount: parseNcr('4000') });
  await joinJury({ client: bob, tickets: 10 - (await readJuror({ client: bob, account: bob.account!.address })).tickets });
  const dialog = page.getByRole('dialog');
  const phase = (value: string) => page.locator(`[data-testid=dispute-phase][data-state=${value}]`);
  const evidence = page.getByRole('region', { name: 'Evidence', exact: true });
  const sign = async (name: string): Promise<void> => {
    await button(name).click();
    await dialog.getByText('Done, in').waitFor();
    await button('Close').last().click();
    await dialog.waitFor({ state: 'detached' });
  };
  const vote = async (round: number): Promise<void> => {
    await commitVote({ client: bob, disputeId, ruling: 2 });
    await revealVote({ client: bob, disputeId });
    expect((await readDispute({ client: bob, disputeId })).rounds[round]?.seats).toMatchObject([{ state: 'revealed', vote: 2 }]);
  };

  // Both parties, each with a word and one with a file.
  await page.goto(`${stack.node.url}/disputes/${disputeId}`);
  await connect('publisher');
  await evidence.getByLabel('What jurors should know').fill('The chapter is in the annex.');
  await evidence.getByLabel('Attach files').setInputFiles([{ name: 'annex.txt', mimeType: 'text/plain', buffer: Buffer.from('Chapter 7') }, { name: 'other.txt', mimeType: 'text/plain', buffer: Buffer.from('x') }]);
  await button('Remove other.txt').click();
  await page.setViewportSize({ width: 360, height: 800 });
  await button('Add evidence').click();
  await dialog.getByText('Nothing of it can be taken back.').waitFor();
  expect(await dialog.innerText()).toMatch(/You speak as\s+seller[\s\S]*Files\s+annex\.txt/);
  expect(await axeViolations(page)).toEqual([]);
  await sign('Sign and add');
  await page.setViewportSize({ width: 1280, height: 900 });
  await evidence.getByText('The chapter is in the annex.').waitFor();
  expect(await evidence.getByLabel('What jurors should know').inputValue()).toBe('');
  const download = page.waitForEvent('download');
  await evidence.getByRole('button', { name: /annex\.txt/ }).click();
  const file = path.join(stack.home, 'annex.txt');
  await (await download).saveAs(file);
  expect(await readFile(file, 'utf8')).toBe('Chapter 7');
  const wallet = await injectWallet({ page, account: alice.account as LocalAccount, chainId: 31_337, name: 'Alice’s wallet' });
  wallet.known.set(31_337, `${stack.node.url}/rpc`);
  await page.reload();
  await connect('Alice’s wallet');
  await evidence.getByLabel('What jurors should know').fill('An annex was not agreed on.');
  await button('Add evidence').click();
  await sign('Sign and add');
  await evidence.getByText('An annex was not agreed on.').waitFor();
  expect(await evidence.getByRole('listitem').filter({ hasText: 'An annex' }).innerText()).toContain('buyer');

  // Whoever refuses to sign has changed nothing, and can do it the next moment.
  await button('Draw the jury').click();
  await dialog.getByText('nobody can choose').waitFor();
  wallet.refuses = 'eth_sendTransaction';
  await button('Sign and draw').click();
  await dialog.getByRole('alert').getByText('You refused this in your wallet.').waitFor();
  wallet.refuses = false;
  await sign('Sign and draw');
  await phase('commit').waitFor();
  expect(await button('Draw the jury').count()).toBe(0);
  await page.getByTestId('next-action').getByText('Drawn jurors commit their votes in secret.').waitFor();
  await vote(0);

  // The cost, who pays, and what grows, before anything is signed.
  const appeal = button('Appeal for 70 NCR');
  await appeal.waitFor();
  await page.getByTestId('next-action').getByText('from 3 to 7 seats, twice as many and one').waitFor();
  await expectUsable(page, 'dispute-appeal');
  await appeal.click();
  expect(await dialog.innerText()).toMatch(/You pay\s+70 NCR[\s\S]*fee of the jurors\s+35 NCR[\s\S]*Of it a bond\s+35 NCR[\s\S]*17\.5 NCR of it are burnt \(50 %\)/);
  await sign('Sign and appeal');
  await phase('drawing').waitFor();
  await page.getByRole('region', { name: 'Appeal 1' }).waitFor();
  await button('Draw the jury').click();
  await sign('Sign and draw');
  await phase('commit').waitFor();
  await vote(1);

  await stack.node.chain.mine({ secondsLater: 3 * 3_600 });
  await page.reload();
  await button('Conclude the dispute').click();
  await dialog.getByText('nobody can appeal it any more').waitFor();
  await sign('Sign and conclude');
  await phase('final').waitFor();
  await button('Hand the ruling over').click();
  await sign('Sign and hand over');
  await page.getByTestId('next-action').getByText('the ruling was handed over: to the seller').waitFor();
  // Half of the bond comes back: the ruling stands.
  await page.getByText('Disputes have credited 17.5 NCR to you.').waitFor();
  await button('Collect').click();
  await sign('Sign and collect');
  expect(await readDispute({ client: bob, disputeId })).toMatchObject({ phase: 'final', ruling: 2, executed: true });
  expect((await readJuror({ client: alice, account: alice.account!.address })).owed).toBe(0n);
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await axeViolations(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(takeErrors()).toEqual([]);
}, 5 * minute);

test('a wallet joins the jury with the stake that it needs, and leaves', async () => {
  const { stack, page, button, shots, connect, takeErrors } = browsing;
  const alice = await stack.client('alice');
  const facts = () => readJuror({ client: alice, account: alice.account!.address });
  await stakeCoins({ client: alice, amount: parseNcr('1500') });
  await joinJury({ client: alice, tickets: 1 });
  await page.goto(`${stack.node.url}/disputes`);
  await connect('alice');
  const tickets = page.getByLabel('More tickets');
  await tickets.fill('10');
  await page.getByRole('alert').getByText('Write a whole number from 1 to 9.').waitFor();
  await tickets.fill('2');
  await button('Join').click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.innerText()).toMatch(/Locked\s+2,000 NCR[\s\S]*Put at stake anew\s+1,500 NCR/);
  await shots('jury-join');
  await button('Sign and join').click();
  await dialog.getByText('Done, in').waitFor();
  await button('Close').last().click();
  expect(await facts()).toMatchObject({ tickets: 3, bond: parseNcr('3000'), freeStake: 0n, leftAt: 0 });
  await button('Leave the jury').click();
  await button('Sign and leave').click();
  await dialog.getByText('Done, in').waitFor();
  await button('Close').last().click();
  await page.getByText(/Your stake can be freed from block \d/).waitFor();
  expect((await facts()).leftAt).toBeGreaterThan(0);
  await shots('jury-left');
  expect(takeErrors()).toEqual([]);
}, 2 * minute);

test('anybody closes the seats of a juror who stayed silent, and says so before', async () => {
  const { stack, page, button, connect, takeErrors } = browsing;
  const { disputeId } = await contestDeal(stack, { join: false });
  await stack.node.chain.mine({ secondsLater: 3 * 3_600 });
  await page.goto(`${stack.node.url}/disputes/${disputeId}`);
  await connect('carol');
  await button('Close the seat').click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.innerText()).toMatch(/Burnt of its stake, at most\s+300 NCR/);
  await button('Sign and close').click();
  await dialog.getByText('Done, in').waitFor();
  await button('Close').last().click();
  await page.getByText('stayed silent, put out').waitFor();
  expect(await button('Close the seat').count()).toBe(0);
  await button('Conclude the dispute').waitFor();
  await page.getByRole('link', { name: 'Disputes', exact: true }).first().click();
  await page.getByText('anybody concludes it').waitFor();
  expect(takeErrors()).toEqual([]);
}, 2 * minute);

/** How many votes the page's browser keeps for an account. */
function votesKept(account: string): Promise<number> {
  return browsing.page.evaluate((name) => new Promise<number>((resolve, reject) => {
    const opened = indexedDB.open(name);
    // Where the page has not made it yet, none is made here.
    opened.addEventListener('upgradeneeded', () => { opened.transaction?.abort(); });
    opened.addEventListener('error', () => (opened.error?.name === 'AbortError' ? resolve(0) : reject(opened.error)));
    opened.addEventListener('success', () => {
      const counted = opened.result.transaction('votes').objectStore('votes').count();
      counted.addEventListener('success', () => { opened.result.close(); resolve(counted.result); });
    });
  }), `neurodata-votes-${account.toLowerCase()}`);
}
