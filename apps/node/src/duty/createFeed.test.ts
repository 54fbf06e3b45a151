import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { rewindChain } from '../../test/rewindChain.ts';
import { createChainClients, startDevChain } from '../chain/index.ts';
import { createFeed } from './createFeed.ts';

test('what replaces finalized blocks is read, too', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-feed-'));
  const start = () => startDevChain({ folder, log: () => undefined, blockIdleSeconds: 0 });
  let chain = await start();
  try {
    const { publicClient } = createChainClients({ chainId: chain.chainId, rpc: (request) => chain.rpc(request) });
    const feed = createFeed({
      publicClient, fromBlock: 1n,
      read: async ({ fromBlock, toBlock }) => Promise.all(Array.from({ length: Number(toBlock - fromBlock) + 1 }, async (_, index) => {
        const { number, hash } = await publicClient.getBlock({ blockNumber: fromBlock + BigInt(index) });
        return { number: Number(number), hash };
      })),
    });
    await chain.mine({ blocks: 12 });
    const first = await feed.poll();
    expect(first.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(await publicClient.getBlock({ blockTag: 'finalized' })).toMatchObject({ number: expect.any(BigInt) });
    await chain.mine();
    expect((await feed.poll()).length).toBeLessThan(6);

    await chain.stop();
    await rewindChain({ folder, depth: 8, floor: 0 });
    chain = await start();
    // Shorter than it was, then as long again, with other blocks.
    await chain.mine({ secondsLater: 9 });
    expect((await feed.poll()).at(-1)?.number).toBe(6);
    await chain.mine({ blocks: 9 });
    const again = await feed.poll();
    expect(again.at(-1)?.number).toBe(15);
    const known = new Set(first.map(({ hash }) => hash));
    expect(again.filter(({ hash }) => !known.has(hash)).map(({ number }) => number).slice(-9)).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15]);
  } finally {
    await chain.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
