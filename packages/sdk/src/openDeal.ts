import { NeuroError, milestoneEscrowAbi } from '@neurodata/protocol';
import { type Address, type Hex, bytesToHex, parseEventLogs, zeroAddress } from 'viem';
import { authorizePayment } from './authorizePayment.ts';
import type { NeuroClient } from './createClient.ts';

export type OpenDealParameters = {
  client: NeuroClient;
  seller: Address;
  /** Rules on contested milestones; the jurors (Disputes) by default, `null` for nobody. */
  arbiter?: Address | null;
  /** An allowed ERC-20; NCR by default. */
  token?: Address;
  /** Base units of the token and unix seconds, 1 to 16. */
  milestones: readonly { amount: bigint; deadline: number }[];
  /** Seconds. */
  reviewWindow: number;
  /** Seconds. */
  arbitrationWindow: number;
  /** Where the agreement's text is, e.g. `ipfs://...`; public. */
  terms: string;
};

/**
 * Opens a deal about bespoke work with the account as its buyer, and pays the sum of its milestones into escrow.
 * Throws `NO_FUNDS`, `REVERTED`.
 *
 * @example await openDeal({ client, seller, milestones: [{ amount: parseNcr('50'), deadline }], reviewWindow: 259_200, arbitrationWindow: 604_800, terms: `ipfs://${cid}` });
 */
export async function openDeal(parameters: OpenDealParameters): Promise<{ dealId: Hex; hash: Hex; gasUsed: bigint }> {
  const { client, seller, milestones, reviewWindow, arbitrationWindow, terms } = parameters;
  const { milestoneEscrow: address, neuroCoin, disputes } = client.config.deployment.addresses;
  const arbiter = parameters.arbiter === undefined ? disputes : (parameters.arbiter ?? zeroAddress);
  const token = parameters.token ?? neuroCoin;
  const total = milestones.reduce((sum, { amount }) => sum + amount, 0n);
  const permit = await authorizePayment({ client, token, spender: address, value: total });
  const input = {
    seller, arbiter, token, reviewWindow, arbitrationWindow, terms, salt: bytesToHex(crypto.getRandomValues(new Uint8Array(32))),
    amounts: milestones.map(({ amount }) => amount), deadlines: milestones.map(({ deadline }) => deadline),
  };
  const sent = await client.send({ address, abi: milestoneEscrowAbi, functionName: 'open', args: [input, permit], sentence: `Open a deal with ${seller}` });
  const [opened] = parseEventLogs({ abi: milestoneEscrowAbi, eventName: 'DealOpened', logs: sent.receipt.logs });
  if (!opened) throw new NeuroError('The escrow opened no deal.', { code: 'INTERNAL', details: sent.hash });
  return { dealId: opened.args.dealId, hash: sent.hash, gasUsed: sent.gasUsed };
}
