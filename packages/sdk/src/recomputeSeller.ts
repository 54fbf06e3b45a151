import { type Seller, canonicalJson, sellerFacts, sellerReputation } from '@neurodata/protocol';
import { getAddress } from 'viem';
import { type Check, compared } from './checks.ts';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readSellerEvents } from './readSellerEvents.ts';

export type RecomputedSeller = { seller: Seller; passed: boolean; checks: Check[] };

/**
 * Makes a seller's reputation again from the logs of the chain, at the block of a node's answer, and says where the node says something
 * else. Throws `UNREACHABLE` where the logs cannot be had.
 *
 * @example const { passed, checks } = await recomputeSeller({ client, answer: await client.api.getSeller({ address }) });
 */
export async function recomputeSeller(parameters: { client: NeuroClient; answer: Seller }): Promise<RecomputedSeller> {
  const { client, answer } = parameters;
  const toBlock = answer.block;
  try {
    const [events, { timestamp }] = await Promise.all([readSellerEvents({ client, seller: answer.seller, toBlock }), client.publicClient.getBlock({ blockNumber: BigInt(toBlock) })]);
    const facts = sellerFacts(getAddress(answer.seller), events);
    const at = Number(timestamp);
    const seller: Seller = { seller: answer.seller, block: toBlock, at, facts, reputation: sellerReputation(facts, at) };
    const by = `this machine, from ${events.length} events up to block ${toBlock}`;
    const checks = [
      compared({ name: 'Time', ok: answer.at === at, by, passed: `block ${toBlock} is of ${at}`, failed: `the node says ${answer.at}, the chain ${at}` }),
      ...(Object.keys(facts) as (keyof typeof facts)[]).map((name) => compared({
        name, ok: isSame(answer.facts[name], facts[name]), by, passed: text(facts[name]), failed: `the node says ${text(answer.facts[name])}, the chain ${text(facts[name])}`,
      })),
      compared({ name: 'Score', ok: isSame(answer.reputation, seller.reputation), by, passed: `${seller.reputation.score} of 100`, failed: `the node says ${answer.reputation.score}, the formula ${seller.reputation.score}` }),
    ];
    return { seller, checks, passed: checks.every(({ status }) => status !== 'failed') };
  } catch (error) {
    throw toNeuroError(error);
  }
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? item.toString() : item)));
const text = (value: unknown): string => new TextDecoder().decode(canonicalJson(plain(value)));
const isSame = (one: unknown, other: unknown): boolean => text(one) === text(other);
