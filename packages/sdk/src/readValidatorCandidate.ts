import { validatorsAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readStake } from './readStake.ts';
import { readTokenBalance } from './readTokenBalance.ts';

/** What an account has of what a validator's needs: `gas` in wei, `coins` and `freeStake` in base units of NCR; `validatorId` where it has registered, ever. */
export type ValidatorCandidate = { gas: bigint; coins: bigint; freeStake: bigint; validatorId?: number; active: boolean };

/** Reads whether an account could register as a validator, or has. Throws `UNREACHABLE`, `TIMEOUT`. */
export async function readValidatorCandidate(parameters: { client: NeuroClient; account: Address }): Promise<ValidatorCandidate> {
  const { client, account } = parameters;
  const { publicClient, config: { deployment: { addresses } } } = client;
  const validators = { address: addresses.validators, abi: validatorsAbi } as const;
  try {
    const [gas, coins, { free }, validatorId] = await Promise.all([
      publicClient.getBalance({ address: account }),
      readTokenBalance({ client, token: addresses.neuroCoin, account }),
      readStake({ client, account }),
      publicClient.readContract({ ...validators, functionName: 'validatorIdOf', args: [account] }),
    ]);
    const active = validatorId !== 0 && (await publicClient.readContract({ ...validators, functionName: 'validator', args: [validatorId] })).active;
    return { gas, coins, freeStake: free, active, ...(validatorId === 0 ? {} : { validatorId }) };
  } catch (error) {
    throw toNeuroError(error);
  }
}
