import { guardianAbi, marketAbi, neuroCoinAbi, parseNcr } from '@neurodata/protocol';
import { cancelProposal, castVote, delegateVotes, endPause, executeProposal, type NeuroClient, pause, poll, propose, queueProposal, readPause, readProposal, listProposals, parameterCall, readParameters, readVotingPower, syncPause, unwrapVotes, wrapVotes } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SmallStack, startSmallStack } from './smallStack.ts';

let stack: SmallStack;
let alice: NeuroClient;
let bob: NeuroClient;

beforeAll(async () => {
  stack = await startSmallStack({
    change: (params, cast) => ({
      ...params, handOver: true, guardian: { ...params.guardian, account: cast.people[3]!.account.address },
      governance: { ...params.governance, votingDelay: 1, votingPeriod: 6, timelockDelay: 2, proposalThreshold: parseNcr('1000'), quorumFloor: parseNcr('5000') },
    }),
  });
  [alice, bob] = await Promise.all([stack.connect(stack.cast.people[1]!.account.privateKey), stack.connect(stack.cast.people[2]!.account.privateKey)]);
});
afterAll(() => stack.stop());

/** Asks again, for at most 30 s, what is refused as long as a time has not come. */
const eventually = <T>(what: string, ask: () => Promise<T | undefined>): Promise<T> =>
  poll({ what, remedy: 'Look at the chain.', timeoutMs: 30_000, intervalMs: 300, ask: () => ask().catch(() => undefined) });

const reach = (client: NeuroClient, proposalId: bigint, state: string): Promise<true> =>
  eventually(`proposal ${proposalId} to be ${state}`, async () => ((await readProposal({ client, proposalId })).state === state ? true : undefined));

test('a vote changes the fee of the market, and nothing else can', async () => {
  const { addresses } = alice.config.deployment;
  const market = { address: addresses.market, abi: marketAbi } as const;
  const params = await alice.publicClient.readContract({ ...market, functionName: 'params' });
  expect(params.feeBps).toBe(25);
  const deployer = await stack.connect(stack.cast.deployer.privateKey);
  const change = { ...params, feeBps: 50 };
  await expect(deployer.send({ ...market, functionName: 'setParams', args: [change], sentence: 'Change the fee' })).rejects.toThrow(/Only the contract's owner/);

  const calls = [{ contract: 'market', functionName: 'setParams', args: [change] }] as const;
  expect(await parameterCall({ client: alice, contract: 'market', changes: { feeBps: 50n } })).toEqual(calls[0]);
  await expect(parameterCall({ client: alice, contract: 'market', changes: { feeBps: 9_999 } })).rejects.toMatchObject({ code: 'REVERTED', message: expect.stringContaining('would refuse') });
  await expect(parameterCall({ client: alice, contract: 'market', changes: { fee: 1 } })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('market has no parameter fee.') });
  const parameters = await readParameters({ client: alice });
  expect(parameters).toContainEqual({ contract: 'market', name: 'feeBps', type: 'uint16', value: 25n });
  expect(parameters).toContainEqual({ contract: 'market', name: 'treasury', type: 'address', value: params.treasury });
  await expect(propose({ client: alice, calls, description: 'Raise the fee' })).rejects.toThrow(/too few votes/);
  await wrapVotes({ client: alice, amount: parseNcr('6000') });
  await wrapVotes({ client: bob, amount: parseNcr('2000'), delegatee: null });
  await delegateVotes({ client: bob, delegatee: bob.account!.address });
  const { proposalId } = await eventually('votes of a past second', () => propose({ client: alice, calls, description: 'Raise the fee' }));
  await expect(propose({ client: alice, calls: [{ ...calls[0], functionName: 'setParam' }], description: '' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(castVote({ client: alice, proposalId: 1n, support: 'for' })).rejects.toThrow(/no such proposal/);

  expect(await readVotingPower({ client: alice, proposalId, account: alice.account!.address })).toEqual({ votes: parseNcr('6000'), voted: false });
  await reach(alice, proposalId, 'active');
  await castVote({ client: alice, proposalId, support: 'for' });
  expect(await readVotingPower({ client: alice, proposalId, account: alice.account!.address })).toEqual({ votes: parseNcr('6000'), voted: true });
  await castVote({ client: bob, proposalId, support: 'against', reason: 'It is enough.' });
  await expect(cancelProposal({ client: alice, proposalId })).rejects.toThrow(/cannot cancel/);
  await expect(castVote({ client: bob, proposalId, support: 'for' })).rejects.toThrow(/has voted already/);
  expect(await readProposal({ client: alice, proposalId })).toMatchObject({
    state: 'active', description: 'Raise the fee', proposer: alice.account!.address, quorum: parseNcr('5000'),
    votes: { for: parseNcr('6000'), against: parseNcr('2000'), abstain: 0n },
    calls: [{ contract: 'market', functionName: 'setParams', args: [change] }],
  });

  await reach(alice, proposalId, 'succeeded');
  await expect(executeProposal({ client: bob, proposalId })).rejects.toThrow(/not hold this operation|another state/);
  await queueProposal({ client: bob, proposalId });
  const queued = await readProposal({ client: alice, proposalId });
  expect(queued.state).toBe('queued');
  expect(queued.eta).toBeGreaterThan(queued.voteEnd);
  await eventually('the delay to be over', () => executeProposal({ client: bob, proposalId }));
  expect(await alice.publicClient.readContract({ ...market, functionName: 'params' })).toEqual(change);
  expect((await listProposals({ client: alice })).map(({ state }) => state)).toEqual(['executed']);

  await unwrapVotes({ client: alice, amount: parseNcr('6000') });
  expect(await alice.publicClient.readContract({ address: addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'balanceOf', args: [alice.account!.address] })).toBe(parseNcr('10000'));
});

test('the guardian pauses for a while, a validator tells the market, and not twice', async () => {
  const guardian = await stack.connect(stack.cast.people[3]!.account.privateKey);
  const { addresses } = guardian.config.deployment;
  const brake = { address: addresses.guardian, abi: guardianAbi } as const;
  await expect(pause({ client: alice, seconds: 60 })).rejects.toThrow(/Only the guardian/);
  expect(await readPause({ client: alice })).toMatchObject({ guardian: guardian.account!.address, paused: false, market: { paused: false }, inStep: true });
  expect(await syncPause({ client: alice })).toBeUndefined();

  // By the contract alone, so that only the validator is there to tell the market.
  await guardian.send({ ...brake, functionName: 'pause', args: [600], sentence: 'Pause' });
  expect(await readPause({ client: alice })).toMatchObject({ paused: true, market: { paused: false }, inStep: false });
  const validator = await stack.validator(0);
  await validator.start();
  await eventually('the market to know of the pause', async () => ((await readPause({ client: alice })).market.paused ? true : undefined));
  await expect(approveAndBuy()).rejects.toThrow(/paused for now/);
  await validator.stop();
  await endPause({ client: guardian });
  expect(await readPause({ client: alice })).toMatchObject({ paused: false, market: { paused: false }, inStep: true });
  await expect(pause({ client: guardian, seconds: 60 })).rejects.toThrow(/cannot pause again yet/);
});

/** No listing is there: a market that takes orders says that, a paused one says so first. */
async function approveAndBuy(): Promise<unknown> {
  const { market } = alice.config.deployment.addresses;
  return alice.send({ address: market, abi: marketAbi, functionName: 'buy', args: [1, 1, 0n, `0x${'11'.repeat(32)}`], sentence: 'Buy' });
}
