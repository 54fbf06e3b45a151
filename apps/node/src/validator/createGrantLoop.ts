import { toNeuroError } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { mapLimited } from '../common/mapLimited.ts';
import { createFeed } from '../duty/createFeed.ts';
import type { BlockRange } from '../duty/createFeed.ts';
import { createLoop } from '../duty/createLoop.ts';
import type { Loop } from '../duty/createLoop.ts';
import type { ValidatorSetup } from './setup.ts';

/** Grants in one transaction: about 60k gas each, far below a block's limit. */
const MAX_BATCH = 50;
const READS_AT_ONCE = 8;
const LONGEST_WAIT_MS = 30_000;

/** Whoever waits for a share: what is asked, and for which recipient key. */
export type Asked = { proofId: Hex; recipientKey: Hex };
type Waiting<A> = { asked: A; failures: number; notBefore: number };

export type GrantLoopParameters<A extends Asked, G> = {
  setup: ValidatorSetup;
  name: string;
  /** What was asked in a range of blocks, in the order of the chain. */
  read: (range: BlockRange) => Promise<A[]>;
  /** The grant that is waited for from us, or undefined where there is none (any more). */
  make: (asked: A) => Promise<G | undefined>;
  /** Puts all of them into one transaction. */
  send: (grants: G[]) => Promise<{ hash: Hex; gasUsed: bigint }>;
};

/**
 * Follows what is asked and puts the shares of all who wait for ours into one transaction. What is left to grant is read
 * from the chain each time, so a restart loses and repeats nothing.
 */
export function createGrantLoop<A extends Asked, G>({ setup, name, read, make, send }: GrantLoopParameters<A, G>): Loop {
  const { client, log } = setup;
  const waiting = new Map<Hex, Waiting<A>>();
  const feed = createFeed({ publicClient: client.publicClient, fromBlock: BigInt(client.config.deployment.block), read });

  // Whoever signs what it is for does not wait for the next try.
  setup.purposes.onKept((proofId) => {
    const entry = waiting.get(proofId.toLowerCase() as Hex);
    if (entry) entry.notBefore = 0;
  });

  // One keyset that cannot be fetched must not hold up the others.
  async function prepare(entry: Waiting<A>): Promise<{ entry: Waiting<A>; grant: G } | undefined> {
    const { proofId } = entry.asked;
    try {
      const grant = await make(entry.asked);
      if (grant) return { entry, grant };
      waiting.delete(proofId);
    } catch (error) {
      entry.failures += 1;
      entry.notBefore = performance.now() + Math.min(500 * 2 ** entry.failures, LONGEST_WAIT_MS);
      const { code, message } = toNeuroError(error);
      if (code === 'NOT_READY') log.info({ proofId, reason: message }, 'a grant waits');
      else log.warn({ err: error, proofId, failures: entry.failures }, 'a grant cannot be made now');
    }
    return undefined;
  }

  async function tick(): Promise<void> {
    for (const asked of await feed.poll()) {
      // The same may come again until its block is final; another recipient key takes the place of the one before.
      if (waiting.get(asked.proofId)?.asked.recipientKey !== asked.recipientKey) waiting.set(asked.proofId, { asked, failures: 0, notBefore: 0 });
    }
    const due = [...waiting.values()].filter(({ notBefore }) => notBefore <= performance.now()).slice(0, MAX_BATCH);
    const made = (await mapLimited(due, READS_AT_ONCE, prepare)).filter((entry) => entry !== undefined);
    if (made.length === 0) return;
    const { hash, gasUsed } = await send(made.map(({ grant }) => grant));
    log.info({ proofs: made.map(({ entry }) => entry.asked.proofId), hash, gasUsed: Number(gasUsed) }, 'granted key shares');
    for (const { entry } of made) waiting.delete(entry.asked.proofId);
  }

  return createLoop({ name, tick, log });
}

/** A share, or undefined where the publisher made the keyset wrong, or the recipient key is none: trying again would find the same. */
export async function orFinal(setup: ValidatorSetup, proofId: Hex, seal: () => Promise<Hex>): Promise<Hex | undefined> {
  try {
    return await seal();
  } catch (error) {
    const { code, message, retryable } = toNeuroError(error);
    const final = !retryable && (code === 'CONTENT_MISMATCH' || code === 'NO_KEY' || code === 'BAD_INPUT');
    if (!final) throw error;
    setup.log.error({ proofId, code, reason: message }, 'nobody gets a share of this from us');
    return undefined;
  }
}
