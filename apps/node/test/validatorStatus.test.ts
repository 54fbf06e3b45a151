import { challengesAbi, parseNcr, validatorsAbi, verdicts } from '@neurodata/protocol';
import { type NeuroClient, type ValidatorStatus, checkpointPathOf, connectChain, counterTreeOf, readValidatorStatus } from '@neurodata/sdk';
import { memoryBlocks } from '@neurodata/storage';
import { encodeAbiParameters, getAddress, keccak256 } from 'viem';
import type { Address, Hex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../src/common/logger.ts';
import { contractsOf } from '../src/duty/contracts.ts';
import { createAudit } from '../src/validator/createAudit.ts';
import type { ValidatorSetup } from '../src/validator/setup.ts';
import { type World, bytes32, createWorld, noPermit } from '../src/indexer/testing/world.ts';

/** What each of the three validators does in a round. */
type Deed = 'accept' | 'reject' | 'silent' | 'unrevealed';

let world: World;
let client: NeuroClient;
let assetId: bigint;
let compute: number;

beforeAll(async () => {
  world = await createWorld();
  const blocks = memoryBlocks();
  const account = mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex: 4 });
  client = await connectChain({ config: world.config, rpcUrl: world.url, blocks, gateway: blocks, account, url: world.url });
});
afterAll(() => world.stop());

const status = (who?: number | Address): Promise<ValidatorStatus> => readValidatorStatus({ client, ...(who === undefined ? {} : { who }) });
const roundOf = (roundId: Hex) => world.publicClient.readContract({ address: world.deployment.addresses.validators, abi: validatorsAbi, functionName: 'round', args: [roundId] });

/** Draws, lets the committee commit and reveal, and waits until the round can be settled. */
async function attest(roundId: Hex, deeds: Deed[]): Promise<void> {
  const { send, mine, later, accounts, publicClient } = world;
  const salt = bytes32('salt');
  const evidence = bytes32('evidence');
  await mine(2);
  await send(accounts.other, 'validators', 'drawCommittee', [roundId]);
  const members = accounts.validators.map((account, index) => ({ account, deed: deeds[index]!, verdict: verdicts.indexOf(deeds[index] === 'reject' ? 'reject' : 'accept') }));
  const types = [{ type: 'bytes32' }, { type: 'address' }, { type: 'uint8' }, { type: 'bytes32' }, { type: 'bytes32' }] as const;
  for (const { account, verdict } of members.filter(({ deed }) => deed !== 'silent')) await send(account, 'validators', 'commit', [roundId, keccak256(encodeAbiParameters(types, [roundId, account, verdict, evidence, salt]))]);
  const until = async (moment: number): Promise<void> => later(moment - Number((await publicClient.getBlock()).timestamp) + 1);
  if (deeds.includes('silent')) await until((await roundOf(roundId)).commitUntil);
  for (const { account, verdict } of members.filter(({ deed }) => deed === 'accept' || deed === 'reject')) await send(account, 'validators', 'reveal', [roundId, verdict, evidence, salt]);
  if (deeds.includes('unrevealed')) await until((await roundOf(roundId)).revealUntil);
}

async function settle(roundId: Hex, deeds: Deed[]): Promise<void> {
  await attest(roundId, deeds);
  await world.send(world.accounts.other, 'validators', 'settle', [roundId]);
}

/** What the newest round was to each validator. */
const outcomes = async (): Promise<(string | undefined)[]> => Promise.all([1, 2, 3].map(async (who) => (await status(who)).rounds[0]?.outcome));

test('before any round there is nothing to tell, and a stranger is no validator', async () => {
  const found = await status();
  expect(found).toMatchObject({ validatorId: 1, account: getAddress(world.accounts.validators[0]!), active: true, complete: true, rounds: [], duties: [], atRisk: 0n, participation: { all: { drawn: 0, attended: 0, missed: 0 } } });
  expect(found.stake).toEqual({ own: parseNcr('20000'), locked: parseNcr('10000'), free: parseNcr('10000'), delegated: 0n, least: parseNcr('10000') });
  expect(found.costs).toEqual({ silence: parseNcr('10'), minority: parseNcr('100'), overruled: parseNcr('1000') });
  expect(found.next).toBeUndefined();
  await expect(status(world.accounts.buyer)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(status(4)).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('1 to 3') });
});

