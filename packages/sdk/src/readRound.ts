import { type Verdict, validatorsAbi, verdicts } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { readLogs } from './logs.ts';

export type RoundFacts = { committee: number[]; reveals: { validatorId: number; verdict: Verdict; evidence: Hex }[]; settled: boolean; verdict: Verdict };

/** A round's committee, reveals and outcome, from the chain's logs. */
export async function readRound(parameters: { client: NeuroClient; roundId: Hex }): Promise<RoundFacts> {
  const { client, roundId } = parameters;
  const query = { address: client.config.deployment.addresses.validators, abi: validatorsAbi, args: { roundId }, strict: true } as const;
  const [drawn, revealed, settled] = await Promise.all([
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...query, ...range, eventName: 'CommitteeDrawn' })),
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...query, ...range, eventName: 'Revealed' })),
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...query, ...range, eventName: 'RoundSettled' })),
  ]);
  return {
    committee: [...(drawn.at(-1)?.args.committee ?? [])],
    reveals: revealed.map(({ args }) => ({ validatorId: args.validatorId, verdict: verdicts[args.verdict] ?? 'none', evidence: args.evidence })),
    settled: settled.length > 0,
    verdict: verdicts[settled.at(-1)?.args.verdict ?? 0] ?? 'none',
  };
}
