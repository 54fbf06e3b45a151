import { accusationStates, accusationsAbi, jobStates, marketAbi, neuroCoinAbi, orderStates, trainingAbi, validatorsAbi } from '@neurodata/protocol';
import type { JobState, OrderState } from '@neurodata/protocol';
import { claimOrders, confirmOrder, readAsset, readLogs, readTrial, refundJob, refundOrder, settleTrial, withdrawCredits } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAddressEqual } from 'viem';
import type { Address, Hex } from 'viem';
import { capital } from './people.ts';
import type { Person } from './people.ts';
import { downloadPrice } from './shop.ts';
import type { Ware } from './shop.ts';

/** An order or a job as the chain has it in the end. */
export type Paid = { kind: 'order' | 'job'; id: Hex; person: Person; ware: Ware | undefined; state: OrderState | JobState };

const ENDED: ReadonlySet<string> = new Set(['released', 'claimed', 'refunded', 'settled', 'slashed']);
const LONGEST_MS = 300_000;
const LOOK_EVERY_MS = 2_000;

/**
 * Brings everything that buyers paid for to its end, as they or anybody may: what was taken back by a late reorganisation is
 * confirmed once more, what is overdue refunded. All their orders and jobs, read from the chain alone.
 */
export async function endAll(parameters: { buyers: Person[]; wares: Ware[] }): Promise<Paid[]> {
  for (const until = Date.now() + LONGEST_MS; ; await sleep(LOOK_EVERY_MS)) {
    const all = (await Promise.all(parameters.buyers.map((person) => listPaid(person, parameters.wares)))).flat();
    const open = all.filter(({ state }) => !ENDED.has(state));
    if (open.length === 0 || Date.now() > until) return all;
    await Promise.all(open.map(({ kind, id, state, person: { client } }) => {
      const step = kind === 'job' ? refundJob({ client, jobId: id }) : state === 'granted' ? confirmOrder({ client, orderId: id }) : refundOrder({ client, orderId: id });
      return step.catch(() => undefined);
    }));
  }
}

async function listPaid(person: Person, wares: Ware[]): Promise<Paid[]> {
  const { client } = person;
  const { market, training } = client.config.deployment.addresses;
  const args = { buyer: client.account!.address };
  const [orders, jobs] = await Promise.all([
    readLogs(client, (range) => client.publicClient.getContractEvents({ address: market, abi: marketAbi, eventName: 'OrderOpened', args, strict: true, ...range })),
    readLogs(client, (range) => client.publicClient.getContractEvents({ address: training, abi: trainingAbi, eventName: 'JobOpened', args, strict: true, ...range })),
  ]);
  return Promise.all([
    ...orders.map(async ({ args: { orderId: id, listingId } }): Promise<Paid> => {
      const { state } = await client.publicClient.readContract({ address: market, abi: marketAbi, functionName: 'order', args: [id] });
      return { kind: 'order', id, person, ware: wares.find(({ download }) => download === listingId), state: orderStates[state] ?? 'none' };
    }),
    ...jobs.map(async ({ args: { jobId: id, listingId } }): Promise<Paid> => {
      const { state } = await client.publicClient.readContract({ address: training, abi: trainingAbi, functionName: 'job', args: [id] });
      return { kind: 'job', id, person, ware: wares.find(({ compute }) => compute === listingId), state: jobStates[state] ?? 'none' };
    }),
  ]);
}

export type Money = { /** Base units that somebody misses, or that are stuck in a contract. */ lost: bigint; doublePaid: number; notes: string[] };

/**
 * Whether every coin is where the chain's own records say that it belongs: buyers paid for what they got, once, and for nothing
 * else, publishers have their prices, and nothing is left in the contracts.
 */
