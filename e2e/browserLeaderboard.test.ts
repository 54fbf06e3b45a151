import { checkTrainSpec } from '@neurodata/engine';
import { type JobSpec, type LeaderboardDto, leaderboardSplitOf } from '@neurodata/protocol';
import { type NeuroClient, checkLeaderboard, leaderboardSplit, poll, readLeaderboard, readReceipt, readVersion, startRun, waitForVersion } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';
import { penguinTraining } from './tell.ts';

/** Runs on one dataset that can be compared, from the train page to the dataset's page. */

const minute = 60_000;
let browsing: Browsing;

beforeAll(async () => {
  browsing = await startBrowsing({ settings: { seed: true } });
}, 4 * minute);

afterAll(() => browsing?.stop());

/** Another buyer's run, at work while the page waits for its own. */
async function order(train: JobSpec['train']): Promise<Hex> {
  const client = await browsing.stack.client('carol');
  const { listings } = await client.api.getAsset({ assetId: 1 });
  const listing = listings.find(({ kind, retired }) => kind === 'compute' && !retired)!;
  return (await startRun({ client, listingId: listing.listingId, train })).jobId;
}

/** A node that shows another board than the chain and the receipts give is found out. */
async function expectLiesFound(client: NeuroClient, board: LeaderboardDto): Promise<void> {
  expect((await checkLeaderboard({ client, board })).map(({ passed }) => passed)).toEqual([true, true]);
  const [first, second] = board.items as [LeaderboardDto['items'][0], LeaderboardDto['items'][0]];
  const lies = [{ ...second, scores: { ...second.scores, accuracy: 2 } }, { ...second, cost: 1n }, { ...second, steps: second.steps + 1 }, { ...second, jobId: first.jobId }];
  for (const { passed, checks } of await checkLeaderboard({ client, board: { ...board, items: lies } })) {
    expect([passed, checks.some(({ name, status }) => status === 'failed' && (name === 'Entry' || name === 'Verdict and cost'))]).toEqual([false, true]);
  }
  if (!board.split.fixed) throw new Error('no split');
  const lying: LeaderboardDto = { ...board, split: { ...board.split, split: { ...board.split.split, seed: 7 } } };
  const liar: NeuroClient = { ...client, api: { ...client.api, getLeaderboard: async () => lying } };
  await expect(readLeaderboard({ client: liar, assetId: 1 })).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
  expect(await readLeaderboard({ client, assetId: 1 })).toEqual(board);
}

test('a run from the train page counts, one with another split does not, and the dataset’s page ranks them', async () => {
  const { stack, page, button, state, shot, shots, connect, takeErrors } = browsing;
  const client = await stack.client('carol');
  await waitForVersion({ client, assetId: 1, version: 1, status: 'live', timeoutMs: 2 * minute });
  await page.goto(`${stack.node.url}/datasets/1?tab=leaderboard`);
  await page.getByText('Nobody is on it yet').waitFor();
  await shots('leaderboard-empty');

  const facts = await readVersion({ client, assetId: 1, version: 1 });
  const { hash: blockHash } = await client.publicClient.getBlock({ blockNumber: facts.block + 1n });
  const { chainId, addresses } = client.config.deployment;
  const split = leaderboardSplitOf({ chainId, registry: addresses.assetRegistry, assetId: 1, version: 1, blockHash });
  expect(await leaderboardSplit({ client, assetId: 1, version: 1 })).toEqual(split);
  const tree = await order(checkTrainSpec({ ...penguinTraining, algorithm: 'decision-tree', parameters: { min_samples_leaf: 20 }, split }) as JobSpec['train']);
  const alone = await order({ ...penguinTraining, split: { ...split, seed: (split.seed + 1) % 2 ** 32 } });

  await connect('bob');
  await page.goto(`${stack.node.url}/train/1`);
  const seed = page.getByLabel('Seed of the split');
  await page.getByText('It is tested on the rows that the chain holds out for everybody').waitFor();
  expect([await seed.inputValue(), await seed.isEditable(), await page.getByLabel('Test fraction').inputValue()]).toEqual([String(split.seed), false, '0.25']);
  await page.getByLabel('Count on the leaderboard').uncheck();
  expect([await seed.inputValue(), await seed.isEditable()]).toEqual(['7', true]);
  await page.getByLabel('Count on the leaderboard').check();
  await seed.scrollIntoViewIfNeeded();
  await shots('train-leaderboard');
  await button('Start training').click();
  await page.waitForURL(/\/runs\/0x/);
  await state('run', 'settled').waitFor({ timeout: minute });
  await page.locator('[data-testid=leaderboard-standing][data-counts=yes]').waitFor();
  await page.getByTestId('leaderboard-standing').scrollIntoViewIfNeeded();
  await shots('run-leaderboard');

  const own = new URL(page.url()).pathname.split('/').at(-1) as Hex;
  await poll({ what: 'The other runs', remedy: 'Look whether the workers run.', timeoutMs: 2 * minute, intervalMs: 200, ask: async () => ((await Promise.all([tree, alone].map((jobId) => client.api.getJob({ jobId })))).every((job) => job.state === 'settled') ? true : undefined) });
  const board = await client.api.getLeaderboard({ assetId: 1 });
  expect(new Set(board.items.map(({ jobId }) => jobId))).toEqual(new Set([own, tree]));
  for (const { jobId, scores, steps, receiptDigest } of board.items) {
    const { receipt, receiptDigest: digest } = await readReceipt({ client, jobId });
    expect({ scores, steps, receiptDigest }).toEqual({ scores: receipt.body.metrics.scores, steps: receipt.body.steps, receiptDigest: digest });
  }
  await expectLiesFound(client, board);

  await page.goto(`${stack.node.url}/runs/${alone}`);
  await page.locator('[data-testid=leaderboard-standing][data-counts=no]').waitFor();

  await page.getByRole('link', { name: 'Does not count' }).click();
  await page.getByTestId('board-entry').nth(1).waitFor();
  expect(await page.getByTestId('board-entry').count()).toBe(2);
  const named = ({ items }: LeaderboardDto): string[] => items.map(({ algorithm }) => algorithm.replaceAll('-', ' '));
  const names = (): Promise<string[]> => page.getByTestId('board-entry').locator('td:nth-child(2) a').allTextContents();
  expect(await names()).toEqual(named(board));
  await page.getByText('Nobody chose these rows').scrollIntoViewIfNeeded();
  await shots('leaderboard');
  await page.setViewportSize({ width: 360, height: 900 });
  await page.reload();
  await page.getByTestId('board-entry').nth(1).waitFor();
  const tab = await page.getByRole('tab', { name: 'Leaderboard' }).boundingBox();
  expect([tab!.x >= 0, tab!.x + tab!.width <= 360]).toEqual([true, true]);
  await page.getByRole('region', { name: 'Leaderboard' }).last().evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await shot('leaderboard-table-360');
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByLabel('Compare by').selectOption('steps');
  const bySteps = await client.api.getLeaderboard({ assetId: 1, sort: 'steps' });
  await expect.poll(names).toEqual(named(bySteps));
  expect(takeErrors()).toEqual([]);
}, 4 * minute);