test('a round of a version: what is due, and why it paid', async () => {
  const published = await world.publish('Agreed');
  assetId = published.assetId;
  await world.mine(2);
  await world.send(world.accounts.other, 'validators', 'drawCommittee', [published.roundId]);
  const due = await status();
  const { commitUntil } = await roundOf(published.roundId);
  expect(due.next).toEqual({ roundId: published.roundId, what: 'commit', until: commitUntil });
  expect(due.duties).toMatchObject([{ outcome: 'to-commit', kind: 'version', deadline: commitUntil, risk: parseNcr('10') }]);
  expect(due).toMatchObject({ atRisk: parseNcr('10'), participation: { all: { drawn: 0, attended: 0, missed: 0 } } });

  const second = await world.publish('Agreed at once');
  await settle(second.roundId, ['accept', 'accept', 'accept']);
  const [paid] = (await status(2)).rounds;
  expect(paid).toMatchObject({ outcome: 'paid', roundId: second.roundId, reward: parseNcr('0.2'), winners: 3, fee: parseNcr('0.6') });
  expect(paid?.sentence).toBe('Paid 0.2 NCR: it accepted, as the quorum did (accepted by 3 of 3, rejected by 0). The fee of 0.6 NCR was shared by the 3 that were right.');

  // The first round: nobody comes.
  await world.later(commitUntil);
  await world.send(world.accounts.other, 'validators', 'settle', [published.roundId]);
  const missed = (await status()).rounds.find(({ roundId }) => roundId === published.roundId);
  expect(missed).toMatchObject({ outcome: 'never-committed', right: 'none', slash: { fault: 'silence', amount: parseNcr('10'), delegated: 0n, to: 'pool' } });
  expect((await status()).duties).toEqual([]);
});

test('of a version again: minority, silence, no quorum; delegated stake is lost with the own', async () => {
  const { send, accounts } = world;
  await send(accounts.other, 'staking', 'stake', [parseNcr('1000')]);
  await send(accounts.other, 'staking', 'delegate', [accounts.validators[2], parseNcr('1000')]);
  const minority = await world.publish('Minority');
  await settle(minority.roundId, ['accept', 'accept', 'reject']);
  expect(await outcomes()).toEqual(['paid', 'paid', 'minority']);
  const [lonely] = (await status(3)).rounds;
  expect(lonely?.slash).toBeUndefined();
  expect(lonely?.sentence).toContain('In a round of this kind a minority earns nothing and loses nothing.');

  const silent = await world.publish('Silent');
  await settle(silent.roundId, ['accept', 'accept', 'silent']);
  const [missed] = (await status(3)).rounds;
  const { delegated = 0n } = missed?.slash ?? {};
  expect(missed).toMatchObject({ outcome: 'never-committed', right: 'accept', slash: { fault: 'silence', amount: parseNcr('10'), to: 'pool' } });
  expect(delegated).toBeGreaterThan(parseNcr('0.5'));
  expect((await status(3)).stake.delegated).toBe(parseNcr('1000') - delegated);

  const divided = await world.publish('Divided');
  await settle(divided.roundId, ['accept', 'reject', 'unrevealed']);
  expect(await outcomes()).toEqual(['no-quorum', 'no-quorum', 'never-revealed']);
  const [returned] = (await status()).rounds;
  expect(returned?.sentence).toBe("Not paid, nothing lost: it accepted, but no verdict had two thirds of the committee (accepted by 1 of 3, rejected by 1, 1 silent). The fee of 0.6 NCR went back to the asset's owner.");
  expect((await status(3)).participation.all).toEqual({ drawn: 5, attended: 2, missed: 3 });
});

async function openRun(salt: string): Promise<{ jobId: Hex; roundId: Hex; worker: Address }> {
  compute ||= await world.list(assetId, { kind: 'compute', price: parseNcr('10') });
  const jobId = await world.openJob(compute, salt);
  const roundId = await world.runJob(jobId);
  const { from } = await world.publicClient.getTransaction({ hash: (await world.publicClient.getBlock()).transactions[0] as Hex });
  return { jobId, roundId, worker: from };
}

/** The newest round, that of referees. */
async function refereeRound(): Promise<Hex> {
  const opened = await world.publicClient.getContractEvents({ address: world.deployment.addresses.validators, abi: validatorsAbi, eventName: 'RoundOpened', fromBlock: 0n, strict: true });
  return opened.at(-1)!.args.roundId;
}

const partsIn = async (roundId: Hex) => Promise.all([1, 2, 3].map(async (who) => (await status(who)).rounds.find((round) => round.roundId === roundId)!));

async function afterWindow(jobId: Hex): Promise<void> {
  await world.later(62);
  await world.send(world.accounts.other, 'training', 'finalize', [jobId]);
}