export async function judgeMoney(parameters: { buyers: Person[]; publishers: Person[]; others: NeuroClient[]; wares: Ware[]; paid: Paid[]; /** Of each buyer, what it wanted to pay for. */ wanted: Map<Person, number> }): Promise<Money> {
  const { buyers, publishers, others, wares, paid, wanted } = parameters;
  const notes: string[] = [];
  const fees = await settleTrials(paid);
  for (const { client } of publishers) await claimAll(client, wares.filter(({ owner }) => owner.client === client));
  for (const client of [...buyers, ...publishers].map((person) => person.client).concat(others)) for (const from of ['market', 'training', 'accusations'] as const) await withdrawCredits({ client, from });
  let [lost, doublePaid] = [0n, 0];
  const expect = (what: string, missing: bigint): void => {
    if (missing <= 0n) return;
    lost += missing;
    notes.push(`moneyLost: ${missing} ${what}`);
  };
  for (const person of buyers) {
    const own = paid.filter((one) => one.person === person && (one.state === 'released' || one.state === 'claimed' || one.state === 'settled'));
    const runs = await Promise.all(own.filter(({ kind }) => kind === 'job').map(({ id }) => priceOfJob(person.client, id)));
    const spent = (fees.get(person) ?? 0n) + BigInt(own.filter(({ kind }) => kind === 'order').length) * downloadPrice + runs.reduce((sum, price) => sum + price, 0n);
    expect(`of ${person.name}`, capital - spent + (await gainOf(person.client)) - (await balanceOf(person.client, person.client.account!.address)));
    const over = own.length - (wanted.get(person) ?? 0);
    if (over > 0) notes.push(`doublePaid: ${person.name} paid for ${over} more than it wanted`);
    doublePaid += Math.max(0, over);
  }
  const [{ client }] = buyers as [Person];
  const { market, training, accusations } = client.config.deployment.addresses;
  for (const [name, address] of [['market', market], ['training', training], ['accusations', accusations]] as const) expect(`stuck in ${name}`, await balanceOf(client, address));
  const held = [...fees.values()].reduce((sum, fee) => sum + fee, 0n);
  expect('stuck in trials', (await balanceOf(client, client.config.deployment.addresses.trials)) - held);
  return { lost, doublePaid, notes };
}

/** Sends the fees of trials where they belong, as anybody may, and tells of each buyer what must still wait for a purchase: no period ends within a campaign. */
async function settleTrials(paid: Paid[]): Promise<Map<Person, bigint>> {
  const waiting = new Map<Person, bigint>();
  for (const { id: jobId, person, ware, state } of paid.filter(({ kind }) => kind === 'job')) {
    const { client } = person;
    const facts = await readTrial({ client, jobId });
    if (!facts) continue;
    const { market } = client.config.deployment.addresses;
    const bought = await Promise.all(paid.filter((one) => one.kind === 'order' && one.person === person && one.ware === ware && (one.state === 'released' || one.state === 'claimed')).map(async ({ id }) => {
      const { changedAt } = await client.publicClient.readContract({ address: market, abi: marketAbi, functionName: 'order', args: [id] });
      return changedAt >= facts.openedAt ? id : undefined;
    }));
    const orderId = bought.find((id) => id !== undefined);
    const due = orderId !== undefined || state === 'slashed' || state === 'refunded';
    if (due && facts.state === 'held') await settleTrial({ client, jobId, ...(state === 'settled' && facts.order === undefined ? { orderId } : {}) }).catch(() => undefined);
    if (!due) waiting.set(person, (waiting.get(person) ?? 0n) + facts.fee);
  }
  return waiting;
}

/** What accusations have brought the account, less the bonds that it paid for them. */
async function gainOf(client: NeuroClient): Promise<bigint> {
  const { made, ended } = await readAllAccusations(client);
  const own = made.filter(({ args }) => isAddressEqual(args.accuser, client.account!.address));
  return own.reduce((sum, { args }) => sum + (ended.get(args.roundId)?.toAccuser ?? 0n) - args.bond, 0n);
}

async function readAllAccusations(client: NeuroClient) {
  const contract = { address: client.config.deployment.addresses.accusations, abi: accusationsAbi, strict: true } as const;
  const [made, ended] = await Promise.all([
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...contract, ...range, eventName: 'GrantAccused' })),
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...contract, ...range, eventName: 'AccusationEnded' })),
  ]);
  return { made, ended: new Map(ended.map(({ args }) => [args.roundId, args])) };
}

async function balanceOf(client: NeuroClient, account: Address): Promise<bigint> {
  return client.publicClient.readContract({ address: client.config.deployment.addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'balanceOf', args: [account] });
}

async function priceOfJob(client: NeuroClient, jobId: Hex): Promise<bigint> {
  const { price, workerFee, validationFee } = await client.publicClient.readContract({ address: client.config.deployment.addresses.training, abi: trainingAbi, functionName: 'job', args: [jobId] });
  return price + workerFee + validationFee;
}

/** Collects whatever stands on chain as released to this seller. */
async function claimAll(client: NeuroClient, wares: Ware[]): Promise<void> {
  const { market } = client.config.deployment.addresses;
  for (const { download } of wares) {
    const opened = await readLogs(client, (range) => client.publicClient.getContractEvents({ address: market, abi: marketAbi, eventName: 'OrderOpened', args: { listingId: download }, strict: true, ...range }));
    const states = await Promise.all(opened.map(({ args }) => client.publicClient.readContract({ address: market, abi: marketAbi, functionName: 'order', args: [args.orderId] })));
    const released = opened.filter((_, index) => orderStates[states[index]!.state] === 'released').map(({ args }) => args.orderId);
    if (released.length > 0) await claimOrders({ client, orderIds: released });
  }
}

