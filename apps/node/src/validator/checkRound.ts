import type { RoundKind } from '@neurodata/protocol';
import { lastLog, readLogs } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { orAborted } from '../common/orAborted.ts';
import { checkGrant } from './checkGrant.ts';
import { checkRun } from './checkRun.ts';
import { checkStep } from './checkStep.ts';
import { checkOrder, checkVersion } from './checkVersion.ts';
import { Refusal, rejected } from './finding.ts';
import type { Finding } from './finding.ts';
import type { ValidatorSetup } from './setup.ts';

const checks = { version: checkVersion, run: checkRun, order: checkOrder, step: checkStep, grant: checkGrant } as const;

/** How a validator comes to its verdict. */
export type CheckRound = typeof checkRound;

/**
 * Checks what a round is about and says what was found. A wrong fact is a rejection with its reason.
 *
 * @throws whatever keeps it from being checked now: missing blocks, silent key holders, time.
 */
export async function checkRound(parameters: { setup: ValidatorSetup; roundId: Hex; kind: RoundKind; subject: Hex; timeoutMs: number; signal: AbortSignal }): Promise<Finding> {
  const { setup, roundId, kind, subject, timeoutMs, signal } = parameters;
  const { account } = setup;
  const { seed, committee } = await readDraw(setup, roundId);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const finding = checks[kind]({ setup, roundId, seed, committee, timeoutMs, signal: limit }, subject);
    // Some of what it waits for heeds no signal: when time is over its place is wanted for the next check.
    return { ...await orAborted(finding, limit), seed };
  } catch (error) {
    if (error instanceof Refusal) return { ...rejected({ roundId, account, refusal: error }), seed };
    throw error;
  }
}

/** Who was drawn for a round, and with which seed: the last draw, where a reorganisation took one back. */
export async function readDraw({ client, contracts }: ValidatorSetup, roundId: Hex): Promise<{ seed: Hex; committee: readonly number[] }> {
  const drawn = await readLogs(client, (range) => client.publicClient.getContractEvents({ ...contracts.validators, ...range, eventName: 'CommitteeDrawn', args: { roundId }, strict: true }));
  return lastLog(drawn, `The committee of round ${roundId}`).args;
}
