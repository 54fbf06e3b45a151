import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readTerms } from '@neurodata/sdk';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';
import { penguinsCsv } from './csv.ts';
import { openWhole } from './openWhole.ts';

const minute = 60_000;

let browsing: Browsing;
let page: Page;

beforeAll(async () => {
  browsing = await startBrowsing({ settings: { seed: true } });
  ({ page } = browsing);
  await page.goto(browsing.stack.node.url);
  await browsing.connect('bob');
}, 3 * minute);

afterAll(() => browsing?.stop());

async function openTrainPage(): Promise<void> {
  await page.goto(`${browsing.stack.node.url}/train/1`);
  await page.getByRole('group', { name: 'Algorithm' }).waitFor();
}

test('the form follows the schema of the chosen algorithm and keeps what was typed', async () => {
  await openTrainPage();
  await browsing.shots('train-first');
  await page.getByLabel('Gradient boosting').check();
  await page.getByLabel(/^Learning rate/).fill('7000');
  await page.getByText('Learning rate must be a number from').first().waitFor();
  expect(await browsing.button('Start training').isDisabled()).toBe(true);
  await page.getByLabel('Logistic regression').check();
  expect(await page.getByLabel(/^Learning rate/).count()).toBe(0);
  await page.getByLabel('Gradient boosting').check();
  expect(await page.getByLabel(/^Learning rate/).inputValue()).toBe('7000');
  await page.getByLabel(/^Learning rate/).fill('0.2');
  await page.getByText(/^Advanced/).click();
  expect(await page.getByLabel(/^Least rows of a leaf/).inputValue()).toBe('20');
  await page.getByLabel(/^Least rows of a leaf/).fill('5');
  await page.getByText('must be 20 or more on this data').first().waitFor();
  await browsing.shots('train-boosting');
  await page.getByLabel('Predict a number').check();
  expect(await page.getByLabel('Target', { exact: true }).locator('option').allTextContents()).toContain('Body Mass (g) (94 values)');
  await page.getByLabel('Find groups').check();
  expect(await page.getByLabel('Target', { exact: true }).count()).toBe(0);
  await page.getByText('K-means clustering').waitFor();
  expect(browsing.takeErrors()).toEqual([]);
}, 3 * minute);

test('a boosted model is trained, explained by its scores, verified and used in the browser', async () => {
  await openTrainPage();
  await page.getByLabel('Gradient boosting').check();
  await page.getByLabel(/^Iterations/).fill('20');
  await browsing.button('Start training').click();
  await page.waitForURL(/\/runs\/0x/);
  await browsing.state('run', 'settled').waitFor({ timeout: 2 * minute });
  const results = page.getByRole('region', { name: 'Results' });
  for (const score of ['Accuracy', 'Balanced accuracy', 'F1', 'ROC AUC', 'PR AUC', 'Log loss', 'Brier score']) await results.getByText(score, { exact: true }).waitFor();
  await browsing.shots('run-boosting');
  for (const name of ['Curves', 'What the model looks at']) {
    await page.getByRole('region', { name, exact: true }).scrollIntoViewIfNeeded();
    await browsing.shots(`run-${name.toLowerCase().replaceAll(' ', '-')}`);
  }
  const file = path.join(browsing.stack.home, 'penguins.csv');
  await writeFile(file, penguinsCsv());
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByTestId('verify-result').filter({ hasText: 'bit for bit' }).waitFor({ timeout: minute });
  await browsing.shot('run-boosting-verified');
  await browsing.button('Open model').click();
  await browsing.button('Predict').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Beak Length (mm)').fill('46.5');
  await dialog.getByLabel('Beak Depth (mm)').fill('14.2');
  await dialog.getByLabel('Flipper Length (mm)').fill('217');
  await dialog.getByLabel('Island').fill('Biscoe');
  await dialog.getByRole('button', { name: 'Predict' }).click();
  await dialog.getByRole('cell', { name: 'Gentoo', exact: true }).waitFor();
  await browsing.shots('predict-row');
  expect(browsing.takeErrors()).toEqual([]);
}, 4 * minute);

