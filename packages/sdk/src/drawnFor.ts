import { roundKinds, validatorsAbi } from '@neurodata/protocol';
import { numberToHex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { readLogs } from './logs.ts';
import { readRound } from './readRound.ts';

/** Everybody whom the chain drew for a version: a round without a quorum is followed by another one. Validator ids. */
export async function drawnFor(client: NeuroClient, { assetId, version }: { assetId: number; version: number }): Promise<number[]> {
  const subject = numberToHex((BigInt(assetId) << 32n) | BigInt(version), { size: 32 });
  const opened = await readLogs(client, (range) => client.publicClient.getContractEvents({
    address: client.config.deployment.addresses.validators, abi: validatorsAbi, eventName: 'RoundOpened', args: { subject }, strict: true, ...range,
  }));
  const rounds = await Promise.all(opened.filter(({ args }) => roundKinds[args.kind] === 'version').map(({ args }) => readRound({ client, roundId: args.roundId })));
  return [...new Set(rounds.flatMap(({ committee }) => committee))];
}
