import { marketAbi, parseNcr } from '@neurodata/protocol';
import { castVote, contestMilestone, deliverMilestone, drawJury, escalateMilestone, joinJury, openDeal, poll, propose as proposeCalls, stakeCoins, storeAgreement, submitDealEvidence, wrapVotes } from '@neurodata/sdk';
import type { Stack } from './stack.ts';

/** A deal whose first milestone goes before jurors, bob among them unless `join` is false. By the SDK: the pages say what stands, and how to act from the command line. */
export async function contestDeal(stack: Stack, { join = true, draw = true }: { join?: boolean; draw?: boolean } = {}): Promise<{ dealId: string; disputeId: bigint }> {
  const [seller, buyer, juror] = await Promise.all([stack.client('publisher'), stack.client('alice'), stack.client('bob')]);
  if (join) {
    await stakeCoins({ client: juror, amount: parseNcr('3000') });
    await joinJury({ client: juror, tickets: 3 });
  }
  const deadline = Math.floor(Date.now() / 1000) + 30 * 86_400;
  const milestones = [{ amount: parseNcr('50'), deadline }, { amount: parseNcr('100'), deadline }];
  const terms = await storeAgreement({ client: buyer, agreement: { text: 'A survey of penguins in the Palmer archipelago, in two parts.', milestones: ['The raw rows', 'The report'] } });
  const { dealId } = await openDeal({ client: buyer, seller: seller.account!.address, milestones, reviewWindow: 3 * 86_400, arbitrationWindow: 7 * 86_400, terms });
  await deliverMilestone({ client: seller, dealId, index: 0, digest: `0x${'12'.repeat(32)}` });
  await contestMilestone({ client: buyer, dealId, index: 0 });
  await submitDealEvidence({ client: buyer, dealId, index: 0, text: 'The report lacks a chapter.' });
  const { disputeId } = await escalateMilestone({ client: buyer, dealId, index: 0 });
  if (draw) await drawJury({ client: buyer, disputeId });
  return { dealId, disputeId };
}

/** Carol proposes a fee of 0.3 %, and votes for it. */
export async function propose(stack: Stack): Promise<void> {
  const client = await stack.client('carol');
  await wrapVotes({ client, amount: parseNcr('5000') });
  const params = await client.publicClient.readContract({ address: client.config.deployment.addresses.market, abi: marketAbi, functionName: 'params' });
  const { proposalId } = await poll({
    what: 'votes of a past second', remedy: 'Look at the chain.', timeoutMs: 30_000, intervalMs: 500,
    ask: () => proposeCalls({ client, calls: [{ contract: 'market', functionName: 'setParams', args: [{ ...params, feeBps: 30 }] }], description: 'A fee of 0.3 %' }).catch(() => undefined),
  });
  await poll({ what: 'voting to begin', remedy: 'Look at the chain.', timeoutMs: 30_000, intervalMs: 500, ask: () => castVote({ client, proposalId, support: 'for', reason: 'Validators cost money.' }).catch(() => undefined) });
}
