import { readLogs } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import type { Contracts } from './contracts.ts';

/** Whether an account has opened a challenge of a job before, an appeal or a canary among them: each costs a bond, and a lost one is not repeated. */
export async function hasContested({ client, contracts, account }: { client: NeuroClient; contracts: Contracts; account: Address }, jobId: Hex): Promise<boolean> {
  const opened = await readLogs(client, (range) => client.publicClient.getContractEvents({ ...contracts.challenges, ...range, eventName: 'ChallengeOpened', args: { jobId, challenger: account }, strict: true }));
  return opened.length > 0;
}
