import { curationAbi, disputesAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/** What an appeal of a suspension costs now, in base units of NCR; `jury` is false where too few jurors are there, and then nothing is paid. */
export async function readSuspensionAppeal(client: NeuroClient): Promise<{ cost: bigint; jury: boolean }> {
  const jury = { address: client.config.deployment.addresses.disputes, abi: disputesAbi } as const;
  const [tickets, { jurySize }, fee] = await Promise.all([
    client.publicClient.readContract({ ...jury, functionName: 'activeTickets' }), client.publicClient.readContract({ ...jury, functionName: 'params' }),
    client.publicClient.readContract({ ...jury, functionName: 'arbitrationCost', args: ['0x'] }),
  ]).catch((error: unknown) => { throw toNeuroError(error); });
  return tickets >= BigInt(jurySize) ? { cost: fee, jury: true } : { cost: 0n, jury: false };
}

/** Whether an account may approve, suspend and reinstate assets. */
export async function isCurator(parameters: { client: NeuroClient; account: Address }): Promise<boolean> {
  const { client, account } = parameters;
  return client.publicClient.readContract({ address: client.config.deployment.addresses.curation, abi: curationAbi, functionName: 'isCurator', args: [account] }).catch((error: unknown) => { throw toNeuroError(error); });
}
