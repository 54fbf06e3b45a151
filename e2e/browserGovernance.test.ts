import { governorAbi, marketAbi, parseNcr, stakingAbi } from '@neurodata/protocol';
import { type NeuroClient, castVote, executeProposal, listProposals, poll, propose, queueProposal, sendCoins, wrapVotes } from '@neurodata/sdk';
import type { Locator } from 'playwright-core';
import { type LocalAccount, encodeFunctionData } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeViolations } from './axeViolations.ts';
import { type Browsing, startBrowsing } from './browse.ts';
import { injectWallet } from './injectWallet.ts';
import { expectUsable } from './usable.ts';

/** A proposal by mouse: voted on, queued, carried out; one taken back, one made; and wallets that have no votes. */

const minute = 60_000;
const title = 'An hour to think';
const hour = 3_600;
let browsing: Browsing;
let carol: NeuroClient;
let proposal: Locator;

const proposeDelay = (description: string): Promise<unknown> => poll({
  what: 'votes of a past second', remedy: 'Look at the chain.', timeoutMs: 30_000, intervalMs: 500,
  ask: () => propose({ client: carol, calls: [{ contract: 'governor', functionName: 'setVotingDelay', args: [hour] }], description }).catch(() => undefined),
});

beforeAll(async () => {
  browsing = await startBrowsing();
  carol = await browsing.stack.client('carol');
  await wrapVotes({ client: carol, amount: parseNcr('5000') });
  proposal = browsing.page.getByRole('region', { name: title });
}, 4 * minute);

afterAll(() => browsing?.stop());

