import { lastLog, readLogs } from '@neurodata/sdk';
import { zeroHash } from 'viem';
import type { Hex } from 'viem';
import { readJob } from '../duty/readJob.ts';
import { checkRun, readCheckedReceipt } from './checkRun.ts';
import { checkSegment, expectRoot } from './checkSegments.ts';
import { bindEvidence, expectFact } from './finding.ts';
import type { Finding } from './finding.ts';
import { planAudit } from './planAudit.ts';
import type { CheckContext } from './readContent.ts';
import { readRunInput, repeatRun } from './repeatRun.ts';
import { wasActiveAtClaim } from './sealedRun.ts';

/**
 * Referees a challenge that has been narrowed to one step, and says whether the digest in question is that of the
 * checkpoint there, and follows the one on which both sides agree. A run is repeated for it; of a long one that step alone
 * is made again, from the state before it that its worker sealed: a committee that had to look there had no other. Where all
 * checkpoints agree, the question is the receipt itself.
 *
 * @throws Refusal where it is not; anything else where it could not be checked now.
 */
export async function checkStep(context: CheckContext, jobId: Hex): Promise<Finding> {
  const { roundId } = context;
  const { client, contracts, account } = context.setup;
  const calls = await readLogs(client, (range) => client.publicClient.getContractEvents({ ...contracts.challenges, ...range, eventName: 'RefereesCalled', args: { roundId }, strict: true }));
  const { high, agreed, claimed } = lastLog(calls, `The question of round ${roundId}`).args;
  const job = await readJob(client, jobId);
  if (high === job.checkpoints + 1) return checkRun(context, jobId);
  const input = await readRunInput(context, job);
  const { whole } = await planAudit(context.setup, job, input.spec);
  if (!whole && (await wasActiveAtClaim(context, jobId))) {
    const receipt = await readCheckedReceipt(context, job);
    expectRoot(receipt.body);
    const problem = await checkSegment({ context, job, receipt, input, at: high - 1, claimed });
    expectFact(problem === undefined, problem ?? '');
  } else {
    const { checkpoints } = await repeatRun(context, job, input);
    const [before, at] = [checkpoints[high - 2], checkpoints[high - 1]];
    expectFact(high === 1 ? agreed === zeroHash : before?.digest === agreed, `Checkpoint ${high - 2}, on which both sides agree, is not that of the run.`);
    expectFact(at !== undefined, `The run ends before checkpoint ${high - 1}.`);
    expectFact(at.digest === claimed, `Checkpoint ${high - 1} is ${at.digest}, not ${claimed}.`);
  }
  return { verdict: 'accept', evidence: bindEvidence({ roundId, account, bytes: claimed }), reason: `re-executed: checkpoint ${high - 1} is the one in question` };
}
