import { validatorsAbi, workersAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Takes the account off the list of validators or of workers, and unlocks its stake; not while it is on duty. Stop its node first. Throws `REVERTED`. */
export function leaveRole(parameters: { client: NeuroClient; role: 'validator' | 'worker' }): Promise<Sent> {
  const { client, role } = parameters;
  const { validators, workers } = client.config.deployment.addresses;
  if (role === 'validator') return client.send({ address: validators, abi: validatorsAbi, functionName: 'deregister', args: [], sentence: 'Leave the validators' });
  return client.send({ address: workers, abi: workersAbi, functionName: 'deregister', args: [], sentence: 'Leave the workers' });
}