/** Signs in the open dialog and closes it once it is through. */
async function sign(name: string): Promise<void> {
  await browsing.button(name).click();
  const dialog = browsing.page.getByRole('dialog');
  await dialog.getByRole('status').getByRole('link').waitFor();
  await dialog.getByText('Close', { exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

test('a wallet votes with what it had when voting began, once, and says why', async () => {
  const { stack, page, button, connect, takeErrors } = browsing;
  await page.goto(`${stack.node.url}/governance`);
  await page.getByText('No proposals yet').waitFor();
  await proposeDelay(title);
  await proposal.getByRole('button', { name: 'Choose a wallet' }).waitFor();
  await stack.node.chain.mine({ secondsLater: 10 });
  await connect('carol');
  await proposal.getByText('what was wrapped and delegated to you').waitFor();
  await proposal.getByLabel('Reason, if you like').fill('Who reads slowly votes too.');
  await page.reload();
  expect(await proposal.getByLabel('Reason, if you like').inputValue()).toBe('Who reads slowly votes too.');
  await proposal.getByRole('button', { name: 'Vote for' }).click();
  await page.getByRole('dialog').getByText(`All 5,000 NCR of your votes say yes to “${title}”. A vote cannot be changed, and everybody can read it.`).waitFor();
  await sign('Sign and vote');
  await proposal.getByText('You voted “For” with 5,000 NCR').waitFor();
  expect(await button('Vote for').count()).toBe(0);
  const [voted] = await listProposals({ client: carol });
  expect(voted?.votes).toEqual({ for: parseNcr('5000'), against: 0n, abstain: 0n });
  await proposal.getByText('1 vote', { exact: true }).click();
  await proposal.getByRole('cell', { name: 'Who reads slowly votes too.' }).waitFor();
  expect(takeErrors()).toEqual([]);
}, 2 * minute);

test('who has no votes reads why, and where to get some; votes of later count later', async () => {
  const { stack, page, connect, takeErrors } = browsing;
  await connect('bob');
  await proposal.getByText('This wallet has no votes on this proposal.').waitFor();
  await proposal.getByText('Votes are NCR that were wrapped, and delegated').waitFor();
  expect(await proposal.getByRole('button', { name: /^(Vote|Abstain)/ }).count()).toBe(0);
  await expectUsable(page, 'governance-no-votes');
  await wrapVotes({ client: await stack.client('bob'), amount: parseNcr('7') });
  await page.reload();
  await proposal.getByText('The 7 NCR that you have now came after voting began').waitFor();
  await proposal.getByRole('link', { name: 'Wrap and delegate for later proposals' }).click();
  await page.waitForURL(/\/token$/);
  expect(takeErrors()).toEqual([]);
}, 2 * minute);

test('anybody queues what won, and carries it out once its delay is over', async () => {
  const { stack, page, takeErrors } = browsing;
  await stack.node.chain.mine({ secondsLater: 180 });
  await page.goto(`${stack.node.url}/governance`);
  await proposal.getByRole('button', { name: 'Queue' }).click();
  await page.getByRole('dialog').getByText(`You hand “${title}” to the timelock.`).waitFor();
  await sign('Sign and queue');
  const carryOut = proposal.getByRole('button', { name: 'Carry out' });
  await carryOut.waitFor();
  await stack.node.chain.mine({ secondsLater: 10 });
  await proposal.getByText('Its delay is over.').waitFor();
  await carryOut.click();
  await page.getByRole('dialog').getByText('if a call is refused, none is made').waitFor();
  await sign('Sign and carry out');
  await proposal.locator('[data-testid=proposal-state][data-state=executed]').waitFor();
  expect(await proposal.getByRole('button').filter({ hasText: /Queue|Carry out|Vote/ }).count()).toBe(0);
  expect(await carol.publicClient.readContract({ address: carol.config.deployment.addresses.governor, abi: governorAbi, functionName: 'votingDelay' })).toBe(BigInt(hour));
  expect(takeErrors()).toEqual([]);
}, 2 * minute);

test('a proposal is taken back by who made it, and by nobody else, until voting begins', async () => {
  const { page, connect, takeErrors } = browsing;
  await proposeDelay('The same again');
  const again = page.getByRole('region', { name: 'The same again' });
  await again.getByText('now you have 7 NCR').waitFor();
  expect(await again.getByRole('button', { name: 'Take back' }).count()).toBe(0);
  await connect('carol');
  await again.getByRole('button', { name: 'Take back' }).click();
  await page.getByRole('dialog').getByText('will not be voted on').waitFor();
  await sign('Sign and take back');
  await again.locator('[data-testid=proposal-state][data-state=canceled]').waitFor();
  expect(takeErrors()).toEqual([]);
}, 2 * minute);

test('another value of a parameter is proposed; what its contract would refuse is not, and nothing typed is lost', async () => {
  const { page, button, takeErrors } = browsing;
  const dialog = page.getByRole('dialog');
  await button('Choose what to propose').click();
  const form = page.getByRole('region', { name: 'Propose a change' });
  await form.getByLabel('Parameter').selectOption('market.feeBps');
  await form.getByText('Now: 0.25 %').waitFor();
  await form.getByText('It takes 1,000 NCR of votes to propose; you have 5,000 NCR.').waitFor();
  await form.getByLabel('New value').fill('0.25');
  await form.getByText('It is that already.').waitFor();
  await form.getByLabel('New value').fill('99');
  await form.getByLabel('Title: what it is for').fill('A fee of 0.3 %');
  await button('Propose').click();
  await button('Sign and propose').click();
  await dialog.getByRole('alert').getByText('market would refuse these parameters.').waitFor();
  await dialog.getByText('Cancel', { exact: true }).click();
  await form.getByLabel('New value').fill('0.3');
  await expectUsable(page, 'governance-propose');
  await button('Propose').click();
  await dialog.getByText('feeBps of Market becomes what stands below').waitFor();
  await sign('Sign and propose');
  const made = page.getByRole('region', { name: 'A fee of 0.3 %' });
  await made.getByText('now you have 5,000 NCR').waitFor();
  expect(await form.getByLabel('New value').inputValue()).toBe('');
  const [proposed] = await listProposals({ client: carol });
  const params = await carol.publicClient.readContract({ address: carol.config.deployment.addresses.market, abi: marketAbi, functionName: 'params' });
  expect(proposed).toMatchObject({ description: 'A fee of 0.3 %', state: 'pending', calls: [{ contract: 'market', functionName: 'setParams', args: [{ ...params, feeBps: 30 }] }] });
  expect(takeErrors()).toEqual([]);
}, 2 * minute);

test('money of the treasury is put to the vote, and goes where the vote sends it', async () => {
  const { stack, page, button, takeErrors } = browsing;
  const bob = await stack.client('bob');
  const { timelock } = carol.config.deployment.addresses;
  await sendCoins({ client: carol, to: timelock, amount: parseNcr('20') });
  await page.reload();
  await button('Choose what to propose').click();
  const form = page.getByRole('region', { name: 'Propose a change' });
  const preview = form.getByTestId('call-preview');
  await form.getByLabel('What is proposed').selectOption('money');
  await form.getByText('The treasury holds 20 NCR.').waitFor();
  await form.getByLabel('To whom').fill('bob');
  await form.getByText('This is not an address.').waitFor();
  await form.getByLabel('To whom').fill(bob.account!.address);
  await form.getByLabel('Amount in NCR').fill('1500');
  await form.getByText('The treasury does not hold as much now.').waitFor();
  await preview.getByText('Send 1,500 NCR to bob').waitFor();
  await preview.getByText('Carried out now, it would be refused').waitFor();
  await form.getByLabel('Amount in NCR').fill('5');
  await preview.getByText('Send 5 NCR to bob').waitFor();
  await form.getByLabel('Title: what it is for').fill('A prize for bob');
  await button('Propose').click();
  await page.getByRole('dialog').getByText('the timelock makes this call').waitFor();
  await sign('Sign and propose');
  await page.getByRole('region', { name: 'A prize for bob' }).getByText('Send 5 NCR to bob').waitFor();
  expect(await form.getByLabel('To whom').inputValue()).toBe('');
  const [made] = await listProposals({ client: carol });
  const { balance } = await bob.api.getAccount({ address: bob.account!.address });
  const { chain } = stack.node;
  await chain.mine({ secondsLater: hour + 10 });
  await castVote({ client: carol, proposalId: made!.proposalId, support: 'for' });
  await chain.mine({ secondsLater: 180 });
  await queueProposal({ client: carol, proposalId: made!.proposalId });
  await chain.mine({ secondsLater: 10 });
  await executeProposal({ client: carol, proposalId: made!.proposalId });
  expect((await bob.api.getAccount({ address: bob.account!.address })).balance - balance).toBe(parseNcr('5'));
  expect(takeErrors()).toEqual([]);
}, 2 * minute);

test('any call is proposed by its arguments, or by address and data, and read as a sentence before', async () => {
  const { page, button, takeErrors } = browsing;
  const { staking } = carol.config.deployment.addresses;
  const form = page.getByRole('region', { name: 'Propose a change' });
  const preview = form.getByTestId('call-preview');
  await form.getByLabel('What is proposed').selectOption('call');
  await form.getByLabel('Contract').selectOption('disputes');
  await form.getByLabel('Function').selectOption('ruleByGovernance');
  await form.getByLabel('disputeId').fill('one');
  await form.getByText('Write a whole number.').waitFor();
  await form.getByLabel('disputeId').fill('1');
  await form.getByLabel('ruling').fill('2');
  await preview.getByText('Decide dispute 1 by governance: ruling 2').waitFor();
  await preview.getByText('Carried out now, it would be refused').waitFor();
  await expectUsable(page, 'governance-call');
  await form.getByLabel('What is proposed').selectOption('data');
  await form.getByLabel('Address of the contract').fill(staking);
  await form.getByLabel('Data of the call').fill('0x123');
  await form.getByText('two digits for each byte').waitFor();
  const data = encodeFunctionData({ abi: stakingAbi, functionName: 'setRate', args: [150] });
  await form.getByLabel('Data of the call').fill(data);
  await preview.getByText('Set the yearly rate on stake to 1.5 %').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await form.getByLabel('Title: what it is for').fill('A rate of 1.5 %');
  await button('Propose').click();
  await sign('Sign and propose');
  expect((await listProposals({ client: carol }))[0]).toMatchObject({ description: 'A rate of 1.5 %', calls: [{ target: staking, data }] });
  expect(takeErrors()).toEqual([]);
}, 2 * minute);

test('older proposals are shown on demand; a vote’s notice has a short id, and of many failures two stand in view', async () => {
  const { stack, page, button, connect, takeErrors } = browsing;
  for (let index = 1; index <= 8; index += 1) await propose({ client: carol, calls: [{ contract: 'governor', functionName: 'setVotingDelay', args: [hour + index] }], description: `More of the same, ${index}` });
  await page.goto(`${stack.node.url}/governance`);
  await page.getByRole('region', { name: 'More of the same, 8' }).waitFor();
  expect(await page.getByRole('region', { name: title, exact: true }).count()).toBe(0);
  await button('Older proposals').click();
  await page.getByRole('region', { name: title, exact: true }).waitFor();
  expect(await button('Older proposals').count()).toBe(0);

  const wallet = await injectWallet({ page, account: carol.account as LocalAccount, chainId: 31_337, name: 'Carol’s wallet' });
  // It cannot send: what fails stays in view until it is dismissed, unlike what was refused.
  wallet.known.set(31_337, 'http://127.0.0.1:9');
  await page.setViewportSize({ width: 360, height: 800 });
  await page.reload();
  await connect('Carol’s wallet');
  const dialog = page.getByRole('dialog');
  const notices = page.getByTestId('signing');
  for (const index of [8, 7, 6]) {
    await page.getByRole('region', { name: `More of the same, ${index}` }).getByRole('button', { name: 'Take back' }).click();
    await button('Sign and take back').click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByText('Cancel', { exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }
  await page.getByRole('button', { name: '1 older notice' }).waitFor();
  expect(await notices.count()).toBe(2);
  expect(await notices.first().innerText()).toMatch(/Take proposal \d{4}…\d{4} back: /);
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: '1 older notice' }).click();
  expect(await notices.count()).toBe(3);
  for (const left of [2, 1, 0]) {
    await notices.first().getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => notices.count()).toBe(left);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(takeErrors()).toEqual([]);
}, 3 * minute);
