import { NeuroError } from '@neurodata/protocol';
import { type Abi, decodeFunctionData, isAddressEqual } from 'viem';
import { contractAbis } from './contractAbis.ts';
import type { ChainReader } from './createClient.ts';
import { contractNameOf } from './decodeCall.ts';
import { errorsAbi, toNeuroError } from './errors.ts';
import type { EncodedCall } from './propose.ts';

/**
 * Why a call of the timelock would be refused now; undefined where it would pass, or nobody can tell. Until a vote is over this
 * may change: money may come, a deadline may pass. Throws `UNREACHABLE` where the chain does not answer.
 */
export async function tryProposedCall(parameters: { client: ChainReader; call: EncodedCall }): Promise<NeuroError | undefined> {
  const { client: { publicClient, config }, call: { target, data } } = parameters;
  const { addresses } = config.deployment;
  // The governor takes calls about itself only from a proposal that is being carried out.
  if (isAddressEqual(target, addresses.governor)) return undefined;
  const contract = contractNameOf(config, target);
  try {
    if ((await publicClient.getCode({ address: target })) === undefined) return new NeuroError('There is no contract at this address: the call would do nothing.', { code: 'NOT_FOUND', remedy: 'Check the address.' });
    if (contract) await publicClient.simulateContract({ address: target, abi: [...contractAbis[contract], ...errorsAbi] as Abi, ...decodeFunctionData({ abi: contractAbis[contract], data }), account: addresses.timelock });
    else await publicClient.call({ account: addresses.timelock, to: target, data });
    return undefined;
  } catch (error) {
    const known = toNeuroError(error);
    if (known.code === 'UNREACHABLE' || known.code === 'TIMEOUT') throw known;
    return known;
  }
}