test('parameters are searched and cross-validated, and the run tells each candidate', async () => {
  await openTrainPage();
  await page.getByLabel('Predict a number').check();
  await page.getByLabel('Target', { exact: true }).selectOption('Body Mass (g)');
  await page.getByLabel('Gradient boosting').check();
  await page.getByLabel(/^Iterations/).fill('5');
  await page.getByText('Validate and search').click();
  await page.getByLabel('Cross-validate').check();
  await page.getByLabel('Search for parameters').selectOption('grid');
  await page.getByText('The search is empty').first().waitFor();
  await page.getByLabel('Choose by').selectOption('mae');
  await page.getByLabel('Folds').fill('3');
  await page.getByLabel('Add a parameter').selectOption('learning_rate');
  await page.locator('#try-learning_rate').fill('0.05, fast');
  await page.getByText('Each value of learning rate must be a number').first().waitFor();
  expect(await browsing.button('Start training').isDisabled()).toBe(true);
  await page.locator('#try-learning_rate').fill('0.05, 0.5');
  await page.getByTestId('run-plan').filter({ hasText: '10 fits' }).waitFor();
  await page.getByTestId('run-plan').scrollIntoViewIfNeeded();
  await browsing.shots('train-search');
  await browsing.button('Start training').click();
  await page.waitForURL(/\/runs\/0x/);
  await browsing.state('run', 'settled').waitFor({ timeout: 2 * minute });
  const found = page.getByRole('region', { name: 'Validation and search' });
  const taken = found.locator('tr[data-taken]');
  expect(await taken.textContent()).toMatch(/^1taken.*0\.5$/);
  expect(await found.getByRole('region', { name: 'Cross-validation' }).getByRole('row').count()).toBe(4);
  await found.getByText('Each fold').click();
  const folds = found.getByRole('region', { name: 'Each fold' });
  expect(await folds.getByRole('columnheader').allTextContents()).toEqual(['Metric', 'Fold 1', 'Fold 2', 'Fold 3']);
  expect(await folds.getByRole('row').nth(1).getByRole('cell').allTextContents()).toEqual(['R²', ...[1, 2, 3].map(() => expect.stringMatching(/^0\.\d+$/))]);
  const results = page.getByRole('region', { name: 'Results' });
  for (const score of ['R²', 'RMSE', 'MAE']) await results.getByText(score, { exact: true }).waitFor();
  await browsing.shots('run-regression');
  await found.scrollIntoViewIfNeeded();
  await browsing.shots('run-search');
  expect(browsing.takeErrors()).toEqual([]);
}, 4 * minute);

test('groups and components are found, and their runs tell how good they are', async () => {
  await openTrainPage();
  await page.getByLabel('Find groups').check();
  await page.getByLabel('K-means clustering').check();
  await page.getByLabel(/^Clusters/).fill('3');
  await browsing.button('Start training').click();
  await page.waitForURL(/\/runs\/0x/);
  await browsing.state('run', 'settled').waitFor({ timeout: 2 * minute });
  const results = page.getByRole('region', { name: 'Results' });
  for (const score of ['Silhouette', 'Inertia per row']) await results.getByText(score, { exact: true }).waitFor();
  // There is no target: nothing of a confusion, of curves, or of a column that the model looks at.
  expect(await page.getByRole('region', { name: 'Confusion matrix' }).count()).toBe(0);
  await page.getByTestId('leaderboard-standing').filter({ hasText: 'Does not count' }).waitFor();
  await browsing.shots('run-clustering');

  await openTrainPage();
  await page.getByLabel('Condense columns').check();
  await page.getByLabel('Principal components').check();
  await browsing.button('Start training').click();
  await page.waitForURL(/\/runs\/0x/);
  await browsing.state('run', 'settled').waitFor({ timeout: 2 * minute });
  await results.getByText('Explained variance', { exact: true }).waitFor();
  await results.getByText('Variance kept, per cent by component').waitFor();
  await browsing.shots('run-reduction');
  expect(browsing.takeErrors()).toEqual([]);
}, 4 * minute);

test('a publisher chooses what may be trained', async () => {
  await page.goto(`${browsing.stack.node.url}/publish`);
  await browsing.connect('publisher');
  const csv = `city,people\n${Array.from({ length: 30 }, (_, index) => `town ${index},${index * 1000}`).join('\n')}\n`;
  await page.getByLabel('CSV with a header').setInputFiles({ name: 'towns.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await page.getByRole('textbox', { name: 'Description' }).fill('Thirty towns and how many live there.');
  // Runs are offered only where validators may read, which nobody is taken to want.
  expect([await page.getByLabel('Validators may read the rows').isChecked(), await page.getByLabel('Training run, NCR').isDisabled()]).toEqual([false, true]);
  await page.getByLabel('Validators may read the rows').check();
  await page.getByText('What may be trained').click();
  expect(await page.getByLabel(/^Nearest neighbours/).isChecked()).toBe(false);
  await page.getByLabel(/^Nearest neighbours/).check();
  await page.getByLabel('Random forest').uncheck();
  await page.getByLabel('Smallest leaf of a tree').fill('50');
  await browsing.shots('publish-admits');
  await browsing.button('Seal and publish').click();
  await page.waitForURL(/\/datasets\/\d+$/, { timeout: minute });
  // Terms come when they are scrolled to.
  await openWhole(page, page.url());
  await page.getByText('Leaves of trees hold 50 rows or more.').waitFor();
  const client = await browsing.stack.client('publisher');
  const { listings } = await client.api.getAsset({ assetId: Number(page.url().split('/').at(-1)) });
  const compute = listings.find(({ kind }) => kind === 'compute');
  const { algorithms, smallestLeaf } = await readTerms({ client, listingId: compute!.listingId });
  expect(smallestLeaf).toBe(50);
  expect(algorithms).toContain('k-nearest-neighbours');
  expect(algorithms).not.toContain('random-forest');
  expect(browsing.takeErrors()).toEqual([]);
}, 3 * minute);
