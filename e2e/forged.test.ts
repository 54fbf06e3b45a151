import { train } from '@neurodata/engine';
import type { TrainResult } from '@neurodata/engine';
import { neuroCoinAbi, sha256Hex, stakingAbi } from '@neurodata/protocol';
import { checkpointRootOf, createClient, stakeCoins, startRun, watchJob, withdrawCredits } from '@neurodata/sdk';
import { parseUnits } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { expect, test } from 'vitest';
import { defaultWindows } from '../apps/node/src/config.ts';
import { checkRound } from '../apps/node/src/validator/checkRound.ts';
import { startStack } from './stack.ts';
import { penguinTraining, publishPenguins } from './tell.ts';

test('a worker that reports a forged model: validators refuse, its bond is slashed, the money returns', async () => {
  const stack = await startStack({
    start: {
      train: async (parameters) => {
        const honest = await train(parameters);
        const model = honest.model.slice();
        model[model.length - 1]! ^= 1;
        return { ...honest, model, modelDigest: sha256Hex(model) };
      },
    },
  });
  try {
    const [publisher, bob] = await Promise.all([stack.client('publisher'), stack.client('bob')]);
    const { addresses } = bob.config.deployment;
    const balance = () => bob.publicClient.readContract({ address: addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'balanceOf', args: [bob.account!.address] });
    const stakes = () => Promise.all(stack.node.cast.workers.map(({ address }) => bob.publicClient.readContract({ address: addresses.staking, abi: stakingAbi, functionName: 'stakeOf', args: [address] })));
    const penguins = await publishPenguins(publisher, () => undefined);
    const [moneyBefore, stakesBefore] = [await balance(), await stakes()];
    const { jobId } = await startRun({ client: bob, listingId: penguins.compute, version: 1, train: penguinTraining });
    const job = await watchJob({ client: bob, jobId, timeoutMs: 60_000 });
    expect(job.state).toBe('slashed');
    expect(job.round?.committee.map(({ verdict }) => verdict)).toEqual(['reject', 'reject', 'reject']);
    await withdrawCredits({ client: bob, from: 'training' });
    expect(await balance()).toBe(moneyBefore);
    const lost = (await stakes()).map((stake, index) => stakesBefore[index]! - stake);
    expect(lost.filter((amount) => amount === job.bond)).toHaveLength(1);
    expect(lost.filter((amount) => amount === 0n)).toHaveLength(lost.length - 1);
  } finally {
    await stack.stop();
  }
}, 180_000);

/** An honest run up to `fork`; from there on every state has its last weight changed by one bit. */
function forgeFrom(fork: number, honest: TrainResult): TrainResult {
  const checkpoints = honest.checkpoints.map((checkpoint, index) => {
    if (index < fork) return checkpoint;
    const state = checkpoint.state!.slice();
    state[state.length - 8]! ^= 1;
    return { ...checkpoint, state, digest: sha256Hex(state) };
  });
  return { ...honest, checkpoints, checkpointRoot: checkpointRootOf(checkpoints.map(({ digest }) => digest))! };
}

test('a colluding quorum accepts a forged receipt: one honest member challenges it, and fresh validators overturn it', async () => {
  const fork = 3;
  const stack = await startStack({
    settings: { validators: 6, workers: 1, windows: { ...defaultWindows, jobChallenge: 20 } },
    start: {
      train: async (parameters) => forgeFrom(fork, await train(parameters)),
      // The first two say yes to any run, whatever its receipt.
      check: (index) => index > 1 ? undefined : async (round) => (round.kind === 'run' ? { verdict: 'accept', evidence: `0x${'11'.repeat(32)}`, reason: 'bribed' } : checkRound(round)),
    },
  });
  try {
    const [publisher, bob] = await Promise.all([stack.client('publisher'), stack.client('bob')]);
    const { deployer, validators } = stack.node.cast;
    const { addresses } = bob.config.deployment;
    const coin = { address: addresses.neuroCoin, abi: neuroCoinAbi } as const;
    // With nearly all the stake, the two are drawn into the first committee.
    const treasury = await createClient({ url: stack.node.url, account: privateKeyToAccount(deployer.privateKey) });
    const colluders = validators.slice(0, 2);
    const most = parseUnits('5000000', 18);
    for (const { address, privateKey } of colluders) {
      await treasury.send({ ...coin, functionName: 'transfer', args: [address, most], sentence: 'Fund' });
      await stakeCoins({ client: await createClient({ url: stack.node.url, account: privateKeyToAccount(privateKey) }), amount: most });
    }
    const stakeOf = (address: `0x${string}`) => bob.publicClient.readContract({ address: addresses.staking, abi: stakingAbi, functionName: 'stakeOf', args: [address] });
    const balance = () => bob.publicClient.readContract({ ...coin, functionName: 'balanceOf', args: [bob.account!.address] });
    const penguins = await publishPenguins(publisher, () => undefined);
    const [moneyBefore, stakesBefore] = [await balance(), await Promise.all(validators.map(({ address }) => stakeOf(address)))];

    const { jobId } = await startRun({ client: bob, listingId: penguins.compute, version: 1, train: penguinTraining });
    const job = await watchJob({ client: bob, jobId, timeoutMs: 180_000 });

    expect(job.round?.verdict).toBe('accept');
    expect(job.round?.committee.filter(({ verdict }) => verdict === 'accept').map(({ account }) => account).toSorted()).toEqual(colluders.map(({ address }) => address).toSorted());
    const [challenge] = job.challenges;
    expect(challenge).toMatchObject({ kind: 'step', stage: 'over', outcome: 'overturned', low: fork, high: fork + 1 });
    const members = new Set(job.round?.committee.map(({ account }) => account));
    expect(members.has(challenge!.challenger)).toBe(true);
    expect(challenge?.round?.committee.map(({ account, verdict }) => [members.has(account), verdict])).toEqual([[false, 'reject'], [false, 'reject'], [false, 'reject']]);
    expect(job.state).toBe('slashed');
    expect(await balance()).toBe(moneyBefore);
    const lost = (await Promise.all(validators.map(({ address }) => stakeOf(address)))).map((stake, index) => stakesBefore[index]! - stake);
    expect(lost).toEqual([parseUnits('1000', 18), parseUnits('1000', 18), 0n, 0n, 0n, 0n]);
    const challenger = validators.find(({ address }) => address === challenge!.challenger)!;
    const { paid } = await withdrawCredits({ client: await createClient({ url: stack.node.url, account: privateKeyToAccount(challenger.privateKey) }), from: 'training' });
    expect(paid).toBeGreaterThan(parseUnits('1000', 18));
  } finally {
    await stack.stop();
  }
}, 400_000);
