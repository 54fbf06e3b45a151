import { challengesAbi, trainingAbi, validatorsAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/** What cancelling or challenging a run means now. Windows in seconds, amounts in base units of NCR, parts in basis points. */
export type VerdictRules = {
  /** How long a worker may still hand in what it has done of a cancelled run. */
  cancelWindow: number;
  /** Put up with a challenge; the referees' fee is paid out of it. */
  bond: bigint;
  /** The most that referees cost. */
  refereeFee: bigint;
  /** Within which each side must show its next checkpoint. */
  moveWindow: number;
  /** Of a lost bond, the worker's part. */
  wrongedBps: number;
  /** Of what the wrong side loses, the part of a challenger who is found right. */
  rewardBps: number;
};

/** Reads the rules of cancelling and challenging from the chain. Throws `UNREACHABLE`, `TIMEOUT`. */
export async function readVerdictRules(parameters: { client: NeuroClient }): Promise<VerdictRules> {
  const { client } = parameters;
  const { training, challenges, validators } = client.config.deployment.addresses;
  const [run, challenge, roundFee] = await Promise.all([
    client.publicClient.readContract({ address: training, abi: trainingAbi, functionName: 'params' }),
    client.publicClient.readContract({ address: challenges, abi: challengesAbi, functionName: 'params' }),
    client.publicClient.readContract({ address: validators, abi: validatorsAbi, functionName: 'roundFee' }),
  ]).catch((error: unknown) => { throw toNeuroError(error); });
  const { bond, moveWindow, wrongedBps } = challenge;
  return { cancelWindow: run.cancelWindow, bond, refereeFee: bond < roundFee ? bond : roundFee, moveWindow, wrongedBps, rewardBps: run.rewardBps };
}
