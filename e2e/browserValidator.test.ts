import { ownerProofId, parseNcr, validatorsAbi } from '@neurodata/protocol';
import { poll, publishAsset, readValidatorStatus, requestShares, sendCoins, stakeCoins, waitForVersion } from '@neurodata/sdk';
import type { ValidatorRound } from '@neurodata/sdk';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultWindows } from '../apps/node/src/config.ts';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';
import { describeCsv, penguinsCsv, streamOf } from './csv.ts';

/** A validator that never comes: what its page and the terminal say of it, and of one that did its duty. */

const minute = 60_000;
const run = promisify(execFile);
let browsing: Browsing;
/** Its key is held by validators 1, 2 and the idle fourth; two are needed. */
let held: number;

beforeAll(async () => {
  browsing = await startBrowsing({ settings: { windows: { ...defaultWindows, commit: 45, reveal: 30 } } });
}, 4 * minute);

afterAll(() => browsing?.stop());

const said = async (...words: string[]): Promise<string> => {
  const bin = path.join(import.meta.dirname, '../apps/cli/bin/neurodata.mjs');
  const { node, home } = browsing.stack;
  const { stdout } = await run(process.execPath, [bin, ...words], { env: { ...process.env, NEURODATA_URL: node.url, NEURODATA_HOME: path.join(home, 'cli') } });
  return stdout;
};

/** Registers a fourth validator that does nothing, with most of the stake. */
async function registerIdle(): Promise<void> {
  const carol = await browsing.stack.client('carol');
  for (const name of ['alice', 'bob', 'curator']) await sendCoins({ client: await browsing.stack.client(name), to: carol.account!.address, amount: parseNcr('9900') });
  await stakeCoins({ client: carol, amount: parseNcr('39000') });
  await carol.send({ address: carol.config.deployment.addresses.validators, abi: validatorsAbi, functionName: 'register', args: [`0x${'42'.repeat(32)}`, 'http://127.0.0.1:9'], sentence: 'Register' });
}

/** The table with a column that looks like data about people. */
function withContacts(csv: Uint8Array): Uint8Array<ArrayBuffer> {
  const [head, ...rows] = new TextDecoder().decode(csv).trimEnd().split('\n');
  return new TextEncoder().encode([`${head},contact`, ...rows.map((row, index) => `${row},keeper${index}@example.org`)].join('\n') + '\n');
}

/** Publishes until the fourth is drawn. */
async function publishForIdle(): Promise<{ assetId: number; round: ValidatorRound }> {
  const client = await browsing.stack.client('publisher');
  const csv = withContacts(penguinsCsv());
  for (let attempt = 1; attempt < 10; attempt += 1) {
    const description = { title: `Penguins ${attempt}`, description: 'Sizes of penguins.', license: 'CC0-1.0', tags: ['biology'] };
    const { assetId } = await publishAsset({ client, kind: 'dataset', content: () => streamOf(csv), fileName: 'penguins.csv', mediaType: 'text/csv', validatorsMayRead: true, committee: [1, 2, 4], threshold: 2, ...describeCsv(csv), description });
    const drawn = await poll({ what: 'the draw', remedy: 'Look at the validators.', timeoutMs: minute, intervalMs: 300, ask: async () => {
      const all = await Promise.all([1, 2, 3, 4].map((who) => readValidatorStatus({ client, who })));
      return all.some(({ rounds }) => rounds.length >= attempt) ? all : undefined;
    } });
    const round = drawn[3]?.rounds[0];
    if (round) return { assetId, round };
  }
  throw new Error('the fourth was never drawn');
}