test('of a run: waits for challenges, then the minority is slashed and who was accused by all others too', async () => {
  const live = await world.publish('For runs');
  await world.decide(live.roundId);
  assetId = live.assetId;
  const { jobId, roundId } = await openRun('run');
  await settle(roundId, ['accept', 'accept', 'reject']);
  const waiting = await status(3);
  expect(waiting.duties).toMatchObject([{ roundId, outcome: 'contestable', risk: parseNcr('100') }]);
  expect(waiting.duties[0]?.deadline).toBeGreaterThan(waiting.time);
  expect((await status(1)).atRisk).toBe(parseNcr('1000'));
  expect((await status(1)).next).toBeUndefined();
  await afterWindow(jobId);
  expect(await outcomes()).toEqual(['paid', 'paid', 'minority']);
  expect((await status(3)).rounds[0]).toMatchObject({ winners: 2, slash: { fault: 'minority', amount: parseNcr('100'), to: 'pool' } });
  expect((await status(1)).rounds[0]).toMatchObject({ reward: parseNcr('0.3') });

  const copied = await openRun('copied');
  await settle(copied.roundId, ['accept', 'accept', 'accept']);
  for (const accuser of world.accounts.validators.slice(0, 2)) await world.send(accuser, 'validators', 'accuse', [copied.roundId, 3]);
  await afterWindow(copied.jobId);
  expect(await outcomes()).toEqual(['paid', 'paid', 'accused']);
  expect((await status(3)).rounds[0]).toMatchObject({ accusers: [1, 2], slash: { fault: 'accused', amount: parseNcr('100'), to: 'pool' } });
});

test('of a run that is appealed: referees overrule the quorum, and who stood against it earns the fee', async () => {
  const { send, accounts, deployment } = world;
  const { jobId, roundId, worker } = await openRun('appealed');
  await settle(roundId, ['reject', 'reject', 'accept']);
  await send(worker, 'neuroCoin', 'approve', [deployment.addresses.challenges, parseNcr('100')]);
  await send(worker, 'challenges', 'appeal', [jobId, noPermit]);
  expect((await status(1)).duties).toMatchObject([{ roundId, outcome: 'contested', risk: parseNcr('1000') }]);
  await settle(await refereeRound(), ['accept', 'accept', 'accept']);
  const found = await partsIn(roundId);
  expect(found.map(({ outcome }) => outcome)).toEqual(['overruled', 'overruled', 'paid-after-challenge']);
  expect(found[0]).toMatchObject({ resolved: 'overturned', right: 'accept', slash: { fault: 'overruled', amount: parseNcr('1000'), to: 'run' } });
  expect(found[2]).toMatchObject({ reward: parseNcr('0.6'), winners: 1 });
  expect(await outcomes()).toEqual(['paid', 'paid', 'paid']);
  expect((await status(accounts.validators[0])).rounds[0]).toMatchObject({ kind: 'run', judgesRun: false });
});

test('of a run whose referees were divided: the verdict stands, and nobody pays for having been in the minority', async () => {
  const { send, deployment } = world;
  const { jobId, roundId, worker } = await openRun('doubted');
  await settle(roundId, ['reject', 'reject', 'accept']);
  await send(worker, 'neuroCoin', 'approve', [deployment.addresses.challenges, parseNcr('100')]);
  await send(worker, 'challenges', 'appeal', [jobId, noPermit]);
  const referees = await refereeRound();
  await settle(referees, ['accept', 'reject', 'silent']);
  expect((await partsIn(referees))[0]?.sentence).toContain('The fee of 0.6 NCR went back to who had put up the bond of the challenge.');
  await afterWindow(jobId);
  const found = await partsIn(roundId);
  expect(found.map(({ outcome, slash }) => [outcome, slash?.amount])).toEqual([['paid', undefined], ['paid', undefined], ['minority', undefined]]);
  expect(found[2]?.sentence).toContain('A challenge of the run was left undecided, so the minority loses nothing.');
});

