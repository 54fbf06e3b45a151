import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { planNet, readPlan } from './planNet.ts';
import { requestRestart, takeRequests } from './requests.ts';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(path.join(os.tmpdir(), 'plan-net-')); });
afterEach(() => rm(folder, { recursive: true, force: true }));

const size = { validators: 3, workers: 1, gateways: 2 };

test('names and ports are fixed before anything is started, and more nodes come beside those that are there', async () => {
  const plan = await planNet({ folder, size, port: 4000 });
  expect(plan.nodes.map(({ name, port }) => `${name} ${port}`)).toEqual(['chain 4060', 'gateway-1 4000', 'gateway-2 4001', 'validator-1 4010', 'validator-2 4011', 'validator-3 4012', 'worker-1 4040']);
  expect(await readPlan(folder)).toEqual(plan);
  const grown = await planNet({ folder, size: { ...size, validators: 4 }, port: 9000 });
  expect(grown.nodes.filter(({ role }) => role === 'validator').map(({ port }) => port)).toEqual([4010, 4011, 4012, 9013]);
  await expect(planNet({ folder, size, port: 4000 })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('4 validators') });
});

test('a damaged plan is refused, not replaced', async () => {
  await writeFile(path.join(folder, 'net.json'), '{"version":1');
  await expect(planNet({ folder, size, port: 0 })).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('a restart is asked of who runs the network: nobody, no such node, no network', async () => {
  await expect(requestRestart(folder, 'validator-1')).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('npm run net') });
  await planNet({ folder, size, port: 4000 });
  await expect(requestRestart(folder, 'validator-9')).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('validator-3') });
  await expect(requestRestart(folder, 'validator-1')).rejects.toMatchObject({ code: 'NOT_READY' });
  expect(await takeRequests(folder)).toEqual([]);
});
