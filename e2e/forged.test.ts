import { train } from '@neurodata/engine';
import { neuroCoinAbi, sha256Hex, stakingAbi } from '@neurodata/protocol';
import { startRun, watchJob, withdrawCredits } from '@neurodata/sdk';
import { expect, test } from 'vitest';
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
