import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseNcr } from '@neurodata/protocol';
import { concludeDispute, joinJury, readDispute, readJuror, stakeCoins } from '@neurodata/sdk';
import type { Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { defaultWindows } from '../apps/node/src/config.ts';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';
import { contestDeal } from './contest.ts';

/** What a juror does in the browser: join, commit, reveal, be paid, leave. */

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
