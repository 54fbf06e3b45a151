import { NeuroError, challengesAbi, formatNcr } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';
import { signPermit } from './signPermit.ts';

export type ChallengeRunResult = { challengeId: number; bond: bigint; hash: Hex; gasUsed: bigint };

/**
 * Says that an accepted receipt is wrong, against a bond that returns if referees find so. `counterRoot` is the root over
 * the right checkpoints, see `counterTreeOf`. Throws `REVERTED` past the challenge window, `NO_FUNDS`.
 */
export async function challengeRun(parameters: { client: NeuroClient; jobId: Hex; counterRoot: Hex }): Promise<ChallengeRunResult> {
  const { client, jobId, counterRoot } = parameters;
  const { bond, permit } = await permitBond(client);
  const { challenges } = client.config.deployment.addresses;
  const sent = await client.send({
    address: challenges, abi: challengesAbi, functionName: 'challenge', args: [jobId, counterRoot, permit], sentence: `Challenge the receipt of job ${jobId} with a bond of ${formatNcr(bond)} NCR`,
  });
  return openedBy(sent, bond);
}

/** The bond that challenges cost now, and the permit for it. */
export async function permitBond(client: NeuroClient) {
  const { challenges } = client.config.deployment.addresses;
  const { bond } = await client.publicClient.readContract({ address: challenges, abi: challengesAbi, functionName: 'params' });
  return { bond, permit: await signPermit({ client, spender: challenges, value: bond }) };
}

/** The challenge that a transaction has opened. Throws `INTERNAL` where there is none. */
export function openedBy(sent: Sent, bond: bigint): ChallengeRunResult {
  const [opened] = parseEventLogs({ abi: challengesAbi, eventName: 'ChallengeOpened', logs: sent.receipt.logs });
  if (!opened) throw new NeuroError('No challenge was opened.', { code: 'INTERNAL', details: sent.hash });
  return { challengeId: Number(opened.args.challengeId), bond, hash: sent.hash, gasUsed: sent.gasUsed };
}
