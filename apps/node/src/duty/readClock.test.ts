import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NeuroClient } from '@neurodata/sdk';
import { afterEach, expect, test, vi } from 'vitest';
import { createChainClients } from '../chain/createChainClients.ts';
import { startDevChain } from '../chain/index.ts';
import { readClock } from './readClock.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('goes by the chain and by what has passed, whatever the clock of the machine is set to', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'clock-'));
  const chain = await startDevChain({ folder, log: () => undefined, accounts: 1, blockIdleSeconds: 0 });
  try {
    const { publicClient } = createChainClients({ chainId: chain.chainId, rpc: chain.rpc });
    const client = { publicClient } as unknown as NeuroClient;
    const { timestamp } = await publicClient.getBlock();
    const first = await readClock(client);
    for (const skew of [600_000, -600_000]) {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + skew });
      await sleep(1_100);
      expect(Math.abs((await readClock(client)) - Number(timestamp))).toBeLessThan(60);
      vi.useRealTimers();
    }
    expect((await readClock(client)) - first).toBeGreaterThan(2);
  } finally {
    await chain.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
