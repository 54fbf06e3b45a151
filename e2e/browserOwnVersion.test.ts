import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { assetRegistryAbi } from '@neurodata/protocol';
import { poll } from '@neurodata/sdk';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Browsing, startBrowsing } from './browse.ts';
import { type TestWallet, injectWallet } from './injectWallet.ts';

/** New versions by a wallet that the user brought: each of its signatures is needed and told before, and a refused one loses nothing. */

const minute = 60_000;
const bin = path.join(import.meta.dirname, '../apps/cli/bin/neurodata.mjs');
const account = privateKeyToAccount(generatePrivateKey());
const rows = `x,side\n${Array.from({ length: 60 }, (_, index) => `${(index * 37) % 101},${['north', 'south'][index % 2]}`).join('\n')}\n`;
let browsing: Browsing;
let wallet: TestWallet;
let folder = '';
let assetId = 0;

beforeAll(async () => {
  folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'neurodata-own-version-')), 'birds');
  await mkdir(folder, { recursive: true });
  for (const [name, text] of [['README.md', '# Birds\n'], ['rows.csv', rows]] as const) await writeFile(path.join(folder, name), text);
  browsing = await startBrowsing();
  const { stack, page } = browsing;
  const words = ['datasets', 'publish', folder, '--main', 'rows.csv', '--title', 'birds', '--description', 'Birds of a test.', '--license', 'CC-BY-4.0', '--as', 'publisher', '--json', '--yes'];
  const { stdout } = await promisify(execFile)(process.execPath, [bin, ...words], { cwd: stack.home, env: { ...process.env, NEURODATA_HOME: stack.home, NEURODATA_URL: stack.node.url } });
  ({ assetId } = JSON.parse(stdout) as { assetId: number });
  // It becomes the wallet's own.
  const client = await stack.client('publisher');
  await client.api.requestFunds({ address: account.address });
  await client.send({ address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'transferFrom', args: [client.account!.address, account.address, BigInt(assetId)], sentence: 'Hand it over' });
  await poll({ what: 'the new owner', remedy: 'Look at the index.', timeoutMs: minute, intervalMs: 300, ask: async () => ((await client.api.getAsset({ assetId })).owner.toLowerCase() === account.address.toLowerCase() ? true : undefined) });
  wallet = await injectWallet({ page, account, chainId: 31_337, name: 'Test wallet' });
  wallet.known.set(31_337, `${stack.node.url}/rpc`);
}, 6 * minute);

afterAll(async () => {
  await browsing?.stop();
  await rm(path.dirname(folder), { recursive: true, force: true });
});

/** What the wallet was asked for since, typed data by its type. */
const asked = (): string[] => wallet.asked.splice(0).map(({ method, params }) => (method === 'eth_signTypedData_v4' ? (JSON.parse(String(params[1])) as { primaryType: string }).primaryType : method));
const refused = () => browsing.page.getByRole('alert').getByText('You refused this in your wallet.');

test('a folder is compared after it was said why, with no more signatures than open its list; what was refused is gone on with', async () => {
  const { stack, page, button, shots, takeErrors } = browsing;
  await writeFile(path.join(folder, 'notes.csv'), 'note,day\nrain,1\nsun,2\n');
  await page.goto(`${stack.node.url}/datasets/${assetId}/new-version`);
  await button('Choose a wallet').first().click();
  await page.getByRole('dialog').getByRole('button', { name: /^Test wallet/ }).click();
  await button('Wallet: Test wallet').waitFor();
  expect(asked()).toEqual(['eth_requestAccounts']);
  await page.getByText('It becomes version 2.').waitFor();
  await page.getByRole('textbox', { name: 'Description' }).fill('Birds of a test, with notes.');
  await page.getByLabel('Folder: tables').setInputFiles(folder);
  const { threshold, committee } = (await (await stack.client('publisher')).api.getAsset({ assetId })).versions[0]!;
  expect(threshold).toBeLessThan(committee.length);
  await page.getByText(`Your wallet signs ${threshold} requests, one after the other`).waitFor({ timeout: minute });
  const told = page.getByRole('region', { name: 'What your wallet asks for' });
  await told.getByText(`${threshold} signatures for the list of the version before`).waitFor();
  expect(asked()).toEqual([]);
  await shots('own-version');

  wallet.refuses = true;
  await button('Compare with the version before').click();
  await refused().waitFor();
  expect(asked()).toEqual(['ShareRequest']);
  wallet.refuses = false;
  await button('Try again').click();
  await page.getByText('1 new, 2 as in version 1').waitFor({ timeout: minute });
  expect(asked()).toEqual(Array.from({ length: threshold }, () => 'ShareRequest'));
  // What was opened is not asked for again.
  expect(await told.getByRole('listitem').count()).toBe(2);
  expect(takeErrors()).toEqual([]);
}, 3 * minute);

test('a refused fee, then a refused transaction: all that was typed and chosen is there, and the third try publishes', async () => {
  const { stack, page, button, shots, takeErrors } = browsing;
  const kept = async (): Promise<unknown> => [await page.getByRole('textbox', { name: 'Description' }).inputValue(), await page.getByText('1 new, 2 as in version 1').count()];
  for (const [refuses, sequence] of [['eth_signTypedData_v4', ['Permit']], ['eth_sendTransaction', ['Permit', 'eth_sendTransaction']]] as const) {
    wallet.refuses = refuses;
    await button('Seal and publish').click();
    await refused().waitFor({ timeout: minute });
    expect(asked()).toEqual(sequence);
    expect(await kept()).toEqual(['Birds of a test, with notes.', 1]);
  }
  await shots('own-version-refused');
  wallet.refuses = false;
  await button('Seal and publish').click();
  await page.waitForURL(/\/datasets\/\d+\?tab=versions$/, { timeout: minute });
  expect(asked()).toEqual(['Permit', 'eth_sendTransaction']);
  const { versions } = await (await stack.client('publisher')).api.getAsset({ assetId });
  expect(versions.map(({ version }) => version).toSorted()).toEqual([1, 2]);
  expect(takeErrors()).toEqual([]);
}, 4 * minute);

test('who does not compare is asked while publishing, after it was said; refusing that stops there', async () => {
  const { stack, page, button, takeErrors } = browsing;
  await page.goto(`${stack.node.url}/datasets/${assetId}/new-version`);
  await page.getByText('It becomes version 3.').waitFor();
  await writeFile(path.join(folder, 'notes.csv'), 'note,day\nrain,1\nsun,2\nsnow,3\n');
  await page.getByLabel('Folder: tables').setInputFiles(folder);
  const { threshold } = (await (await stack.client('publisher')).api.getAsset({ assetId })).versions.find(({ version }) => version === 2)!;
  await page.getByText(`${threshold} signatures for the list of the version before`).waitFor({ timeout: minute });
  wallet.refuses = true;
  await button('Seal and publish').click();
  await refused().waitFor({ timeout: minute });
  expect(asked()).toEqual(['ShareRequest']);
  wallet.refuses = false;
  await button('Seal and publish').click();
  await page.waitForURL(/\/datasets\/\d+\?tab=versions$/, { timeout: minute });
  expect(asked()).toEqual([...Array.from({ length: threshold }, () => 'ShareRequest'), 'Permit', 'eth_sendTransaction']);
  expect(takeErrors()).toEqual([]);
}, 4 * minute);
