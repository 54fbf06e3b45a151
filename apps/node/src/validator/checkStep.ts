import { lastLog, readLogs } from '@neurodata/sdk';
import { zeroHash } from 'viem';
import type { Hex } from 'viem';
import { readJob } from '../duty/readJob.ts';
import { checkRun, repeatRun } from './checkRun.ts';
import { bindEvidence, expectFact } from './finding.ts';
import type { Finding } from './finding.ts';
import type { CheckContext } from './readContent.ts';

/**
 * Referees a challenge that has been narrowed to one step: repeats the run and says whether the digest in question is
 * that of the checkpoint there, and follows the one on which both sides agree. Where all checkpoints agree, the question is
 * the receipt itself.
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
  const { result } = await repeatRun(context, job);
  const [before, at] = [result.checkpoints[high - 2], result.checkpoints[high - 1]];
  expectFact(high === 1 ? agreed === zeroHash : before?.digest === agreed, `Checkpoint ${high - 2}, on which both sides agree, is not that of the run.`);
  expectFact(at !== undefined, `The run ends before checkpoint ${high - 1}.`);
  expectFact(at.digest === claimed, `Checkpoint ${high - 1} is ${at.digest}, not ${claimed}.`);
  return { verdict: 'accept', evidence: bindEvidence({ roundId, account, bytes: claimed }), reason: `re-executed: checkpoint ${high - 1} is the one in question` };
}
