import { challengesAbi } from '@neurodata/protocol';
import { type Hex, encodeAbiParameters, keccak256, parseEventLogs } from 'viem';
import { permitBond } from './challengeRun.ts';
import type { NeuroClient } from './createClient.ts';

type Canary = { jobId: Hex; receiptDigest: Hex; counterRoot: Hex; salt: Hex };

/** What a worker puts into a receipt that is wrong on purpose, to try the validators; `salt` is 32 random bytes, kept until the end. */
export function canaryOf({ jobId, receiptDigest, counterRoot, salt }: Canary): Hex {
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'bytes32' }, { type: 'bytes32' }], [jobId, receiptDigest, counterRoot, salt]));
}

/**
 * Owns up to a canary, as its worker, within the challenge window. Rejected by the validators: the bond is spared but for
 * what a stalled run costs. Accepted: opens a challenge, to be played with both lists of checkpoints. Throws `REVERTED`.
 */
export async function revealCanary(parameters: { client: NeuroClient; jobId: Hex; counterRoot: Hex; salt: Hex }): Promise<{ challengeId: number | undefined; hash: Hex; gasUsed: bigint }> {
  const { client, jobId, counterRoot, salt } = parameters;
  const { permit } = await permitBond(client);
  const { challenges } = client.config.deployment.addresses;
  const sent = await client.send({ address: challenges, abi: challengesAbi, functionName: 'revealCanary', args: [jobId, counterRoot, salt, permit], sentence: `Own up to the canary in job ${jobId}` });
  const [opened] = parseEventLogs({ abi: challengesAbi, eventName: 'ChallengeOpened', logs: sent.receipt.logs });
  return { challengeId: opened === undefined ? undefined : Number(opened.args.challengeId), hash: sent.hash, gasUsed: sent.gasUsed };
}