test('a duty with its deadline, then silence and what it cost; and why the others were paid', async () => {
  const { stack, page, shots, takeErrors } = browsing;
  const client = await stack.client('publisher');
  await registerIdle();
  await page.goto(`${stack.node.url}/validators`);
  await page.getByRole('link', { name: 'Status of validator 4' }).click();
  await page.getByText('No rounds yet').waitFor();
  await page.getByText('No round is open').waitFor();

  const { assetId, round } = await publishForIdle();
  held = assetId;
  expect(round).toMatchObject({ outcome: 'to-commit', risk: parseNcr('10') });
  await page.reload();
  await page.locator('[data-testid=round-outcome][data-state=to-commit]').waitFor();
  await page.getByText('next: commit, deadline').waitFor();
  expect(await said('validator', 'status', '4')).toMatch(/Next +commit in round .* \(in \d+ seconds?\)/);
  await shots('validator-duty');

  // Once the others have committed, the rest of the time may pass at once.
  await poll({ what: 'the commitments of the others', remedy: 'Look at the validators.', timeoutMs: minute, intervalMs: 200, ask: async () => {
    const { versions } = await client.api.getAsset({ assetId });
    return versions[0]?.round?.committee.every(({ validatorId, committed }) => committed || validatorId === 4) ? true : undefined;
  } });
  await stack.node.chain.mine({ secondsLater: 46 });
  await waitForVersion({ client, assetId, version: 1, status: 'live', timeoutMs: 3 * minute });
  await page.reload();
  await page.locator('[data-testid=round-outcome][data-state=never-committed]').waitFor();
  await page.getByText('Not paid: it was drawn and did not commit in time. It lost 10 NCR of its stake').waitFor();
  await page.getByText('(0 of 1 round)').first().waitFor();
  await shots('validator-silent');
  const { committee } = await client.publicClient.readContract({ address: client.config.deployment.addresses.validators, abi: validatorsAbi, functionName: 'round', args: [round.roundId] });
  const other = committee.find((id) => id !== 4)!;
  await page.goto(`${stack.node.url}/validators/${other}`);
  await page.getByText('Paid 0.3 NCR: it accepted, as the quorum did (accepted by 2 of 3, rejected by 0, 1 silent). The fee of 0.6 NCR was shared by the 2 that were right.').waitFor();
  await shots('validator-paid');

  const text = await said('validator', 'status', '4', '--rounds', '5');
  expect(text.replace(/\s+/g, ' ')).toContain('It lost 10 NCR of its stake; that went into the pool that rewards all stake.');
  const value = JSON.parse(await said('validator', 'status', 'carol', '--json')) as { validatorId: number; participation: unknown; rounds: unknown[] };
  expect(value).toMatchObject({ validatorId: 4, participation: { all: { drawn: 1, attended: 0, missed: 1 } }, rounds: [{ outcome: 'never-committed' }] });
  await expect(said('validator', 'status', '9')).rejects.toMatchObject({ stderr: expect.stringContaining('There is no validator 9.') });
  expect(takeErrors()).toEqual([]);
}, 6 * minute);

test('who holds a key and whether it can be released; who asked for it, and what validators noticed, for its owner alone', async () => {
  const { stack, page, button, shots, connect, takeErrors } = browsing;
  const carol = await stack.client('carol');
  await expect(requestShares({ client: carol, assetId: held, version: 1, proofId: ownerProofId(held, 1), timeoutMs: 500 })).rejects.toMatchObject({ code: 'TOO_FEW_VALIDATORS' });
  await page.goto(`${stack.node.url}/datasets/${held}?tab=keys`);
  await page.getByText('is told to the owner alone').waitFor();
  await button('Ask the holders').click();
  await page.locator('[data-testid=drill][data-state=enough]').waitFor();
  for (const [id, state] of [[1, 'valid'], [2, 'valid'], [4, 'silent']] as const) await page.locator(`[data-testid=holder-${id}][data-state=${state}]`).waitFor();
  await page.getByText('2 of 3 holders proved their parts; 2 are needed.').waitFor();
  await shots('asset-keys-drill');
  await connect('publisher');
  await button('Ask for the log').click();
  await page.locator('[data-testid=access][data-state=refused]').first().waitFor();
  await page.getByText('Validator 4 did not answer').first().waitFor();
  await button('Ask the validators').click();
  await page.locator('[data-testid=notice]').filter({ hasText: 'contact' }).filter({ hasText: 'e-mail address' }).waitFor();
  expect(await page.getByText(/keeper\d+@/).count()).toBe(0);
  await page.getByRole('region', { name: 'Key drill' }).scrollIntoViewIfNeeded();
  await shots('asset-keys-owner');
  // What the fourth does not answer, the browser notes.
  expect(takeErrors().filter((text) => !/status of 50[34]/.test(text))).toEqual([]);

  // Two holders gone are one too many.
  await stack.node.validators[0]!.stop();
  await button('Ask again').first().click();
  await page.locator('[data-testid=drill][data-state=too-few]').waitFor();
  await page.locator('[data-testid=holder-1][data-state=silent]').waitFor();
  await shots('asset-keys-too-few');
  takeErrors();
}, 4 * minute);

test('no such validator, and a chain that does not answer', async () => {
  const { stack, page, shots, takeErrors } = browsing;
  await page.goto(`${stack.node.url}/validators/99`);
  await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
  takeErrors();
  await page.route('**/rpc', (route) => route.abort());
  await page.goto(`${stack.node.url}/validators/1`);
  await page.getByRole('status', { name: 'Loading' }).waitFor();
  await page.getByRole('alert').waitFor();
  await page.getByText('Stake and rewards are in the contracts').waitFor();
  await shots('validator-unreachable');
  await page.unroute('**/rpc');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { level: 1, name: 'Validator 1' }).waitFor();
}, 3 * minute);
