import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createStorage, gatewayBlocks } from '@neurodata/storage';
import { type BitswapPeer, createBitswapPeer } from '@neurodata/storage/bitswap';
import { type DiskBlocks, diskBlocks } from '@neurodata/storage/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findKubo, startKubo } from '../../../../packages/storage/test/startKubo.ts';
import type { Kubo } from '../../../../packages/storage/test/startKubo.ts';
import { type ServedApi, log, noChain, serveApi } from '../api/testing.ts';
import { createUserClient } from '../api/userClient.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import { type BackgroundJobs, createBackgroundJobs } from '../jobs/index.ts';
import { type CreateHostedPinsParameters, createHostedPins } from './createHostedPins.ts';

const program = findKubo();
if (program !== undefined) {
  let kubo: Kubo;
  let folder: string;
  const stack = new AsyncDisposableStack();

  /** A node that keeps for others, as kubo knows it under this name; how it gets blocks is what differs. */
  async function keep(name: string, how: (own: DiskBlocks) => Promise<Pick<CreateHostedPinsParameters, 'peers' | 'bitswap'>>): Promise<{ served: ServedApi; jobs: BackgroundJobs }> {
    const db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
    stack.defer(() => db.close());
    const own = diskBlocks({ folder: path.join(folder, name) });
    const jobs = createBackgroundJobs({ db, log, pollMs: 50 });
    const pins = createHostedPins({ db, own, jobs, log, quotaBytes: 2 ** 30, loopback: true, checkBytes: 0, ...(await how(own)) });
    await jobs.start();
    stack.defer(() => jobs.stop());
    const served = await serveApi({ chain: noChain, db, users: { firstAdmin: 'root@example.org' }, extra: { pins, blocks: own } });
    stack.defer(() => served.close());
    const { signUp, makeKey } = createUserClient(() => served);
    const { key } = await makeKey(await signUp('root@example.org'), { scopes: ['pins:write'] });
    await kubo.ipfs('pin', 'remote', 'service', 'add', name, served.api.url, key);
    return { served, jobs };
  }

  let served: ServedApi;
  let jobs: BackgroundJobs;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'neurodata-kubo-pins-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    kubo = await startKubo(program, { online: true });
    stack.defer(() => kubo.stop());
    ({ served, jobs } = await keep('ours', async () => ({ peers: [gatewayBlocks({ url: kubo.gateway, onlyIfCached: true })] })));
  }, 180_000);
  afterAll(() => stack.disposeAsync());

  test('a real kubo has this node keep a folder: it waits until it is pinned, it is served whole, listed, and let go', async () => {
    const content = path.join(folder, 'rows.bin');
    await writeFile(content, new Uint8Array(3_000_000).map((_, index) => (index * 31) % 251));
    const cid = (await kubo.ipfs('add', '--quieter', '--cid-version=1', '--chunker=size-262144', content)).trim();
    expect(JSON.parse(await kubo.ipfs('pin', 'remote', 'service', 'ls', '--stat', '--enc=json'))).toMatchObject({ RemoteServices: [{ Service: 'ours', Stat: { Status: 'valid', PinCount: { Pinned: 0 } } }] });
    // It returns once the pin stands.
    expect(JSON.parse(await kubo.ipfs('pin', 'remote', 'add', '--service=ours', '--name=rows', '--enc=json', cid))).toEqual({ Status: 'pinned', Cid: cid, Name: 'rows' });
    let read = 0;
    for await (const piece of createStorage(gatewayBlocks({ url: served.api.url, onlyIfCached: true })).readFile({ cid })) read += piece.length;
    expect(read).toBe(3_000_000);
    expect(JSON.parse(await kubo.ipfs('pin', 'remote', 'ls', '--service=ours', '--name=rows', '--enc=json'))).toEqual({ Status: 'pinned', Cid: cid, Name: 'rows' });
    await kubo.ipfs('pin', 'remote', 'rm', '--service=ours', '--name=rows');
    expect(await kubo.ipfs('pin', 'remote', 'ls', '--service=ours', '--name=rows')).toBe('');
  }, 120_000);

  test('where the node speaks bitswap, kubo names itself as origin and nothing else has to be set', async () => {
    let peer: BitswapPeer;
    const { served: direct } = await keep('direct', async (own) => {
      peer = await createBitswapPeer({ blocks: own, listen: ['/ip4/127.0.0.1/tcp/0'] });
      stack.defer(() => peer.stop());
      return { peers: [], bitswap: peer };
    });
    const cid = await kubo.add(new Uint8Array(2_500_000).map((_, index) => (index * 17) % 241));
    expect(JSON.parse(await kubo.ipfs('pin', 'remote', 'add', '--service=direct', '--enc=json', cid))).toMatchObject({ Status: 'pinned', Cid: cid });
    let read = 0;
    for await (const piece of createStorage(gatewayBlocks({ url: direct.api.url, onlyIfCached: true })).readFile({ cid })) read += piece.length;
    expect(read).toBe(2_500_000);
    // It connected to the delegate that it was told.
    expect(await kubo.ipfs('swarm', 'peers')).toContain(peer!.peerId);
  }, 120_000);

  test('what nobody has is told by kubo as queued', async () => {
    const lost = 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e';
    expect(JSON.parse(await kubo.ipfs('pin', 'remote', 'add', '--service=ours', '--background', '--enc=json', lost))).toMatchObject({ Cid: lost, Status: 'queued' });
    await jobs.idle();
    expect(JSON.parse(await kubo.ipfs('pin', 'remote', 'ls', '--service=ours', `--cid=${lost}`, '--status=queued,pinning,failed', '--enc=json'))).toMatchObject({ Status: 'queued' });
  }, 120_000);
}

if (program === undefined) test.skip('kubo pins here (there is no kubo: the reason is printed above)', () => undefined);
