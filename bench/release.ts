import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startNet } from '@neurodata/node';
import type { RunningNet } from '@neurodata/node';
import { ownerProofId, requestDomain, shareRequestMessage, shareRequestTypes, validatorRoutes, validatorsAbi } from '@neurodata/protocol';
import type { ShareRequest } from '@neurodata/protocol';
import { createIdentity } from '@neurodata/sealing';
import { readVersion } from '@neurodata/sdk';
import { bytesToHex } from 'viem';
import { bringPeople } from './faults/people.ts';
import { openShop } from './faults/shop.ts';
import type { Ware } from './faults/shop.ts';

/** More than one: a validator answers one account twice a second. */
const OWNERS = 6;
const WARM_UP_S = 5;

/** Of share requests, from sending to the answer's end, in milliseconds. `rate`: sent in a second, over all validators. */
export type ReleaseFigures = { validators: number; rate: number; requests: number; failed: number; p50: number; p90: number; p99: number; max: number };

/** How long validators take to release key shares at a steady rate: `npm run bench -- release [--validators 7] [--rate 50] [--seconds 20]`. The last line is JSON. */
export async function run(): Promise<ReleaseFigures> {
  const { values } = parseArgs({
    args: process.argv.slice(3), strict: true,
    options: { validators: { type: 'string', default: '7' }, rate: { type: 'string', default: '50' }, seconds: { type: 'string', default: '20' } },
  });
  const [validators, rate, seconds] = [values.validators, values.rate, values.seconds].map(Number) as [number, number, number];
  const folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-release-'));
  let net: RunningNet | undefined;
  try {
    const main = path.resolve(import.meta.dirname, '../apps/cli/src/main.ts');
    net = await startNet({ folder, size: { validators, workers: 1, gateways: 1 }, port: 0, command: [process.execPath, main], environment: { ...process.env, NEURODATA_WEB: '0' }, say: (line) => console.log(line) });
    const wares = await openShops(net, validators);
    await fire({ wares, rate, count: rate * WARM_UP_S });
    const { times, failed } = await fire({ wares, rate, count: rate * seconds });
    const sorted = times.toSorted((a, b) => a - b);
    const at = (share: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
    const figures = { validators, rate, requests: times.length + failed, failed, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
    console.log(JSON.stringify(figures));
    return figures;
  } finally {
    await net?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function openShops(net: RunningNet, validators: number): Promise<Ware[]> {
  const gateways = net.plan.nodes.filter(({ role }) => role === 'gateway').map(({ port }) => `http://127.0.0.1:${port}`);
  const owners = await bringPeople({ names: Array.from({ length: OWNERS }, (_, index) => `owner ${index + 1}`), seed: 1, gateways });
  const wares: Ware[] = [];
  for (const [asset, owner] of owners.entries()) wares.push(await openShop({ owner, seed: 1, asset, threshold: Math.floor(validators / 2) + 1 }));
  return wares;
}

/** Sends at fixed times, whether earlier requests were answered or not: waiting would hide how long they took. */
async function fire({ wares, rate, count }: { wares: Ware[]; rate: number; count: number }): Promise<{ times: number[]; failed: number }> {
  const shots = await Promise.all(Array.from({ length: count }, (_, index) => prepare(wares[index % wares.length]!, Math.floor(index / wares.length))));
  const times: number[] = [];
  let failed = 0;
  const begun = performance.now();
  await Promise.all(shots.map(async ({ url, body }, index) => {
    await sleep(Math.max(0, (index * 1_000) / rate - (performance.now() - begun)));
    const sent = performance.now();
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(20_000) }).catch(() => undefined);
    const text = await answer?.text();
    if (answer?.ok) times.push(performance.now() - sent);
    else if ((failed += 1) === 1) console.log(`  first failure: ${answer?.status ?? 'no answer'} ${text ?? ''}`);
  }));
  return { times, failed };
}

/** A signed request of an owner for the share of the validator whose turn it is. */
async function prepare(ware: Ware, turn: number): Promise<{ url: string; body: string }> {
  const { client } = ware.owner;
  const { chainId, addresses } = client.config.deployment;
  const { committee } = await versionOf(ware);
  const validatorId = committee[turn % committee.length]!;
  const request: ShareRequest = { account: client.account!.address, assetId: ware.assetId, version: 1, proofId: ownerProofId(ware.assetId, 1), validatorId, recipientKey: bytesToHex(createIdentity().publicKey), expiresAt: Math.floor(Date.now() / 1000) + 200 };
  const signature = await client.account!.signTypedData({ domain: requestDomain({ chainId, market: addresses.market }), types: shareRequestTypes, primaryType: 'ShareRequest', message: shareRequestMessage(request) });
  return { url: `${await endpointOf(ware, validatorId)}${validatorRoutes.requestShare.path}`, body: JSON.stringify({ request, signature }) };
}

const versions = new Map<number, ReturnType<typeof readVersion>>();
function versionOf({ owner, assetId }: Ware): ReturnType<typeof readVersion> {
  const known = versions.get(assetId) ?? readVersion({ client: owner.client, assetId, version: 1 });
  versions.set(assetId, known);
  return known;
}

const endpoints = new Map<number, Promise<string>>();
function endpointOf({ owner: { client } }: Ware, validatorId: number): Promise<string> {
  const contract = { address: client.config.deployment.addresses.validators, abi: validatorsAbi } as const;
  const known = endpoints.get(validatorId) ?? client.publicClient.readContract({ ...contract, functionName: 'validator', args: [validatorId] }).then(({ endpoint }) => endpoint);
  endpoints.set(validatorId, known);
  return known;
}
