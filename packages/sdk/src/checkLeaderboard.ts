import { type BoardEntry, type LeaderboardDto, canonicalJson, jobStates, trainingAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import { type Check, compared } from './checks.ts';
import { checkReceipt } from './checkReceipt.ts';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/** An entry with what was compared. `passed`: nothing was found wrong. */
export type CheckedEntry = { jobId: Hex; passed: boolean; checks: Check[] };

/**
 * Checks the entries of a leaderboard's page against the chain and the runs' receipts: each receipt as `checkReceipt` does,
 * that its verdict is final, and that split, target, scores, steps and cost are the ones shown. That no run was left out is
 * not among it, and ranks follow from the numbers.
 */
export async function checkLeaderboard(parameters: { client: NeuroClient; board: LeaderboardDto }): Promise<CheckedEntry[]> {
  const { client, board } = parameters;
  const checked: CheckedEntry[] = [];
  for (const entry of board.items) {
    const { checks: ofReceipt, receipt, spec } = await checkReceipt({ client, jobId: entry.jobId });
    const { steps, metrics } = receipt.body;
    const { algorithm, task, target, split, features } = spec.train;
    const shown = { algorithm: entry.algorithm, task: board.section?.task, target: board.section?.target, split: board.split.fixed ? board.split.split : null, features: entry.features, steps: entry.steps, scores: entry.scores, trainRows: entry.trainRows, testRows: entry.testRows };
    const proved = { algorithm, task, target, split, features: features.length, steps, scores: metrics.scores, trainRows: metrics.trainRows, testRows: metrics.testRows };
    const checks = [
      ...ofReceipt,
      compared({ name: 'Entry', ok: isSame(shown, proved), passed: 'split, target, scores and steps are those of spec and receipt', failed: 'split, target, scores or steps are not those of spec and receipt' }),
      await chainCheck(client, entry),
    ];
    checked.push({ jobId: entry.jobId, passed: checks.every(({ status }) => status !== 'failed'), checks });
  }
  return checked;
}

function isSame(one: object, other: object): boolean {
  const [left, right] = [one, other].map((value) => new TextDecoder().decode(canonicalJson(value)));
  return left === right;
}

/** What the contract says of verdict and money. */
async function chainCheck(client: NeuroClient, entry: BoardEntry): Promise<Check> {
  const address = client.config.deployment.addresses.training;
  const job = await client.publicClient.readContract({ address, abi: trainingAbi, functionName: 'job', args: [entry.jobId] }).catch((error: unknown) => { throw toNeuroError(error); });
  const state = jobStates[job.state] ?? 'none';
  const cost = job.price + job.workerFee + job.validationFee;
  return compared({
    name: 'Verdict and cost', ok: state === 'settled' && cost === entry.cost && job.receiptDigest === entry.receiptDigest, by: `this machine, from contract ${address}`,
    passed: 'settled, at this cost', failed: `the run is ${state}, its cost ${cost} base units, its receipt ${job.receiptDigest}`,
  });
}
