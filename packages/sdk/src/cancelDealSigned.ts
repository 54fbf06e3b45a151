import { NeuroError, hex32Schema, hexSchema, milestoneEscrowAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import { z } from 'zod';
import { type NeuroClient, accountOf } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import type { Sent } from './send.ts';

/** A party's signed consent to end a deal: holds for the sum that is left now, until `deadline` (unix seconds). */
export type SignedCancel = { dealId: Hex; toSeller: bigint; deadline: bigint; signature: Hex };

const signedSchema = z.object({ dealId: hex32Schema, toSeller: z.string().regex(/^\d{1,78}$/).transform(BigInt), deadline: z.string().regex(/^\d{1,20}$/).transform(BigInt), signature: hexSchema });

const types = {
  Cancel: [
    { name: 'dealId', type: 'bytes32' },
    { name: 'toSeller', type: 'uint96' },
    { name: 'left', type: 'uint96' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const;

/**
 * Signs, without a transaction, that the deal may end with `toSeller` base units of what is left for the seller and the rest
 * for the buyer, for `seconds` from now (a day by default). The other party ends it by {@link cancelDealSigned}.
 */
export async function signCancelDeal(parameters: { client: NeuroClient; dealId: Hex; toSeller: bigint; seconds?: number }): Promise<SignedCancel> {
  const { client, dealId, toSeller, seconds = 86_400 } = parameters;
  const { chainId, addresses: { milestoneEscrow } } = client.config.deployment;
  const contract = { address: milestoneEscrow, abi: milestoneEscrowAbi } as const;
  try {
    const [deal, block, [, name, version]] = await Promise.all([
      client.publicClient.readContract({ ...contract, functionName: 'deal', args: [dealId] }),
      client.publicClient.getBlock(),
      client.publicClient.readContract({ ...contract, functionName: 'eip712Domain' }),
    ]);
    if (toSeller > deal.left) throw new NeuroError('That is more than what the deal has left.', { code: 'BAD_INPUT', remedy: 'Choose at most what `deals show` says is left.' });
    const deadline = block.timestamp + BigInt(seconds);
    const signature = await accountOf(client).signTypedData({
      domain: { name, version, chainId, verifyingContract: milestoneEscrow }, types, primaryType: 'Cancel', message: { dealId, toSeller, left: deal.left, deadline },
    });
    return { dealId, toSeller, deadline, signature };
  } catch (error) {
    throw toNeuroError(error);
  }
}

/** A party ends a deal with the other party's signature. Throws `REVERTED` where the sums or the time do not fit. */
export function cancelDealSigned(parameters: { client: NeuroClient; signed: SignedCancel }): Promise<Sent> {
  const { client, signed: { dealId, toSeller, deadline, signature } } = parameters;
  return client.send({
    address: client.config.deployment.addresses.milestoneEscrow, abi: milestoneEscrowAbi, functionName: 'cancelSigned', args: [dealId, toSeller, deadline, signature], sentence: 'End the deal as the other party signed',
  });
}

/** The consent as one line, to be sent to the other party. */
export function formatSignedCancel({ dealId, toSeller, deadline, signature }: SignedCancel): string {
  return JSON.stringify({ dealId, toSeller: String(toSeller), deadline: String(deadline), signature });
}

/** Reads such a line back. Throws `BAD_INPUT`. */
export function parseSignedCancel(text: string): SignedCancel {
  try {
    return signedSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new NeuroError('That is not a signed end of a deal.', { code: 'BAD_INPUT', remedy: 'Give the whole line that the other side was shown when it signed.', cause });
  }
}
