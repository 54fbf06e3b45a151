import type { DutyRows } from './duties.ts';
import type { ValidatorSetup } from './setup.ts';

/** Forgets verdicts and salts of rounds that have ended, in a block that no reorganisation takes back: nothing of them can be revealed or challenged any more. */
export async function removeDuties(parameters: { setup: Pick<ValidatorSetup, 'client' | 'contracts' | 'validatorId' | 'log'>; duties: DutyRows; signal: AbortSignal }): Promise<void> {
  const { setup: { client, contracts, validatorId, log }, duties, signal } = parameters;
  let removed = 0;
  for (const roundId of await duties.list(validatorId)) {
    if (signal.aborted) return;
    const { ended } = await client.publicClient.readContract({ ...contracts.validators, functionName: 'round', args: [roundId], blockTag: 'finalized' });
    if (!ended) continue;
    await duties.remove({ validatorId, roundId });
    removed += 1;
  }
  if (removed > 0) log.info({ rounds: removed }, 'forgot the duties of rounds that have ended');
}
