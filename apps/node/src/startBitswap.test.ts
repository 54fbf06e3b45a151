import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createStorage, memoryBlocks, parseCid } from '@neurodata/storage';
import { expect, test } from 'vitest';
import { isPublicAddress } from './common/publicAddress.ts';
import { createLogger } from './common/logger.ts';
import { startBitswap } from './startBitswap.ts';

const log = createLogger({ level: 'silent' });

test('a node keeps its peer id, serves its blocks, and tells no private address that it was not told to', async () => {
  const home = await mkdtemp(path.join(tmpdir(), 'neurodata-bitswap-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const blocks = memoryBlocks();
  const first = await (async () => {
    await using once = new AsyncDisposableStack();
    const { peerId } = await startBitswap({ settings: { listen: ['/ip4/127.0.0.1/tcp/0'], peers: [] }, home, blocks, log, stack: once });
    return peerId;
  })();
  expect((await stat(path.join(home, 'bitswap.key'))).mode & 0o777).toBe(0o600);
  const served = await startBitswap({ settings: { listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/0.0.0.0/tcp/0'], peers: [] }, home, blocks, log, stack });
  expect(served.peerId).toBe(first);
  const hosts = served.addresses().map((address) => address.split('/')[2]!);
  expect(hosts).toContain('127.0.0.1');
  expect(hosts.filter((host) => host !== '127.0.0.1' && !isPublicAddress(host))).toEqual([]);
  const other = await mkdtemp(path.join(tmpdir(), 'neurodata-bitswap-'));
  stack.defer(() => rm(other, { recursive: true, force: true }));
  const asking = await startBitswap({ settings: { listen: ['/ip4/127.0.0.1/tcp/0'], peers: [] }, home: other, blocks: memoryBlocks(), log, stack });
  const { cid } = await createStorage(blocks).addRaw(Uint8Array.of(1, 2, 3));
  expect(await asking.blocksOf(served.addresses().find((address) => address.includes('/127.0.0.1/'))!).get(parseCid(cid))).toEqual(Uint8Array.of(1, 2, 3));
}, 60_000);
