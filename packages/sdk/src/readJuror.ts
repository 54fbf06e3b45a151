import { disputesAbi, stakingAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/**
 * An account as a juror, amounts in base units of NCR. `leftAt` is the block in which it left, 0 while it can be drawn;
 * `exitBlock` the first in which its stake can be freed, if it owes no vote then. `ticketStake` is what one more ticket
 * would lock of `freeStake`.
 */
export type JurorFacts = {
  account: Address; tickets: number; bond: bigint; openSeats: number; leftAt: number; exitBlock: number | undefined; owed: bigint;
  ticketStake: bigint; jurorFee: bigint; penalty: bigint; freeStake: bigint; activeTickets: number;
};

/** Reads an account's tickets, duties and credits as a juror. */
export async function readJuror(parameters: { client: NeuroClient; account: Address }): Promise<JurorFacts> {
  const { client, account } = parameters;
  const { publicClient } = client;
  const { disputes, staking } = client.config.deployment.addresses;
  const contract = { address: disputes, abi: disputesAbi } as const;
  try {
    const [juror, params, owed, activeTickets, exitBlocks, freeStake] = await Promise.all([
      publicClient.readContract({ ...contract, functionName: 'juror', args: [account] }),
      publicClient.readContract({ ...contract, functionName: 'params' }),
      publicClient.readContract({ ...contract, functionName: 'owed', args: [account] }),
      publicClient.readContract({ ...contract, functionName: 'activeTickets' }),
      publicClient.readContract({ ...contract, functionName: 'EXIT_BLOCKS' }),
      publicClient.readContract({ address: staking, abi: stakingAbi, functionName: 'freeOf', args: [account] }),
    ]);
    const { tickets, bond, openSeats, leftAt } = juror;
    const { ticketStake, jurorFee, penalty } = params;
    return { account, tickets, bond, openSeats, leftAt, exitBlock: leftAt === 0 ? undefined : leftAt + Number(exitBlocks) + 1, owed, ticketStake, jurorFee, penalty, freeStake, activeTickets: Number(activeTickets) };
  } catch (error) {
    throw toNeuroError(error);
  }
}
