import { challengesAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Ends a challenge whose clock has run out or whose job is over, or calls its referees. Anybody may. Throws `REVERTED`. */
export function pokeChallenge(parameters: { client: NeuroClient; challengeId: number }): Promise<Sent> {
  const { client, challengeId } = parameters;
  return client.send({ address: client.config.deployment.addresses.challenges, abi: challengesAbi, functionName: 'poke', args: [BigInt(challengeId)], sentence: `Poke challenge ${challengeId}` });
}
