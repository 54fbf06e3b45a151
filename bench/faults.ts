import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { train } from '@neurodata/engine';
import { startNet } from '@neurodata/node';
import type { RunningNet } from '@neurodata/node';
import { neuroCoinAbi, validatorsAbi } from '@neurodata/protocol';
import { createClient, stakeCoins } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { parseUnits } from 'viem';
import type { Address, Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { createRandomNumbers } from './engine/randomNumbers.ts';
import type { RandomNumbers } from './engine/randomNumbers.ts';
import { startCampaign } from './faults/campaign.ts';
import { judgeKeys } from './faults/leaks.ts';
import { endAll, judgeLies, judgeMoney, judgeRows } from './faults/judge.ts';
import type { NodePlan } from './faults/node.ts';
import { bringPeople, treasurer } from './faults/people.ts';
import type { Person } from './faults/people.ts';
import { openShop, training } from './faults/shop.ts';
import type { Ware } from './faults/shop.ts';
import { play } from './faults/stories.ts';
import type { Stage, StoryEnd, StoryKind } from './faults/stories.ts';
import { forecast, writeSkies } from './faults/weather.ts';
import type { Skies } from './faults/weather.ts';

const here = import.meta.dirname;
const WARES = 3;
const BUYERS = 8;
/** Between two faults, milliseconds, on average. */
const EVERY_MS = 4_000;
/** Short, so that money returns while somebody looks on; longer than any weather lasts. Seconds. */
const windows: NodePlan['windows'] = { grant: 90, grantMargin: 10, confirm: 120, dispute: 60, escalate: 60, commit: 90, reveal: 90, jobClaim: 20, jobOpen: 200, jobRun: 90, jobHeartbeat: 60, jobCancel: 20, jobChallenge: 25, move: 20 };
const climate: Skies = { 'gateway-2': { flip: 0.05 } };
const weights: [StoryKind, number][] = [['purchase', 50], ['run', 14], ['trial', 8], ['lostKey', 10], ['version', 6], ['theft', 8], ['accusation', 4]];

export type FaultFigures = {
  stories: number; finished: number; refunded: number; refused: number; unfinished: number;
  moneyLost: number; doublePaid: number; rowsLost: number; keysLeaked: number; falseAccepted: number; honestSlashed: number;
  lies: number; liarsSlashed: number; faults: Record<string, number>; crashes: number; searchedMB: number;
  /** Of a story, from its first call to its end. */
  p50: number; p99: number;
};

/**
 * A seeded campaign of faults on a network of processes, two of its validators and one of its workers lying, and what came of it:
 * `npm run bench -- faults [--stories 300] [--seed 1] [--validators 7] [--verbose] [--keep]`. The last line is JSON.
 */
export async function run(): Promise<FaultFigures> {
  const { values } = parseArgs({
    args: process.argv.slice(3), strict: true,
    options: { stories: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' }, validators: { type: 'string', default: '7' }, verbose: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false } },
  });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-faults-'));
  const say = (line: string): void => console.log(line);
  let net: RunningNet | undefined;
  try {
    const size = { validators: Number(values.validators), workers: 2, gateways: 2 };
    net = await startLyingNet({ folder, size, seed: Number(values.seed), say });
    const figures = await tell({ net, folder, seed: Number(values.seed), stories: Number(values.stories), say, detail: values.verbose ? say : () => undefined });
    console.log(JSON.stringify(figures));
    return figures;
  } finally {
    await net?.stop();
    if (values.keep) say(`kept ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
}

const liarsOf = (validators: number): string[] => [`validator-${validators - 1}`, `validator-${validators}`];
const forger = 'worker-2';
const skiesOf = (folder: string): string => path.join(folder, 'skies.json');

async function startLyingNet(parameters: { folder: string; size: { validators: number; workers: number; gateways: number }; seed: number; say: (line: string) => void }): Promise<RunningNet> {
  const { folder, size, seed, say } = parameters;
  // One less than there are: an accused validator does not judge itself.
  const plan: NodePlan = { windows, committee: size.validators - 1, liars: { ...Object.fromEntries(liarsOf(size.validators).map((name) => [name, 'liar' as const])), [forger]: 'forger' } };
  await mkdir(path.join(folder, 'net'), { recursive: true });
  await writeFile(path.join(folder, 'plan.json'), JSON.stringify(plan));
  await writeSkies(skiesOf(folder), {});
  return startNet({
    folder: path.join(folder, 'net'), size, port: 0, say,
    command: [process.execPath, '--import', pathToFileURL(path.join(here, 'faults/preload.ts')).href, path.join(here, 'faults/node.ts')],
    environment: { ...process.env, NEURODATA_WEB: '0', NEURODATA_LOG: 'info', FAULTS_PLAN: path.join(folder, 'plan.json'), FAULTS_WEATHER: skiesOf(folder), FAULTS_SEED: String(seed) },
  });
}

type TellParameters = { net: RunningNet; folder: string; seed: number; stories: number; say: (line: string) => void; detail: (line: string) => void };

async function tell({ net, folder, seed, stories, say, detail }: TellParameters): Promise<FaultFigures> {
  const random = createRandomNumbers(seed);
  const names = (role: string): string[] => net.plan.nodes.filter((node) => node.role === role).map(({ name }) => name);
  const gateways = net.plan.nodes.filter(({ role }) => role === 'gateway').map(({ port }) => `http://127.0.0.1:${port}`);
  const liars = liarsOf(names('validator').length);
  const accounts = await accountsOf(net, gateways[0]!, [...names('validator'), ...names('worker')]);
  await stakeMore(liars.map((name) => accounts.get(name)!), gateways[0]!);
  const publishers = await bringPeople({ names: Array.from({ length: WARES }, (_, index) => `publisher ${index + 1}`), seed, gateways });
  const buyers = await bringPeople({ names: Array.from({ length: BUYERS }, (_, index) => `buyer ${index + 1}`), seed, gateways });
  const threshold = Math.floor(names('validator').length / 2) + 1;
  const wares = await Promise.all(publishers.map((owner, asset) => openShop({ owner, seed, asset, threshold })));
  const ids = new Map(await Promise.all(names('validator').map(async (name) => [name, await idOf(accounts.get(name)!)] as const)));
  const honest = new Set([...ids].filter(([name]) => !liars.includes(name)).map(([, id]) => id));
  const alarms: string[] = [];
  const alarm = (what: string): void => { alarms.push(what); say(`  !! ${what}`); };
  const stage: Stage = { seed, threshold, wares, deeds: [], wanted: new Map(), honest, alarm, say: detail, expectedModel: rememberModels() };

  const floor = Number(await buyers[0]!.client.publicClient.getBlockNumber());
  const nodes = { validators: names('validator').filter((name) => !liars.includes(name)), workers: names('worker'), gateways: names('gateway') };
  const faults = forecast({ random, length: 3_600_000, every: EVERY_MS, nodes });
  await writeSkies(skiesOf(folder), climate);
  const campaign = startCampaign({ net, faults, skiesFile: skiesOf(folder), climate, floor, say });
  const ends = await playAll({ stage, buyers, plan: planStories({ random, stories }), say });
  await campaign.calm();

  say('  the weather is over; counting');
  const others = [...accounts.values(), await treasurer(gateways[0]!)];
  const paid = await endAll({ buyers, wares });
  const money = await judgeMoney({ buyers, publishers, others, wares, paid, wanted: stage.wanted });
  const lies = await judgeLies({ client: buyers[0]!.client, liars: new Set(liars.map((name) => ids.get(name)!)), forgers: [accounts.get(forger)!.account!.address] });
  const rows = await judgeRows({ paid: await endAll({ buyers, wares }), gateways });
  const keys = await judgeKeys({ folder: path.join(folder, 'net'), seed, wares, threshold, validators: names('validator'), colluders: [...liars, names('validator')[0]!].slice(0, threshold - 1) });
  for (const note of [...money.notes, ...lies.notes, ...rows.notes, ...keys.notes]) say(`  !! ${note}`);
  const alarmsOf = (kind: string): number => alarms.filter((what) => what.startsWith(kind)).length;
  const count = (end: StoryEnd): number => ends.filter((one) => one.end === end).length;
  const times = ends.filter(({ end }) => end !== undefined).map(({ ms }) => ms).toSorted((a, b) => a - b);
  return {
    stories: ends.length, finished: count('finished'), refunded: count('refunded'), refused: count('refused'), unfinished: ends.filter(({ end }) => end === undefined).length,
    moneyLost: Number(money.lost), doublePaid: money.doublePaid + alarmsOf('doublePaid'), rowsLost: rows.lost + alarmsOf('rowsLost'), keysLeaked: keys.leaked + alarmsOf('keysLeaked'), falseAccepted: alarmsOf('falseAccepted'),
    honestSlashed: lies.honestSlashed, lies: lies.told, liarsSlashed: lies.slashed, faults: campaign.counts, crashes: campaign.crashes, searchedMB: Math.round(keys.searched / 1e6),
    p50: quantile(times, 0.5), p99: quantile(times, 0.99),
  };
}

type Planned = { kind: StoryKind; ware: number };
type Ended = Planned & { end: StoryEnd | undefined; ms: number };

function planStories({ random, stories }: { random: RandomNumbers; stories: number }): Planned[] {
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  return Array.from({ length: stories }, () => {
    let ticket = random.uniform() * total;
    const [kind] = weights.find(([, weight]) => (ticket -= weight) < 0)!;
    return { kind, ware: Math.floor(random.uniform() * WARES) };
  });
}

/** As many at a time as there are buyers; of one ware, one version at a time. */
async function playAll({ stage, buyers, plan, say }: { stage: Stage; buyers: Person[]; plan: Planned[]; say: (line: string) => void }): Promise<Ended[]> {
  const ends: Ended[] = [];
  const queue = plan.values();
  const publishing = new Map<Ware, Promise<unknown>>();
  await Promise.all(buyers.map(async (person) => {
    for (const story of queue) {
      const ware = stage.wares[story.ware]!;
      const began = performance.now();
      const before = story.kind === 'version' ? publishing.get(ware) : undefined;
      const told = Promise.resolve(before).catch(() => undefined).then(() => play(stage, story.kind, person, ware));
      if (story.kind === 'version') publishing.set(ware, told);
      const end = await told.catch((error: unknown) => { say(`  !! ${story.kind} of ${person.name}: ${String(error)}`); return undefined; });
      ends.push({ ...story, end, ms: Math.round(performance.now() - began) });
      say(`  ${String(ends.length).padStart(4)}/${plan.length} ${story.kind.padEnd(8)} ${end ?? 'unfinished'} after ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    }
  }));
  return ends;
}

function rememberModels(): Stage['expectedModel'] {
  const known = new Map<string, Promise<Hex>>();
  return (ware, version) => {
    const key = `${ware.assetId}/${version}`;
    const found = known.get(key) ?? train({ csv: ware.versions.get(version)!, spec: training }).then(({ modelDigest }) => modelDigest);
    known.set(key, found);
    return found;
  };
}

async function accountsOf(net: RunningNet, url: string, names: string[]): Promise<Map<string, NeuroClient>> {
  return new Map(await Promise.all(names.map(async (name) => {
    const key = (await readFile(path.join(net.folder, name, 'account.key'), 'utf8')).trim() as Hex;
    return [name, await createClient({ url, account: privateKeyToAccount(key) })] as const;
  })));
}

async function idOf(client: NeuroClient): Promise<number> {
  return client.publicClient.readContract({ address: client.config.deployment.addresses.validators, abi: validatorsAbi, functionName: 'validatorIdOf', args: [client.account!.address as Address] });
}

/** What liars lose is filled up from here: they stay until the end, and lie on. */
async function stakeMore(liars: NeuroClient[], url: string): Promise<void> {
  const treasury = await treasurer(url);
  const amount = parseUnits('30000', 18);
  for (const client of liars) {
    await treasury.send({ address: treasury.config.deployment.addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'transfer', args: [client.account!.address, amount], sentence: 'Fund' });
    await stakeCoins({ client, amount });
  }
}

function quantile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
