import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createApi, createClient, describeEvaluationTable, publishAsset, readModelCheck, waitForVersion } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { privateKeyToAccount } from 'viem/accounts';
import { expect, test } from 'vitest';
import { loopModel } from '../apps/node/test/onnxModels.ts';
import { freePort } from '../apps/node/src/freePort.ts';
import { startChildNode } from './childNode.ts';
import type { ChildNode } from './childNode.ts';

/** A node dies while a validator tests a model: started again, it tests it again, and nothing of the first test is left. */

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function publisherOf(node: ChildNode): Promise<NeuroClient> {
  const { items } = await createApi({ url: node.url }).listDemoAccounts();
  return createClient({ url: node.url, account: privateKeyToAccount(items.find(({ name }) => name === 'publisher')!.privateKey) });
}

/** Processes of the node that test a model just now. */
function testersOf({ pid }: ChildNode): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  return children.filter((child) => existsSync(`/proc/${child}`) && readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('modelCheck/child.ts'));
}

test('a test that was killed is done again', { timeout: 300_000 }, async () => {
  const home = await mkdtemp(path.join(tmpdir(), 'neurodata-killed-test-'));
  const port = await freePort();
  let node = await startChildNode({ home, port });
  try {
    const client = await publisherOf(node);
    const rows = new TextEncoder().encode(`a,y\n${Array.from({ length: 20 }, (_, index) => `${index},${index}`).join('\n')}\n`);
    const table = await describeEvaluationTable({ bytes: rows, fileName: 'rows.csv' });
    await client.storage.addFile({ content: once(rows) });
    // Some seconds of work: long enough to be hit, short enough to end in time the second time.
    const { assetId } = await publishAsset({
      client, kind: 'model', content: () => once(loopModel(1_500_000)), fileName: 'loop.onnx', mediaType: 'application/onnx', validatorsMayRead: true,
      description: { title: 'Slow', description: 'Adds nothing, often.', license: 'CC0-1.0', tags: [] }, evaluation: { table, target: 'y', claims: { mae: 0 } },
    });
    await expect.poll(() => testersOf(node).length, { timeout: 60_000, interval: 50 }).toBe(1);
    const [orphan] = testersOf(node);
    expect(await readModelCheck({ client, assetId })).toMatchObject({ state: 'pending', checks: [] });
    await node.kill('SIGKILL');
    node = await startChildNode({ home, port });
    const again = await publisherOf(node);
    expect(await waitForVersion({ client: again, assetId, version: 1, timeoutMs: 170_000 })).toBe('live');
    const { state, checks } = await readModelCheck({ client: again, assetId });
    expect(state).toBe('checked');
    expect(checks.map(({ validatorId, body }) => [validatorId, body.report.claims])).toEqual([1, 2, 3].map((id) => [id, [{ name: 'mae', claimed: 0, measured: 0, holds: true }]]));
    await expect.poll(() => existsSync(`/proc/${orphan}`), { timeout: 60_000 }).toBe(false);
  } finally {
    await node.kill('SIGTERM');
    await rm(home, { recursive: true, force: true });
  }
});
