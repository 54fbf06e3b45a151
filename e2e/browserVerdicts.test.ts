import { train } from '@neurodata/engine';
import type { TrainResult } from '@neurodata/engine';
import { sha256Hex } from '@neurodata/protocol';
import { checkpointRootOf, startRun, watchJob } from '@neurodata/sdk';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultWindows } from '../apps/node/src/config.ts';
import { checkRound } from '../apps/node/src/validator/checkRound.ts';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';
import { injectWallet } from './injectWallet.ts';
import { penguinTraining, publishPenguins } from './tell.ts';

/** What a person can do in the browser about a run: take it back, and challenge what a lying quorum accepted. */

const minute = 60_000;
const fork = 3;
let browsing: Browsing;
let penguins: Awaited<ReturnType<typeof publishPenguins>>;
/** `caught`: the worker forges, and validators look. */
let workers: 'forge' | 'caught' | 'linger' = 'forge';

/** From step `fork` on every state has its last weight changed by one bit. */
function forge(honest: TrainResult): TrainResult {
  const checkpoints = honest.checkpoints.map((checkpoint, index) => {
    if (index < fork) return checkpoint;
    const state = checkpoint.state!.slice();
    state[state.length - 8]! ^= 1;
    return { ...checkpoint, state, digest: sha256Hex(state) };
  });
  return { ...honest, checkpoints, checkpointRoot: checkpointRootOf(checkpoints.map(({ digest }) => digest))! };
}

beforeAll(async () => {
  browsing = await startBrowsing({
    settings: { validators: 6, workers: 1, challenges: false, windows: { ...defaultWindows, jobChallenge: 150 } },
    start: {
      train: async (parameters) => {
        const { stop, onProgress } = parameters;
        if (workers !== 'linger') return forge(await train(parameters));
        // Stands still after step 4 until the buyer cancels, as a long run would be met.
        for (let step = 0; step <= 4; step += 1) onProgress?.({ step, maxSteps: Number(penguinTraining.parameters['max_iter']), loss: 1, trainRows: 1 });
        await new Promise<void>((resolve) => { stop?.addEventListener('abort', () => resolve()); });
        return train({ csv: parameters.csv, spec: parameters.spec, lastStep: 4 });
      },
      // Each says yes to any run; asked about a single step, each looks.
      check: () => async (round) => (round.kind === 'run' && workers === 'forge' ? { verdict: 'accept', evidence: `0x${'11'.repeat(32)}`, reason: 'bribed' } : checkRound(round)),
    },
  });
  penguins = await publishPenguins(await browsing.stack.client('publisher'), () => undefined);
}, 3 * minute);

afterAll(() => browsing?.stop());

test('the holder of the rows runs an accepted run again in the browser, sees another result, and overturns it', async () => {
  const { stack, page, button, state, shots, connect, takeErrors } = browsing;
  const [alice, bob] = await Promise.all([stack.client('alice'), stack.client('bob')]);
  await page.goto(`${stack.node.url}/datasets/${penguins.assetId}`);
  await connect('alice');
  await button('Buy').click();
  await button('Sign and buy').click();
  await page.waitForURL(/\/orders\/0x/);
  await state('order', 'granted').waitFor();

  const { jobId } = await startRun({ client: bob, listingId: penguins.compute, version: 1, train: penguinTraining });
  await page.goto(`${stack.node.url}/runs/${jobId}`);
  await state('run', 'accepted').waitFor({ timeout: minute });
  await shots('run-accepted');
  await button('Challenge').click();
  await button('Run it again').click();
  const ground = page.getByTestId('challenge-ground');
  await ground.waitFor();
  expect(await ground.getAttribute('data-ground')).toBe('wrong');
  expect(await ground.textContent()).toContain(`the first differing checkpoint is ${fork}`);
  await page.getByText('20 NCR').first().waitFor();
  await shots('run-challenge');
  await button('Sign and challenge').click();
  await state('run', 'slashed').waitFor({ timeout: 2 * minute });
  await page.getByText('Referees found against the verdict').waitFor();
  await shots('run-overturned');
  const job = await alice.api.getJob({ jobId });
  expect(job.challenges).toMatchObject([{ challenger: alice.account!.address, kind: 'step', outcome: 'overturned', low: fork, high: fork + 1 }]);
  expect(takeErrors()).toEqual([]);
}, 5 * minute);