export type Lies = { told: number; slashed: number; honestSlashed: number; notes: string[] };

/** Which lies reached a round, which of them cost stake, and whether anybody lost stake who did not lie. */
export async function judgeLies(parameters: { client: NeuroClient; liars: ReadonlySet<number>; forgers: Address[] }): Promise<Lies> {
  const { client, liars, forgers } = parameters;
  const validators = { address: client.config.deployment.addresses.validators, abi: validatorsAbi } as const;
  const training = { address: client.config.deployment.addresses.training, abi: trainingAbi } as const;
  const [drawn, slashed, opened, receipts, lost] = await Promise.all([
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...validators, ...range, eventName: 'CommitteeDrawn', strict: true })),
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...validators, ...range, eventName: 'ValidatorSlashed', strict: true })),
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...validators, ...range, eventName: 'RoundOpened', strict: true })),
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...training, ...range, eventName: 'ReceiptSubmitted', strict: true })),
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...training, ...range, eventName: 'JobSlashed', strict: true })),
  ]);
  const ofRuns = new Set(opened.filter(({ args }) => args.kind === 1).map(({ args }) => args.roundId));
  const notes: string[] = [];
  const isForger = (account: Address): boolean => forgers.some((one) => isAddressEqual(one, account));
  let [told, punished, honestSlashed] = [0, 0, 0];
  for (const { args: { roundId, committee } } of drawn.filter(({ args }) => ofRuns.has(args.roundId))) {
    for (const id of committee.filter((one) => liars.has(one))) {
      told += 1;
      const paid = slashed.some(({ args }) => args.roundId === roundId && args.validatorId === id);
      if (paid) punished += 1;
      else notes.push(`a lie of validator ${id} in round ${roundId} cost nothing`);
    }
  }
  for (const { args: { jobId } } of receipts.filter(({ args }) => isForger(args.worker))) {
    told += 1;
    if (lost.some(({ args }) => args.jobId === jobId)) punished += 1;
    else notes.push(`the forged receipt of job ${jobId} cost nothing`);
  }
  const accusations = await readAllAccusations(client);
  const accused = Map.groupBy(accusations.made, ({ args }) => `${args.validatorId} for ${args.proofId}`);
  for (const [grant, made] of accused) {
    told += 1;
    if (made.some(({ args }) => accusationStates[accusations.ended.get(args.roundId)?.state ?? 0] === 'guilty')) punished += 1;
    else notes.push(`the false grant of validator ${grant} cost nothing`);
  }
  for (const { args: { validatorId, fault, roundId, amount } } of slashed.filter(({ args }) => !liars.has(args.validatorId))) {
    honestSlashed += 1;
    notes.push(`honestSlashed: validator ${validatorId}, fault ${fault}, ${amount} in round ${roundId}`);
  }
  for (const { args: { jobId, worker } } of lost.filter(({ args }) => !isForger(args.worker))) {
    honestSlashed += 1;
    notes.push(`honestSlashed: worker ${worker} in job ${jobId}`);
  }
  return { told, slashed: punished, honestSlashed, notes };
}

/** Whether everything that was bought opens to its bytes, and both gateways' rows say what the chain says. */
export async function judgeRows(parameters: { paid: Paid[]; gateways: string[] }): Promise<{ lost: number; notes: string[] }> {
  const { paid, gateways } = parameters;
  const notes: string[] = [];
  for (const { id, kind, person, ware, state } of paid) {
    if (kind === 'order' && (state === 'released' || state === 'claimed')) {
      const bytes = await readAsset({ client: person.client, orderId: id }).then((asset) => asset.bytes, (error: unknown) => String(error));
      const same = typeof bytes !== 'string' && [...(ware?.versions.values() ?? [])].some((version) => Buffer.compare(bytes, version) === 0);
      if (!same) notes.push(`rowsLost: order ${id} of ${person.name} does not open${typeof bytes === 'string' ? `: ${bytes}` : ''}`);
    }
    for (const url of gateways) {
      const row = await rowOf(url, kind, id);
      if (row !== state) notes.push(`rowsLost: ${url} says ${row} of ${kind} ${id}, which is ${state}`);
    }
  }
  return { lost: notes.length, notes };
}

async function rowOf(url: string, kind: Paid['kind'], id: Hex): Promise<string> {
  try {
    const answer = await fetch(`${url}/api/v1/${kind === 'order' ? 'orders' : 'jobs'}/${id}`, { signal: AbortSignal.timeout(20_000) });
    return ((await answer.json()) as { state?: string }).state ?? `nothing (${answer.status})`;
  } catch (error) {
    return String(error);
  }
}