test('of a run for whose receipt nobody speaks in a challenge: it fails, and the quorum is paid all the same', async () => {
  const { send, accounts, deployment, later } = world;
  const { jobId, roundId } = await openRun('abandoned');
  await settle(roundId, ['accept', 'accept', 'reject']);
  const { digests, root } = counterTreeOf({ digests: [bytes32('one'), bytes32('two'), bytes32('three')], count: 3 });
  await send(accounts.other, 'neuroCoin', 'approve', [deployment.addresses.challenges, parseNcr('100')]);
  await send(accounts.other, 'challenges', 'challenge', [jobId, root, noPermit]);
  const challengeId = await world.publicClient.readContract({ address: deployment.addresses.challenges, abi: challengesAbi, functionName: 'challengeCount' });
  await send(accounts.other, 'challenges', 'post', [challengeId, [{ counter: true, digest: digests[1], path: checkpointPathOf(digests, 1) }]]);
  await later(61);
  await send(accounts.other, 'challenges', 'poke', [challengeId]);
  const found = await partsIn(roundId);
  expect(found.map(({ outcome, slash, resolved }) => [outcome, slash, resolved])).toEqual([['paid', undefined, 'silence'], ['paid', undefined, 'silence'], ['minority', undefined, 'silence']]);
  expect(found[0]?.sentence).toContain('The run failed all the same, because nobody spoke for its receipt in a challenge; that shows nothing about those who accepted it.');
  expect(found[2]?.sentence).toContain('nobody is paid or slashed for that.');
});

test('sums are those of the contracts, and the list is as long as asked for', async () => {
  const found = await status();
  expect(found.rewards.earned).toBe(found.rewards.owed);
  expect(found.stake.own).toBe(parseNcr('20000') - found.rewards.slashed);
  expect(found.duties).toEqual([]);
  expect((await readValidatorStatus({ client, who: 1, rounds: 2 })).rounds.map(({ roundId }) => roundId)).toEqual(found.rounds.slice(0, 2).map(({ roundId }) => roundId));
  expect((await status(3)).participation.all).toMatchObject({ missed: 4 });
});

test('an RPC that gives few blocks at a time changes nothing', async () => {
  const whole = await status(3);
  let refused = 0;
  const narrow: NeuroClient = { ...client, publicClient: new Proxy(client.publicClient, {
    get: (target, name) => (name !== 'request' ? Reflect.get(target, name) as unknown : async (call: { method: string; params: [{ fromBlock: Hex; toBlock: Hex }] }) => {
      const [range] = call.params;
      if (call.method !== 'eth_getLogs' || Number(range.toBlock) - Number(range.fromBlock) < 600) return target.request(call as never);
      refused += 1;
      throw new Error('query exceeds max block range 600');
    }),
  }) };
  await world.mine(600);
  const pieces = await readValidatorStatus({ client: narrow, who: 3 });
  expect(refused).toBeGreaterThan(0);
  expect(pieces.requests).toBeGreaterThan(whole.requests);
  expect({ ...pieces, block: 0, time: 0, requests: 1, rewards: { ...pieces.rewards, staking: 0n } }).toEqual({ ...whole, block: 0, time: 0, rewards: { ...whole.rewards, staking: 0n } });
});

test('what a reorganisation takes back of accusations is said again, and one that stands holds up no other', async () => {
  const { roundId } = await openRun('rewritten');
  await settle(roundId, ['accept', 'accept', 'accept']);
  await world.send(world.accounts.validators[0]!, 'validators', 'accuse', [roundId, 2]);
  const { proofs, ...duty } = { validatorId: 1, roundId, verdict: 'accept', evidence: bytes32('evidence'), salt: bytes32('salt'), stage: 'revealed', proofs: { 1: bytes32('evidence'), 2: bytes32('else'), 3: bytes32('else') } } as const;
  const setup = { client, contracts: contractsOf(world.deployment.addresses), account: getAddress(world.accounts.validators[0]!), validatorId: 1, log: createLogger({ level: 'silent' }) } as Partial<ValidatorSetup> as ValidatorSetup;
  const audit = createAudit({ setup, duties: { find: async (key) => (key.roundId === roundId ? { ...duty, proofs } : undefined), save: async () => undefined }, challenges: false });
  const accused = async (): Promise<number[]> => (await world.publicClient.getContractEvents({ address: world.deployment.addresses.validators, abi: validatorsAbi, eventName: 'Accused', args: { roundId }, fromBlock: 0n, strict: true })).map(({ args }) => args.accusedId);
  const request = (method: string, params: unknown[] = []): Promise<unknown> => world.publicClient.request({ method, params } as never);
  const snapshot = await request('evm_snapshot');
  audit.start();
  try {
    await expect.poll(accused, { timeout: 20_000 }).toEqual([2, 3]);
    await request('evm_revert', [snapshot]);
    expect(await accused()).toEqual([2]);
    await expect.poll(accused, { timeout: 20_000 }).toEqual([2, 3]);
  } finally {
    await audit.stop();
  }
});
