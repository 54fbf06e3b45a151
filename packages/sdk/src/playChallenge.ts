import { NeuroError, challengesAbi } from '@neurodata/protocol';
import { type Hex, zeroHash } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { type ChallengeFacts, readChallenge } from './readChallenge.ts';
import type { Sent } from './send.ts';
import { checkpointPathOf, checkpointRootOf } from './signReceipt.ts';

type Post = { counter: boolean; digest: Hex; path: readonly Hex[] };

/** Posts that fit a transaction easily. */
const MOST_POSTS = 24;

/** The right checkpoints in as many leaves as the receipt has, cut or filled up with the last one, and their root. */
export function counterTreeOf(parameters: { digests: Hex[]; count: number }): { digests: Hex[]; root: Hex } {
  const { digests, count } = parameters;
  const last = digests.at(-1);
  const fitted = last === undefined ? [] : Array.from({ length: count }, (_, index) => digests[index] ?? last);
  const root = checkpointRootOf(fitted);
  if (root === undefined) throw new NeuroError('There are no checkpoints.', { code: 'BAD_INPUT', remedy: 'Re-execute the run first.' });
  return { digests: fitted, root };
}

/**
 * Posts whatever can be posted now for the sides whose checkpoints are given: with both, the game is played to its end in
 * one transaction. Returns undefined where there is nothing to post. Digests that do not belong to the side's root are
 * refused with `BAD_INPUT`.
 */
export async function playChallenge(parameters: { client: NeuroClient; challengeId: number; receipt?: Hex[]; counter?: Hex[] }): Promise<Sent | undefined> {
  const { client, challengeId, receipt, counter } = parameters;
  const challenge = await readChallenge({ client, challengeId });
  if (challenge.stage !== 'playing') return undefined;
  for (const [digests, root] of [[receipt, challenge.receiptRoot], [counter, challenge.counterRoot]] as const) {
    if (digests && checkpointRootOf(digests) !== root) throw new NeuroError(`These checkpoints do not give the root ${root}.`, { code: 'BAD_INPUT', remedy: 'Use those that the receipt or the challenge was made from.' });
  }
  const posts = postsOf(challenge, receipt, counter);
  if (posts.length === 0) return undefined;
  const { challenges } = client.config.deployment.addresses;
  return client.send({ address: challenges, abi: challengesAbi, functionName: 'post', args: [BigInt(challengeId), posts], sentence: `Show ${posts.length} checkpoints in challenge ${challengeId}` });
}

/** Plays the game as far as these lists go; mirrors `Challenges.post`. */
function postsOf(challenge: ChallengeFacts, receipt: Hex[] | undefined, counter: Hex[] | undefined): Post[] {
  let { low, high } = challenge;
  let shown = { receipt: found(challenge.receiptPosted), counter: found(challenge.counterPosted) };
  const posts: Post[] = [];
  while (high - low > 1 && posts.length < MOST_POSTS) {
    const position = Math.floor((low + high) / 2);
    for (const [side, digests] of [['receipt', receipt], ['counter', counter]] as const) {
      const digest = digests?.[position - 1];
      if (shown[side] || !digests || digest === undefined) continue;
      posts.push({ counter: side === 'counter', digest, path: checkpointPathOf(digests, position - 1) ?? [] });
      shown[side] = digest;
    }
    if (!shown.receipt || !shown.counter) break;
    if (shown.receipt === shown.counter) low = position;
    else high = position;
    shown = { receipt: undefined, counter: undefined };
  }
  return posts;
}

function found(digest: Hex): Hex | undefined {
  return digest === zeroHash ? undefined : digest;
}
