import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { neuroCoinAbi, parseCanary, stakingAbi } from '@neurodata/protocol';
import { createClient, readReceipt, stakeCoins, startRun, watchJob, withdrawCredits } from '@neurodata/sdk';
import { parseUnits } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { expect, test } from 'vitest';
import { defaultWindows } from '../apps/node/src/config.ts';
import { checkRound } from '../apps/node/src/validator/checkRound.ts';
import { startStack } from './stack.ts';
import { penguinTraining, publishPenguins } from './tell.ts';

const windows = { ...defaultWindows, jobChallenge: 20 };
const ncr = (text: string) => parseUnits(text, 18);

test('validators that look notice a canary: the buyer is paid back and more, and its worker keeps its bond but for the penalty', async () => {
  const stack = await startStack({ settings: { workers: 1, canaries: 1, windows } });
  try {
    const [publisher, bob] = await Promise.all([stack.client('publisher'), stack.client('bob')]);
    const { addresses } = bob.config.deployment;
    const balance = () => bob.publicClient.readContract({ address: addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'balanceOf', args: [bob.account!.address] });
    const stakes = () => Promise.all([...stack.node.cast.workers, ...stack.node.cast.validators].map(({ address }) => bob.publicClient.readContract({ address: addresses.staking, abi: stakingAbi, functionName: 'stakeOf', args: [address] })));
    const penguins = await publishPenguins(publisher, () => undefined);
    const [moneyBefore, stakesBefore] = [await balance(), await stakes()];
    const { jobId } = await startRun({ client: bob, listingId: penguins.compute, version: 1, train: penguinTraining });
    const job = await watchJob({ client: bob, jobId, timeoutMs: 60_000 });
    expect(job).toMatchObject({ state: 'refunded', challenges: [], round: { verdict: 'reject' } });
    await withdrawCredits({ client: bob, from: 'training' });
    const gained = (await balance()) - moneyBefore;
    expect(gained).toBeGreaterThan(0n);
    const lost = (await stakes()).map((stake, index) => stakesBefore[index]! - stake);
    expect(lost[0]).toBeGreaterThan(gained);
    expect(lost[0]).toBeLessThan(job.bond ?? 0n);
    expect(lost.slice(1)).toEqual([0n, 0n, 0n]);

    const kept = parseCanary(await readFile(path.join(stack.home, 'canaries', `${jobId}.json`), 'utf8'));
    const { receipt } = await readReceipt({ client: bob, jobId });
    const wrong = receipt.body.checkpointDigests.map((digest, index) => digest !== kept.digests[index]);
    expect(wrong[0]).toBe(false);
    expect(wrong.slice(wrong.indexOf(true))).not.toContain(false);
    expect(wrong.indexOf(true)).toBeGreaterThan(0);
  } finally {
    await stack.stop();
  }
}, 180_000);

test('validators that do not look accept a canary: they pay its worker, and the buyer is made whole', async () => {
  const stack = await startStack({
    // An honest member would challenge the receipt as a forgery before its worker owns up, or after: here nobody does.
    settings: { validators: 6, workers: 1, challenges: false, canaries: 1, windows },
    // The first two say yes to any run, whatever its receipt; the others see the same in the first round, and challenge nothing.
    start: { check: (index) => index > 1 ? undefined : async (round) => (round.kind === 'run' ? { verdict: 'accept', evidence: `0x${'11'.repeat(32)}`, reason: 'did not look' } : checkRound(round)) },
  });
  try {
    const [publisher, bob] = await Promise.all([stack.client('publisher'), stack.client('bob')]);
    const { deployer, validators, workers } = stack.node.cast;
    const { addresses } = bob.config.deployment;
    const coin = { address: addresses.neuroCoin, abi: neuroCoinAbi } as const;
    const as = (privateKey: `0x${string}`) => createClient({ url: stack.node.url, account: privateKeyToAccount(privateKey) });
    // With nearly all the stake, the two are drawn into the first committee.
    const treasury = await as(deployer.privateKey);
    for (const { address, privateKey } of validators.slice(0, 2)) {
      await treasury.send({ ...coin, functionName: 'transfer', args: [address, ncr('5000000')], sentence: 'Fund' });
      await stakeCoins({ client: await as(privateKey), amount: ncr('5000000') });
    }
    const balance = () => bob.publicClient.readContract({ ...coin, functionName: 'balanceOf', args: [bob.account!.address] });
    const everybody = [...validators, ...workers];
    const stakes = () => Promise.all(everybody.map(({ address }) => bob.publicClient.readContract({ address: addresses.staking, abi: stakingAbi, functionName: 'stakeOf', args: [address] })));
    const penguins = await publishPenguins(publisher, () => undefined);
    const [moneyBefore, stakesBefore] = [await balance(), await stakes()];

    const { jobId } = await startRun({ client: bob, listingId: penguins.compute, version: 1, train: penguinTraining });
    const job = await watchJob({ client: bob, jobId, timeoutMs: 180_000 });

    expect(job.round?.verdict).toBe('accept');
    expect(job.challenges).toMatchObject([{ kind: 'canary', stage: 'over', outcome: 'canary', challenger: workers[0]?.address }]);
    expect(job.state).toBe('refunded');
    expect(await balance()).toBe(moneyBefore);
    const lost = (await stakes()).map((stake, index) => stakesBefore[index]! - stake);
    expect(lost).toEqual([ncr('1000'), ncr('1000'), 0n, 0n, 0n, 0n, 0n]);
    const { paid } = await withdrawCredits({ client: await as(workers[0]!.privateKey), from: 'training' });
    expect(paid).toBeGreaterThan(ncr('500'));
  } finally {
    await stack.stop();
  }
}, 400_000);
