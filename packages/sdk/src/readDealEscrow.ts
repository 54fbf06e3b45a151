import { disputesAbi, milestoneEscrowAbi } from '@neurodata/protocol';
import { type Address, zeroAddress } from 'viem';
import type { ChainReader } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/** The escrow of deals: whether it takes a token, what it owes an account in it (base units), what jurors cost (base units of NCR), and the chain's time (unix seconds). */
export type DealEscrow = { isAllowed: boolean; owed: bigint; juryCost: bigint; time: number };

/** Reads what the escrow of deals says of a token, NCR by default, and of an account. */
export async function readDealEscrow(parameters: { client: ChainReader; token?: Address | undefined; account?: Address | undefined }): Promise<DealEscrow> {
  const { client: { publicClient, config: { deployment: { addresses } } }, account } = parameters;
  const token = parameters.token ?? addresses.neuroCoin;
  const escrow = { address: addresses.milestoneEscrow, abi: milestoneEscrowAbi } as const;
  try {
    const [isAllowed, owed, juryCost, block] = await Promise.all([
      publicClient.readContract({ ...escrow, functionName: 'isAllowed', args: [token] }),
      publicClient.readContract({ ...escrow, functionName: 'owed', args: [token, account ?? zeroAddress] }),
      publicClient.readContract({ address: addresses.disputes, abi: disputesAbi, functionName: 'arbitrationCost', args: ['0x'] }),
      publicClient.getBlock(),
    ]);
    return { isAllowed, owed, juryCost, time: Number(block.timestamp) };
  } catch (error) {
    throw toNeuroError(error);
  }
}
