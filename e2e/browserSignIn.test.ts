import type { Config } from '@neurodata/protocol';
import { createPublicClient, custom } from 'viem';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveApi } from '../apps/node/src/api/testing.ts';
import type { ServedApi } from '../apps/node/src/api/testing.ts';
import { ensureWebBuilt } from '../apps/web/build.ts';
import { launchChrome } from './browse.ts';

/** Accounts need no chain: the real API, database and site, in a real browser. */

let served: ServedApi;
let browser: Browser;
let page: Page;
const errors: string[] = [];
const publicClient = createPublicClient({ transport: custom({ request: () => Promise.reject(new Error('no chain here')) }) });
const config: Config = {
  version: '0.1.0', deployment: { chainId: 31_337, block: 0, addresses: {} as Config['deployment']['addresses'] }, rpcUrl: '/rpc', demo: true, engineId: `0x${'00'.repeat(32)}`, feeBps: 25, roundFee: 1n, listingBond: 1n,
  windows: { grant: 1, confirm: 1, dispute: 1, jobOpen: 1, jobRun: 1 },
};

beforeAll(async () => {
  const webFolder = await ensureWebBuilt();
  served = await serveApi({ chain: { url: 'http://127.0.0.1:1', publicClient, config }, users: { siteUrl: () => site() }, extra: { webFolder, demo: { accounts: [], fund: () => Promise.reject(new Error('not here')) } } });
  browser = await launchChrome();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => errors.push(error.message));
  // What the policy (CSP) stops is told here and nowhere else.
  page.on('console', (message) => { if (message.text().includes('Content Security Policy')) errors.push(message.text()); });
}, 120_000);
afterAll(async () => {
  await browser.close();
  await served.close();
});

/** Passkeys belong to names, not to addresses of numbers. */
const site = (): string => (served as ServedApi | undefined)?.api.url.replace('127.0.0.1', 'localhost') ?? 'http://localhost';

/** Pictures in both themes, narrow and wide. */
const shots = async (name: string): Promise<void> => {
  const folder = process.env['NEURODATA_SCREENSHOTS'];
  if (!folder) return;
  for (const [colorScheme, width] of [['light', 1280], ['dark', 1280], ['light', 360], ['dark', 360]] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 900 });
};

const shot = async (name: string): Promise<void> => {
  const folder = process.env['NEURODATA_SCREENSHOTS'];
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
};

test('register, confirm by the mailbox, come back, sign out', { timeout: 90_000 }, async () => {
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await page.goto(`${site()}/sign-in`);
  await page.getByLabel('E-mail address').waitFor();
  await shot('sign-in');
  await button('Make an account').first().click();
  await page.getByLabel('E-mail address').fill('ada@example.org');
  await page.getByLabel('New password').fill('correct horse battery');
  await button('Make an account').click();
  await page.getByRole('link', { name: 'mailbox page' }).click();
  await shot('mailbox');
  await page.getByRole('link', { name: /#verify=/ }).click();
  await page.getByLabel('Password').fill('correct horse battery');
  await button('Confirm and sign in').click();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  await page.getByRole('table').getByText('this one').waitFor();
  await shot('user');
  // What a script of the page can read holds no credential that outlives it.
  expect(await page.evaluate(() => [document.cookie, JSON.stringify(localStorage)])).toEqual(['', expect.not.stringMatching(/ey[\w-]+\.|[\w-]{43}/)]);
  await page.reload();
  await page.getByText('account made').waitFor();
  // The browser's own WebAuthn, with an authenticator that it plays.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true } });
  await page.getByLabel('Name of the passkey').fill('my laptop');
  await button('Add a passkey').click();
  await button('Rename my laptop').click();
  await page.getByLabel('New name of the passkey').fill('my desk');
  await button('Rename').click();
  await button('Remove my desk').waitFor();
  await button('Sign out').click();
  await button('Sign in with a passkey').click();
  await page.getByRole('table', { name: 'Sessions' }).or(page.getByRole('region', { name: 'Sessions' })).getByText('passkey').first().waitFor();
  // Without finger or PIN it signs in nobody.
  await button('Sign out').click();
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await button('Sign in with a passkey').click();
  await page.getByRole('alert').waitFor();
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await button('Sign in with a passkey').click();
  // The authenticator's picture, what came of all that, and a webhook that must not be.
  await page.getByRole('region', { name: 'Authenticator' }).getByRole('button', { name: 'Set up' }).click();
  await page.getByRole('img', { name: 'The secret for your authenticator app' }).waitFor();
  await page.getByRole('link', { name: 'A passkey was added' }).waitFor();
  await served.notifications.tell({ kind: 'admin.notice', eventId: 'live', title: 'Something new, live', text: 'It came by itself.', link: '/', at: 1_900_000_000, userIds: [(await served.db.pool.query<{ user_id: string }>('SELECT user_id FROM users')).rows[0]!.user_id] });
  await page.getByRole('link', { name: 'Something new, live' }).waitFor();
  await page.getByLabel('Address of the webhook').fill('https://169.254.169.254/latest');
  await button('Add a webhook').click();
  await page.getByText('This is not an address on the public network.').waitFor();
  await shots('account');
  await button('Remove my desk').click();
  await page.getByText('Sign in with your device').waitFor();
  await button('Sign out').click();
  await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
  await page.getByLabel('E-mail address').fill('ada@example.org');
  await page.getByLabel('Password').fill('not the one I chose');
  await button('Sign in').click();
  await page.getByText('Address or password are wrong.').waitFor();
  await page.goto(`${site()}/api/docs/`);
  await page.getByText('NeuroData node').first().waitFor();
  expect(errors).toEqual([]);
});
