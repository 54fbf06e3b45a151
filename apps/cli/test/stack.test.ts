import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createClient, readAgreement, readDealEscrow } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../node/src/freePort.ts';

const bin = path.join(import.meta.dirname, '../bin/neurodata.mjs');
let folder = '';
let environment: NodeJS.ProcessEnv = {};
let node: ChildProcess;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-stack-'));
  environment = { ...process.env, NEURODATA_HOME: path.join(folder, 'state'), NEURODATA_PORT: String(await freePort()), NEURODATA_SEED: '0', NEURODATA_WEB: '0' };
  delete environment['NEURODATA_PRIVATE_KEY'];
  node = spawn(process.execPath, [bin, 'node', 'up'], { cwd: folder, env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    node.stderr?.on('data', (piece: Buffer) => {
      said += piece.toString();
      if (said.includes('is ready')) resolve();
    });
    node.once('exit', () => reject(new Error(`the node ended: ${said}`)));
  });
});

afterAll(async () => {
  if (node.exitCode === null) {
    node.kill('SIGTERM');
    await once(node, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

type Ran = { code: number | null; stdout: string; stderr: string };

async function neurodata(words: string[], extra: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const child = spawn(process.execPath, [bin, ...words], { cwd: folder, env: { ...environment, ...extra }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ran: Ran = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (piece: Buffer) => { ran.stdout += piece.toString(); });
  child.stderr.on('data', (piece: Buffer) => { ran.stderr += piece.toString(); });
  const [code] = await once(child, 'close') as [number | null];
  return { ...ran, code };
}

/** Runs a command with `--json`, which must succeed, and reads its one value. */
async function value<T>(...words: string[]): Promise<T> {
  const ran = await neurodata([...words, '--json', '--yes']);
  if (ran.code !== 0) throw new Error(`${words.join(' ')}: ${ran.stderr}`);
  return JSON.parse(ran.stdout) as T;
}

/** Two clouds that a line almost separates, with a gap here and there. */
function table(): string {
  const row = (index: number): string => {
    const x = ((index * 37) % 101) / 10;
    const y = ((index * 53) % 97) / 10;
    return `${index % 29 === 0 ? '' : x},${y},${['north', 'south'][index % 2]},${x + y + (index % 5) > 11 ? 'high' : 'low'}`;
  };
  return `x,y,side,level\n${Array.from({ length: 240 }, (_, index) => row(index)).join('\n')}\n`;
}

type Checks = { checks: { name: string; status: string }[] };
const failed = ({ checks }: Checks): string[] => checks.filter(({ status }) => status === 'failed').map(({ name }) => name);

test('a sale and a verified run, by the command line alone', { timeout: 400_000 }, async () => {
  const csv = table();
  await writeFile(path.join(folder, 'rows.csv'), csv);
  const { assetId, listings } = await value<{ assetId: number; listings: { kind: string }[] }>('datasets', 'publish', 'rows.csv', '--no-sample', '--as', 'publisher', '--title', 'Two clouds', '--description', 'Made for a test', '--license', 'CC0-1.0', '--price', '25', '--run-price', '2', '--model-share', '10%', '--validators-read');
  expect(listings.map(({ kind }) => kind)).toEqual(['download', 'compute']);

  const { orderId } = await value<{ orderId: string }>('datasets', 'buy', String(assetId), '--as', 'alice');
  expect(failed(await value<Checks>('datasets', 'download', orderId, '--as', 'alice', '-o', 'bought.csv'))).toEqual([]);
  expect(await readFile(path.join(folder, 'bought.csv'), 'utf8')).toBe(csv);
  expect((await neurodata(['datasets', 'download', orderId, '--as', 'alice', '-o', 'bought.csv'])).stderr).toContain('exists already');
  expect((await neurodata(['datasets', 'download', orderId, '--as', 'bob'])).stderr).toContain('was bought by');
  await value('orders', 'confirm', orderId, '--as', 'alice');
  expect(await value<object>('reviews', 'write', orderId, '4', '--text', 'As described.', '--as', 'alice')).toMatchObject({ edited: false });
  expect(await value<object>('reviews', 'list', '--asset', String(assetId))).toMatchObject({ items: [{ orderId, rating: 4, textCid: expect.stringMatching(/^baf/) }] });
  expect(await value<{ paid: string }>('orders', 'claim', '--as', 'publisher')).toMatchObject({ paid: '24937500000000000000' });

  const job = await value<{ jobId: string; state: string }>('jobs', 'run', '--asset', String(assetId), '--target', 'level', '--wait', '--as', 'bob');
  expect(job.state).toBe('settled');
  await value('runs', 'show', job.jobId, '--receipt', 'receipt.json');
  const verified = await value<Checks & { reexecuted: boolean; passed: boolean }>('runs', 'verify', 'receipt.json', '--as', 'alice');
  expect({ ...verified, checks: failed(verified) }).toMatchObject({ reexecuted: true, passed: true, checks: [] });
  expect(await value<object>('runs', 'verify', job.jobId, '--as', 'bob')).toMatchObject({ reexecuted: false, passed: true });
  const forest = await value<{ jobId: string; state: string }>('jobs', 'run', '--asset', String(assetId), '--target', 'level', '--algorithm', 'random-forest', '--set', 'n_estimators=5', '--leaderboard', '--wait', '--as', 'bob');
  expect(forest.state).toBe('settled');
  expect(await value<object>('runs', 'verify', forest.jobId, '--as', 'alice')).toMatchObject({ reexecuted: true, passed: true });
  // Only the second run was tested on the rows that the chain holds out.
  const standing = async (jobId: string): Promise<string> => (await value<{ leaderboard: { counts: string } }>('runs', 'show', jobId)).leaderboard.counts;
  expect([await standing(job.jobId), await standing(forest.jobId)]).toEqual(['no', 'yes']);
  expect(await value<object>('datasets', 'leaderboard', String(assetId), '--check', '--sort', 'cost')).toMatchObject({ section: { target: 'level', sort: 'cost' }, items: [{ rank: 1, jobId: forest.jobId, algorithm: 'random-forest', cost: '3000000000000000000' }], checked: [{ jobId: forest.jobId, passed: true }] });
  expect((await neurodata(['jobs', 'run', '--asset', String(assetId), '--target', 'level', '--leaderboard', '--seed', '7', '--as', 'bob', '--yes'])).stderr).toContain("cannot be used with option '--seed <n>'");
  // Who paid for the run holds its states; with the rows, any part of it can be run again.
  expect(await value<object>('runs', 'audit', forest.jobId, '--data', 'rows.csv', '--as', 'bob')).toMatchObject({ passed: true, whole: true });
  expect((await neurodata(['runs', 'audit', forest.jobId, '--data', 'rows.csv', '--as', 'alice'])).stderr).toContain('NO_KEY');
  // The data's terms ask for leaves of twenty rows or more.
  expect((await neurodata(['jobs', 'run', '--asset', String(assetId), '--target', 'level', '--algorithm', 'random-forest', '--set', 'min_samples_leaf=1', '--as', 'bob', '--yes'])).stderr).toContain('must be at least 20');

  await writeFile(path.join(folder, 'forged.json'), (await readFile(path.join(folder, 'receipt.json'), 'utf8')).replace(/"logLoss":[\d.e-]+/, '"logLoss":0.001'));
  const forged = await neurodata(['runs', 'verify', 'forged.json', '--as', 'alice', '--json']);
  expect(forged.code).toBe(1);
  expect(failed(JSON.parse(forged.stdout) as Checks)).toEqual(['Signature', 'Receipt digest', 'Re-executed metrics']);

  const model = await value<{ assetId: number }>('models', 'publish', job.jobId, '--title', 'Levels', '--license', 'CC0-1.0', '--price', '5', '--as', 'bob');
  const sold = await value<{ orderId: string }>('models', 'buy', String(model.assetId), '--as', 'carol');
  const byOrder = await neurodata(['models', 'predict', sold.orderId, '--rows', 'rows.csv', '--as', 'carol']);
  expect(byOrder.stdout.split('\n')[0]).toBe('prediction,p(high),p(low)');
  expect((await neurodata(['models', 'predict', job.jobId, '--rows', 'rows.csv', '--as', 'bob'])).stdout).toBe(byOrder.stdout);

  // A lost key file is not a lost purchase: the order is over, so the holders seal their shares to another key.
  await value('keys', 'clear', '--as', 'alice');
  expect(failed(await value<Checks>('datasets', 'download', orderId, '--as', 'alice', '-o', 'again.csv'))).toEqual([]);
  // Before that the price could still be returned, and only what was granted on chain opens it.
  const { orderId: open } = await value<{ orderId: string }>('datasets', 'buy', String(assetId), '--as', 'alice');
  await value('keys', 'clear', '--as', 'alice');
  expect((await neurodata(['datasets', 'download', open, '--as', 'alice', '-o', 'once-more.csv'])).stderr).toContain('(NO_KEY)');
  expect((await neurodata(['reset', '--yes'])).stderr).toContain('A node runs on');
});

test('who holds a key, and what its owner can do with it', { timeout: 200_000 }, async () => {
  await writeFile(path.join(folder, 'few.csv'), 'a,b\n1,x\n2,y\n');
  await writeFile(path.join(folder, 'pass.txt'), 'four words are enough\n');
  const { assetId } = await value<{ assetId: number }>('datasets', 'publish', 'few.csv', '--no-sample', '--as', 'publisher', '--title', 'Few', '--description', 'Made for a test', '--license', 'CC0-1.0', '--validators-read', '--committee', '1,2,3', '--threshold', '3');
  const asset = String(assetId);
  expect(await value<object>('keys', 'drill', asset)).toMatchObject({ epoch: 0, threshold: 3, valid: 3, enough: true });
  expect((await neurodata(['keys', 'drill', asset])).stdout).toContain('3 of 3 holders proved their shares; 3 are needed.');
  expect(await value<object>('keys', 'refresh', asset, '--as', 'publisher')).toMatchObject({ epoch: 1, committee: [1, 2, 3], threshold: 3 });
  expect((await neurodata(['keys', 'refresh', asset, '--as', 'alice'])).stderr).toContain('may not have that key handed on');
  await value('keys', 'export', asset, '--out', 'few.age', '--ciphertext', 'few.sealed', '--passphrase-file', 'pass.txt', '--as', 'publisher');
  const nowhere = { NEURODATA_PORT: '1' };
  expect(await neurodata(['keys', 'recover', 'few.age', '--ciphertext', 'few.sealed', '--out', 'few-again.csv', '--passphrase-file', 'pass.txt'], nowhere)).toMatchObject({ code: 0 });
  expect(await readFile(path.join(folder, 'few-again.csv'), 'utf8')).toBe('a,b\n1,x\n2,y\n');
  expect((await neurodata(['keys', 'recover', 'few.age', '--ciphertext', 'few.csv', '--out', 'no.csv', '--passphrase-file', 'pass.txt'], nowhere)).stderr).toContain('(CONTENT_MISMATCH)');
  expect((await neurodata(['keys', 'export', asset, '--out', 'no.age', '--as', 'publisher'])).stderr).toContain('needs one lock');
  expect(await value<object>('keys', 'log', asset, '--as', 'publisher')).toMatchObject({ validators: [1, 2, 3].map((validatorId) => ({ validatorId, items: expect.arrayContaining([expect.objectContaining({ outcome: 'granted' })]) })) });
  expect((await neurodata(['keys', 'log', asset, '--as', 'alice'])).stdout).toContain('is not owned by');
});

test('an account by its private key, without money', async () => {
  const poor = { NEURODATA_PRIVATE_KEY: `0x${'7'.repeat(64)}` };
  const shown = await neurodata(['account', 'show', '--json'], poor);
  expect(JSON.parse(shown.stdout)).toMatchObject({ balance: '0', gasBalance: '0' });
  expect((await neurodata(['datasets', 'buy', '1', '--yes'], poor)).stderr).toContain('(NO_FUNDS)');
  expect((await neurodata(['account', 'fund'], poor)).code).toBe(0);
  expect((await neurodata(['datasets', 'buy', '1', '--yes', '--max-price', '1'], poor)).stderr).toContain('more than the 1 NCR you agreed to');
  expect((await neurodata(['datasets', 'buy', '1', '--yes'], poor)).code).toBe(0);
});

test("the node's deployment reads back without a difference, and governs by votes", { timeout: 120_000 }, async () => {
  const checked = await value<{ facts: { contract: string; name: string; value: string }[]; differences: number }>('deploy', '--check');
  expect(checked.differences).toBe(0);
  const timelock = checked.facts.find(({ contract, name }) => contract === 'governor' && name === 'timelock')?.value;
  expect(checked.facts.find(({ contract, name }) => contract === 'market' && name === 'owner')?.value).toBe(timelock);

  expect((await neurodata(['governance', 'propose', 'market.setParams', '{"feeBps": 30}', '--title', 'A fee of 0.3 %', '--as', 'publisher'])).stderr).toContain('too few votes');
  await value('governance', 'wrap', '5000', '--as', 'publisher');
  expect(await value<object>('governance', 'votes', '--as', 'publisher')).toMatchObject({ voting: '5000000000000000000000' });
  await new Promise((resolve) => { setTimeout(resolve, 2_000); });
  const proposal = await value<{ proposalId: string; state: string; calls: { args: { feeBps: number; treasury: string }[] }[] }>('governance', 'propose', 'market.setParams', '{"feeBps": 30}', '--title', 'A fee of 0.3 %', '--as', 'publisher');
  expect(proposal).toMatchObject({ state: 'pending', calls: [{ contract: 'market', functionName: 'setParams', args: [{ feeBps: 30, treasury: expect.stringMatching(/^0x/) }] }] });
  const prefix = proposal.proposalId.slice(0, 10);
  expect((await neurodata(['governance', 'list'])).stdout).toContain(prefix);
  for (;;) {
    const { state } = await value<{ state: string }>('governance', 'show', prefix);
    if (state === 'active') break;
    await new Promise((resolve) => { setTimeout(resolve, 1_000); });
  }
  expect(await value<object>('governance', 'vote', prefix, 'for', '--as', 'publisher')).toMatchObject({ support: 'for' });
  expect(await value<object>('governance', 'show', prefix)).toMatchObject({ state: 'active', votes: { for: '5000000000000000000000', against: '0' } });
  expect((await neurodata(['governance', 'queue', prefix, '--as', 'publisher'])).stderr).toContain('in another state');
  expect((await neurodata(['governance', 'propose', 'market.setParams', '{"fee": 30}', '--title', 'x', '--as', 'publisher'])).stderr).toContain('has no field fee');
  expect((await neurodata(['governance', 'show', '1'])).code).toBe(1);
});

test('stake, deals and reviews from the command line', { timeout: 240_000 }, async () => {
  await value('stake', 'add', '25', '--as', 'publisher');
  await value('stake', 'unbond', '5', '--as', 'publisher');
  expect(await value<object>('stake', 'show', '--as', 'publisher')).toMatchObject({ stake: '20000000000000000000', unbonding: '5000000000000000000', priority: 5 });
  expect((await neurodata(['stake', 'delegate', 'alice', '1', '--as', 'publisher'])).stderr).toContain('not an active validator');
  const { dealId } = await value<{ dealId: string }>('deals', 'open', 'alice', '--terms', 'ipfs://terms', '--milestone', '10:7', '20:14', '--as', 'publisher');
  await value('deals', 'deliver', dealId, '1', 'the report', '--as', 'alice');
  await value('deals', 'contest', dealId, '1', '--as', 'publisher');
  expect((await neurodata(['deals', 'escalate', dealId, '1', '--as', 'publisher'])).stderr).toContain('Too few jurors');
  await value('deals', 'release', dealId, '1', '4', '--as', 'publisher');
  await value('deals', 'cancel', dealId, '6', '--as', 'publisher');
  expect(await value<object>('deals', 'show', dealId)).toMatchObject({ left: '26000000000000000000', milestones: [{ state: 'contested', left: '6000000000000000000' }, { state: 'waiting' }] });
  await value('deals', 'cancel', dealId, '6', '--as', 'alice');
  expect(await value<object>('deals', 'show', dealId)).toMatchObject({ left: '0' });
  expect((await value<{ hash: string }>('deals', 'withdraw', '--as', 'alice')).hash).toMatch(/^0x/);
  expect(await value<object>('deals', 'list', '--as', 'alice')).toMatchObject({ items: [{ dealId, state: 'cancelled', left: '0' }] });
  expect((await neurodata(['deals', 'list', '--all'])).stdout).toContain('2 of 2');
  expect((await neurodata(['deals', 'open', 'alice', '--milestone', '10:7', '--as', 'publisher'])).stderr).toContain('Give either --terms');
  const agreed = await value<{ dealId: Hex }>('deals', 'open', 'alice', '--agreement', 'A report on penguins.', '--milestone', '10:7:First draft', '20:14', '--as', 'publisher');
  const reader = await createClient({ url: `http://127.0.0.1:${environment['NEURODATA_PORT']}` });
  const { terms } = await reader.api.getDeal({ dealId: agreed.dealId });
  expect(await readAgreement({ client: reader, terms })).toEqual({ text: 'A report on penguins.', milestones: ['First draft', ''] });
  expect(await readAgreement({ client: reader, terms: 'ipfs://terms' })).toBeUndefined();
  const signedEnd = (await neurodata(['deals', 'sign-cancel', agreed.dealId, '5', '--as', 'alice'])).stdout.trim();
  await value('deals', 'cancel-signed', signedEnd, '--as', 'publisher');
  expect(await readDealEscrow({ client: reader, account: (await reader.api.getDeal({ dealId: agreed.dealId })).seller })).toMatchObject({ isAllowed: true, owed: 5n * 10n ** 18n });
  expect((await neurodata(['stake', 'delegations', '--as', 'alice'])).stdout).toContain('Nothing is lent');
  expect((await neurodata(['reviews', 'write', `0x01${'0'.repeat(62)}`, '5', '--as', 'alice'])).code).toBe(1);
});

test('a derived dataset, suspended, appealed, reinstated; its bond comes back', { timeout: 240_000 }, async () => {
  await writeFile(path.join(folder, 'half.csv'), `${table().split('\n').slice(0, 120).join('\n')}\n`);
  const { assetId, alike } = await value<{ assetId: number; alike: object[] }>('datasets', 'publish', 'half.csv', '--no-sample', '--as', 'publisher', '--title', 'Half of it', '--description', 'Made from another', '--license', 'CC0-1.0', '--price', '10', '--validators-read', '--derived-from', '1@1:500');
  expect(alike).toEqual([{ assetId: 1, version: 1, part: 1, by: [1, 2, 3], sameOwner: true }]);
  const id = String(assetId);
  const info = (await neurodata(['datasets', 'info', id])).stdout;
  expect(info).toContain('1 version 1 (Two clouds), 5% to its owner; declared by the publisher');
  expect(info).toContain('not yet reviewed, bond of 5 NCR held');
  expect(info).toContain('very like asset 1 version 1 of the same owner: about 100 % of the rows, found by validators 1, 2, 3');
  expect((await neurodata(['datasets', 'notices', id, '--as', 'publisher'])).stdout).toContain('found nothing that looks like data about people');
  expect((await neurodata(['curation', 'suspend', id, '--reason', 'A copy', '--as', 'alice', '--yes'])).stderr).toContain('Only a curator');
  await value('curation', 'suspend', id, '--reason', 'A copy', '--as', 'curator');
  expect(await value<object>('curation', 'show', id)).toMatchObject({ status: 'suspended', reason: 'A copy', bond: '5000000000000000000', appeal: 'none' });
  expect((await neurodata(['datasets', 'buy', id, '--as', 'alice', '--yes'])).stderr).toContain('suspended');
  expect((await neurodata(['curation', 'slash', id, '--as', 'alice'])).stderr).toContain('may still appeal');
  // Nobody judges here yet: the bond comes back, the suspension stands.
  expect(await value<{ disputeId?: string; cost: string }>('curation', 'appeal', id, '--evidence', 'ipfs://mine', '--as', 'publisher')).toMatchObject({ cost: '0' });
  await value('curation', 'reinstate', id, '--reason', 'It is their own', '--as', 'curator');
  expect(await value<{ paid: { from: string; paid: string }[] }>('account', 'withdraw', '--as', 'publisher')).toMatchObject({ paid: expect.arrayContaining([expect.objectContaining({ from: 'curation', paid: '5000000000000000000' })]) });
  const { orderId } = await value<{ orderId: string }>('datasets', 'buy', id, '--as', 'alice');
  expect(orderId).toMatch(/^0x01/);
  expect((await neurodata(['curation', 'release', id, '--as', 'alice'])).stderr).toContain('curation status');
});

test('jurors, their votes kept on disk, and an appeal from the command line', { timeout: 240_000 }, async () => {
  const judges = ['alice', 'bob', 'carol'];
  for (const name of judges) {
    await value('stake', 'add', '3000', '--as', name);
    await value('jury', 'join', '3', '--as', name);
  }
  expect(await value<object>('jury', 'status', '--as', 'carol')).toMatchObject({ tickets: 3, bond: '3000000000000000000000', activeTickets: 9, openSeats: 0 });
  const { dealId } = await value<{ dealId: string }>('deals', 'open', 'alice', '--terms', 'ipfs://terms', '--milestone', '10:7', '--as', 'publisher');
  await value('deals', 'deliver', dealId, '1', 'the report', '--as', 'alice');
  await value('deals', 'contest', dealId, '1', '--as', 'publisher');
  expect((await neurodata(['deals', 'split', dealId, '1', '5', '--as', 'bob'])).stderr).toContain("Only the deal's arbiter");
  await value('deals', 'evidence', dealId, '1', 'Half of it is missing.', '--as', 'publisher');
  const { disputeId } = await value<{ disputeId: string }>('deals', 'escalate', dealId, '1', '--as', 'publisher');
  expect((await neurodata(['disputes', 'list'])).stdout).toMatch(/1\s+drawing\s+1\s+3\s+0 \(half to each\)/);
  expect(await value<object>('disputes', 'draw', disputeId, '--as', 'bob')).toMatchObject({ drawn: 3, size: 3 });

  type Seats = { phase: string; rounds: { seats: { juror: string; state: string }[] }[] };
  const seats = (await value<Seats>('disputes', 'show', disputeId)).rounds[0]!.seats;
  const { items } = await value<{ items: { name: string; address: string }[] }>('account', 'list');
  const voters = items.filter(({ address }) => seats.some(({ juror }) => juror === address));
  for (const { name } of voters) await value('disputes', 'commit', disputeId, '2', '--as', name);
  expect((await neurodata(['disputes', 'commit', disputeId, '9', '--as', voters[0]!.name])).stderr).toContain('has no ruling 9');
  const file = path.join(folder, 'state', 'keys', `${voters[0]!.address.toLowerCase()}.votes.json`);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ votes: [{ disputeId, round: 0, ruling: 2, juror: voters[0]!.address }] });
  const elsewhere = { NEURODATA_HOME: path.join(folder, 'elsewhere') };
  expect((await neurodata(['disputes', 'reveal', disputeId, '--as', voters[0]!.name], elsewhere)).stderr).toContain('(NO_KEY)');
  for (const { name } of voters) expect(await value<object>('disputes', 'reveal', disputeId, '--as', name)).toMatchObject({ ruling: 2, round: 1 });

  const shown = await neurodata(['disputes', 'show', disputeId]);
  for (const part of ['appeal', '2 (to the seller)', '70 NCR', 'revealed']) expect(shown.stdout).toContain(part);
  expect((await neurodata(['disputes', 'appeal', disputeId, '--as', 'publisher'])).stderr).toContain('Add --yes');
  expect(await value<object>('disputes', 'appeal', disputeId, '--as', 'publisher')).toMatchObject({ cost: '70000000000000000000' });
  await value('disputes', 'evidence', disputeId, 'The half that is missing.', '--as', 'publisher');
  for (const [verb, ...rest] of [['conclude'], ['execute'], ['close-seat', '1', voters[0]!.address]] as const) expect((await neurodata(['disputes', verb, disputeId, ...rest, '--as', 'bob'])).stderr).toContain('(REVERTED)');
  expect((await neurodata(['disputes', 'claim', disputeId, '--as', 'bob'])).stderr).toContain('is not concluded');
  expect(await value<object>('disputes', 'list', '--mine', '--as', voters[0]!.name)).toMatchObject({ items: [{ disputeId: 1, phase: 'drawing', rounds: [{ ruling: 2 }, { size: 7 }] }] });
  await value('jury', 'leave', '--as', 'carol');
  const { items: record } = await value<{ items: { active: boolean }[] }>('jury', 'list');
  expect(record.map(({ active }) => active)).toEqual([true, true, false]);
  expect((await neurodata(['jury', 'exit', '--as', 'carol'])).stderr).toContain('still leaving');
  expect((await neurodata(['disputes', 'show', '77'])).stderr).toContain('(NOT_FOUND)');
});

test('a disputed order goes to the jurors from the command line', { timeout: 240_000 }, async () => {
  const { orderId } = await value<{ orderId: string }>('datasets', 'buy', '1', '--as', 'bob');
  await value('orders', 'dispute', orderId, '--evidence', 'The description says something else.', '--as', 'bob');
  await expect.poll(async () => (await neurodata(['orders', 'show', orderId])).stdout, { timeout: 120_000, interval: 1_000 }).toContain('the buyer may ask jurors');
  expect((await neurodata(['orders', 'resolve', orderId, '--as', 'carol'])).stderr).toContain('too early');
  expect((await neurodata(['orders', 'escalate', orderId, '--as', 'bob'])).stderr).toContain('Add --yes');
  const { disputeId } = await value<{ disputeId: string }>('orders', 'escalate', orderId, '--as', 'bob');
  await value('orders', 'evidence', orderId, 'A picture of it.', '--as', 'bob');
  expect((await neurodata(['orders', 'show', orderId])).stdout).toContain(`before jurors, dispute ${disputeId}`);
  expect((await neurodata(['disputes', 'list'])).stdout).toContain('0 (the default)');
  expect((await neurodata(['orders', 'resolve', orderId, '--as', 'carol'])).stderr).toContain('are not done');
});

test('liquidity and the brake from the command line', { timeout: 240_000 }, async () => {
  expect(await value<object>('liquidity', 'status', '--as', 'bob')).toMatchObject({ reserve: '0', pools: [] });
  await value('liquidity', 'fund', '5', '--as', 'bob');
  expect(await value<object>('liquidity', 'status', '--as', 'bob')).toMatchObject({ reserve: '5000000000000000000' });
  const { facts: deployed } = await value<{ facts: { contract: string; name: string; value: string }[] }>('deploy', '--check');
  const coin = deployed.find(({ contract, name }) => contract === 'staking' && name === 'token')?.value ?? '0x0000000000000000000000000000000000000001';
  expect((await neurodata(['liquidity', 'stake', coin, '1', '--as', 'bob'])).code).toBe(1);
  expect((await neurodata(['liquidity', 'stake', 'nothing', '1', '--as', 'bob'])).stderr).toContain('is not the address of a token');
  expect(await value<object>('guardian', 'show')).toMatchObject({ paused: false, inStep: true });
  expect(await value<object>('guardian', 'sync', '--as', 'bob')).toEqual({ told: false });
  expect((await neurodata(['guardian', 'pause', '5', '--yes', '--as', 'bob'])).stderr).toContain('Only the guardian');
  await value('stake', 'fund', '1', '--as', 'bob');
});

test('gifts, purchases of several, and care for what is published', { timeout: 240_000 }, async () => {
  const { publicKey } = await value<{ publicKey: string }>('keys', 'new', '--as', 'carol');
  const given = await value<{ orderId: string }>('assets', 'gift', '1', 'carol', '--key', publicKey, '--as', 'bob');
  for (;;) {
    if ((await value<{ state: string }>('orders', 'show', given.orderId)).state === 'granted') break;
    await new Promise((resolve) => { setTimeout(resolve, 500); });
  }
  expect(failed(await value<Checks>('datasets', 'download', given.orderId, '--as', 'carol', '-o', 'gift.csv'))).toEqual([]);
  expect((await value<{ orders: object[] }>('assets', 'buy-all', '1', '3', '--as', 'alice')).orders).toMatchObject([{ listingId: 1 }, { listingId: 3 }]);
  expect((await neurodata(['assets', 'gift', '1', 'carol', '--key', '0x12', '--as', 'bob'])).stderr).toContain('is not a public key');

  await value('assets', 'transfer', '2', 'alice', '--as', 'bob');
  expect((await neurodata(['assets', 'revoke', '2', '1', '--reason', 'Old.', '--yes', '--as', 'bob'])).code).toBe(1);
  await value('assets', 'revoke', '2', '1', '--reason', 'Trained on an old version.', '--as', 'alice');
  expect((await neurodata(['assets', 'release-reserve', '2', '1', '--as', 'alice'])).stderr).toContain('(REVERTED)');
  expect((await neurodata(['assets', 'retry', '1', '1', '--as', 'publisher'])).stderr).toContain('(REVERTED)');
  expect((await neurodata(['assets', 'sample', '1', '2', '--as', 'carol'])).stderr).toContain('(REVERTED)');
  expect(await value<object>('assets', 'royalty', '1')).toEqual({ assetId: 1, receiver: null, bps: 0 });
  const asked = await value<{ receiver: string }>('assets', 'royalty', '1', '2.5%', '--to', 'carol', '--as', 'publisher');
  expect(await value<object>('assets', 'royalty', '1')).toEqual({ assetId: 1, receiver: asked.receiver, bps: 250 });
  expect((await neurodata(['assets', 'royalty', '1', '1%', '--as', 'carol'])).stderr).toContain('(REVERTED)');
  expect(await value<object>('assets', 'royalty', '1', '0%', '--as', 'publisher')).toMatchObject({ receiver: null, bps: 0 });
  expect(await value<object>('assets', 'royalty', '1')).toMatchObject({ receiver: null });
  await value('assets', 'retire', '2', '--as', 'publisher');
  expect((await neurodata(['assets', 'retire', '2', '--as', 'publisher'])).stderr).toContain('(REVERTED)');
  await value('account', 'send', 'carol', '1', '--as', 'bob');
  const { items: [job] } = await value<{ items: { jobId: string }[] }>('jobs', 'ps', '--all');
  expect((await neurodata(['jobs', 'refund', job!.jobId, '--as', 'bob'])).stderr).toContain('(REVERTED)');
  expect((await neurodata(['runs', 'canary', job!.jobId, '--as', 'bob'])).stderr).toContain(`canaries/${job!.jobId}.json`);
  const canary = (jobId: string): string => JSON.stringify({ kind: 'neurodata-canary', jobId, receiptDigest: `0x${'00'.repeat(32)}`, digests: [`0x${'01'.repeat(32)}`, `0x${'02'.repeat(32)}`], salt: `0x${'03'.repeat(32)}` });
  await writeFile(path.join(folder, 'canary.json'), canary(`0x02${'00'.repeat(31)}`));
  expect((await neurodata(['runs', 'canary', job!.jobId, '--file', 'canary.json', '--as', 'bob'])).stderr).toContain('That canary is of job 0x02');
  await writeFile(path.join(folder, 'canary.json'), canary(job!.jobId));
  expect((await neurodata(['runs', 'canary', job!.jobId, '--file', 'canary.json', '--yes', '--as', 'bob'])).stderr).toContain('(REVERTED)');
});

test('a deal ends by a signature, without a second transaction', { timeout: 240_000 }, async () => {
  const { dealId } = await value<{ dealId: string }>('deals', 'open', 'alice', '--terms', 'ipfs://terms', '--milestone', '9:7', '--as', 'publisher');
  const signed = await neurodata(['deals', 'sign-cancel', dealId, '3', '--as', 'alice']);
  expect((await neurodata(['deals', 'cancel-signed', '{"dealId":1}', '--as', 'publisher'])).stderr).toContain('not a signed end');
  expect((await neurodata(['deals', 'cancel-signed', signed.stdout, '--as', 'bob'])).stderr).toContain('Only the buyer or the seller');
  await value('deals', 'cancel-signed', signed.stdout, '--as', 'publisher');
  expect(await value<object>('deals', 'show', dealId)).toMatchObject({ left: '0' });
  expect((await neurodata(['deals', 'sign-cancel', dealId, '3', '--as', 'alice'])).stderr).toContain('more than what the deal has left');
});

test('a subscription, by the command line alone', { timeout: 120_000 }, async () => {
  await writeFile(path.join(folder, 'tides.csv'), 'hour,height\n1,2\n2,3\n');
  const published = await value<{ assetId: number; listings: { kind: string; listingId: number }[] }>('datasets', 'publish', 'tides.csv', '--no-sample', '--as', 'publisher', '--title', 'Tides', '--description', 'High and low', '--license', 'CC0-1.0', '--subscription-price', '4', '--period', '12h', '--no-validators-read');
  const [offer] = published.listings;
  expect(offer).toMatchObject({ kind: 'subscription' });
  const cheaper = await value<{ listingId: number; periodMinutes: number }>('subscriptions', 'offer', String(published.assetId), '--price', '3', '--period', '30d', '--as', 'publisher');
  expect(cheaper.periodMinutes).toBe(43_200);
  const taken = await value<{ subscriptionId: string; granted: boolean; total: string }>('subscriptions', 'start', String(published.assetId), '--periods', '2', '--as', 'alice');
  expect(taken).toMatchObject({ granted: true, total: '6000000000000000000' });
  const own = String(cheaper.listingId);
  await value('subscriptions', 'renew', own, '--as', 'alice');
  expect(await value<object>('subscriptions', 'request', own, '--as', 'alice')).toMatchObject({ version: 1, granted: true });
  const { file } = await value<{ file: string }>('subscriptions', 'download', own, '--as', 'alice', '--out', 'copy.csv');
  expect(await readFile(file, 'utf8')).toBe('hour,height\n1,2\n2,3\n');
  expect((await value<{ items: object[] }>('subscriptions', 'list', '--as', 'alice')).items).toEqual([expect.objectContaining({ subscriptionId: taken.subscriptionId, running: true })]);
  expect(await value<object>('subscriptions', 'show', taken.subscriptionId)).toMatchObject({ held: '9000000000000000000', refundable: '6000000000000000000' });
  expect((await value<{ claimed: string[] }>('subscriptions', 'claim', '--as', 'publisher')).claimed).toEqual([taken.subscriptionId]);
  expect(await value<object>('subscriptions', 'cancel', own, '--as', 'alice')).toMatchObject({ refunded: '6000000000000000000' });
  expect(await value<object>('subscriptions', 'withdraw', '--as', 'alice')).toMatchObject({ paid: '6000000000000000000' });
  const stranger = await neurodata(['subscriptions', 'download', taken.subscriptionId, '--as', 'bob']);
  expect(stranger).toMatchObject({ code: 1, stderr: expect.stringContaining('belongs to') });
  expect((await neurodata(['subscriptions', 'renew', 'x', '--as', 'alice'])).stderr).toContain('neither the id of a subscription nor');
});
