import { neuroCoinAbi, stakingAbi, trainingAbi } from '@neurodata/protocol';
import { createClient, stakeCoins, startRun, watchJob, withdrawCredits } from '@neurodata/sdk';
import { parseUnits } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { expect, test } from 'vitest';
import { defaultWindows } from '../apps/node/src/config.ts';
import { checkRound } from '../apps/node/src/validator/checkRound.ts';
import { startStack } from './stack.ts';
import { penguinTraining, publishPenguins } from './tell.ts';

test('a colluding quorum rejects a right receipt: its worker runs the job again and appeals, and fresh validators clear it', async () => {
  const stack = await startStack({
    settings: { validators: 6, workers: 1, windows: { ...defaultWindows, jobChallenge: 20 } },
    // The first two say no to any run, whatever its receipt.
    start: { check: (index) => index > 1 ? undefined : async (round) => (round.kind === 'run' ? { verdict: 'reject', evidence: `0x${'11'.repeat(32)}`, reason: 'bribed' } : checkRound(round)) },
  });
  try {
    const [publisher, bob] = await Promise.all([stack.client('publisher'), stack.client('bob')]);
    const { deployer, validators, workers } = stack.node.cast;
    const { addresses } = bob.config.deployment;
    const coin = { address: addresses.neuroCoin, abi: neuroCoinAbi } as const;
    const as = (privateKey: `0x${string}`) => createClient({ url: stack.node.url, account: privateKeyToAccount(privateKey) });
    // With nearly all the stake, the two are drawn into the first committee.
    const treasury = await as(deployer.privateKey);
    const colluders = validators.slice(0, 2);
    const most = parseUnits('5000000', 18);
    for (const { address, privateKey } of colluders) {
      await treasury.send({ ...coin, functionName: 'transfer', args: [address, most], sentence: 'Fund' });
      await stakeCoins({ client: await as(privateKey), amount: most });
    }
    const stakeOf = (address: `0x${string}`) => bob.publicClient.readContract({ address: addresses.staking, abi: stakingAbi, functionName: 'stakeOf', args: [address] });
    const penguins = await publishPenguins(publisher, () => undefined);
    const everybody = [...validators, ...workers];
    const before = await Promise.all(everybody.map(({ address }) => stakeOf(address)));

    const { jobId } = await startRun({ client: bob, listingId: penguins.compute, version: 1, train: penguinTraining });
    const job = await watchJob({ client: bob, jobId, timeoutMs: 180_000 });

    expect(job.round?.verdict).toBe('reject');
    expect(job.challenges).toHaveLength(1);
    const [appeal] = job.challenges;
    expect(appeal).toMatchObject({ kind: 'appeal', stage: 'over', outcome: 'overturned', challenger: workers[0]?.address });
    const members = new Set(job.round?.committee.map(({ account }) => account));
    expect(appeal?.round?.committee.map(({ account, verdict }) => [members.has(account), verdict])).toEqual([[false, 'accept'], [false, 'accept'], [false, 'accept']]);
    expect(job.state).toBe('settled');
    const lost = (await Promise.all(everybody.map(({ address }) => stakeOf(address)))).map((stake, index) => before[index]! - stake);
    expect(lost).toEqual([parseUnits('1000', 18), parseUnits('1000', 18), 0n, 0n, 0n, 0n, 0n]);
    const { workerFee } = await bob.publicClient.readContract({ address: addresses.training, abi: trainingAbi, functionName: 'job', args: [jobId] });
    const { paid } = await withdrawCredits({ client: await as(workers[0]!.privateKey), from: 'training' });
    expect(paid).toBeGreaterThan(workerFee);
  } finally {
    await stack.stop();
  }
}, 400_000);