test('a run that a worker has begun is cancelled in the browser: its steps are paid, and can be verified as far as they go', async () => {
  const { stack, page, button, state, shots, connect, takeErrors } = browsing;
  workers = 'linger';
  const bob = await stack.client('bob');
  const before = (await bob.api.getAccount({ address: bob.account!.address })).balance;
  await connect('bob');
  const { jobId } = await startRun({ client: bob, listingId: penguins.compute, version: 1, train: penguinTraining });
  await page.goto(`${stack.node.url}/runs/${jobId}`);
  await page.getByText('Training, step 4').waitFor({ timeout: minute });
  await button('Cancel the run').click();
  await page.getByText(`4 of at most ${Number(penguinTraining.parameters['max_iter'])} steps`).waitFor();
  await shots('run-cancel');
  await button('Cancel the run now').click();
  await state('run', 'accepted').waitFor({ timeout: minute });
  await connect('alice');
  await button('Verify in your browser').click();
  await page.getByTestId('verify-result').filter({ hasText: 'bit for bit' }).waitFor();
  await stack.node.chain.mine({ secondsLater: 151 });
  const job = await watchJob({ client: bob, jobId, timeoutMs: minute });
  expect(job.state).toBe('settled');
  const steps = BigInt(Number(penguinTraining.parameters['max_iter']));
  const paid = (amount: bigint): bigint => (amount * 4n) / steps;
  expect(before - (await bob.api.getAccount({ address: bob.account!.address })).balance).toBe(paid(job.price) + paid(job.workerFee) + job.validationFee);
  await page.getByText(`4 of ${steps} steps are paid out`).waitFor();
  await shots('run-cancelled');
  expect(takeErrors()).toEqual([]);
}, 5 * minute);

test('the worker of a rejected run, and nobody else, appeals in the browser: cost and deadline first, then fresh validators', async () => {
  const { stack, page, button, state, shots, connect, takeErrors } = browsing;
  workers = 'caught';
  const bob = await stack.client('bob');
  const worker = privateKeyToAccount(stack.node.cast.workers[0]!.privateKey);
  const wallet = await injectWallet({ page, account: worker, chainId: 31_337, name: 'Worker’s wallet' });
  wallet.known.set(31_337, `${stack.node.url}/rpc`);
  const { jobId } = await startRun({ client: bob, listingId: penguins.compute, version: 1, train: penguinTraining });
  await page.goto(`${stack.node.url}/runs/${jobId}`);
  await connect('bob');
  await state('run', 'rejected').waitFor({ timeout: minute });
  await page.getByRole('region', { name: 'Receipt' }).waitFor();
  expect(await button('Appeal').count()).toBe(0);
  await connect('Worker’s wallet');
  await button('Appeal').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('You put up a bond of').waitFor();
  expect(await dialog.innerText()).toMatch(/bond of 20 NCR[\s\S]*The time to appeal ends in \d+ (minutes?|seconds)/);
  await shots('run-appeal');
  wallet.refuses = 'eth_sendTransaction';
  await button('Sign and appeal').click();
  await dialog.getByRole('alert').getByText('You refused this in your wallet.').waitFor();
  wallet.refuses = false;
  await button('Sign and appeal').click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Appeal of the worker').first().waitFor();
  // They look too, and the receipt is forged.
  await page.getByText('The verdict stands', { exact: true }).waitFor({ timeout: minute });
  expect(await button('Appeal').count()).toBe(0);
  const job = await bob.api.getJob({ jobId });
  expect(job.challenges).toMatchObject([{ challenger: worker.address, kind: 'appeal', outcome: 'kept' }]);
  expect(takeErrors()).toEqual([]);
}, 4 * minute);
