import { rename } from 'node:fs/promises';
import { NeuroError, validatorsAbi } from '@neurodata/protocol';
import type { Identity } from '@neurodata/sealing';
import { accountOf, deriveValidatorIdentity } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { readIdentities, writeIdentities } from '../identityFile.ts';
import { MOST_ROTATIONS, filesOf, keyOf, keyOnChain, loadValidatorKeys, unique } from './validatorKeys.ts';
import type { KeyPlace, ValidatorKeys } from './validatorKeys.ts';

/**
 * Gives a registered validator the next key of its account (index + 1) under the same id. Both keys are on disk before the
 * chain hears of it: what was sealed to the old one still opens, and a rotation that is cut off is finished at the next start.
 *
 * @throws NeuroError CONFLICT where the account is not registered; what `client.send` throws.
 */
export async function rotateValidatorKey(parameters: { home: string; client: NeuroClient }): Promise<ValidatorKeys & { index: number }> {
  const { home, client } = parameters;
  const { deployment } = client.config;
  const place = { home, account: accountOf(client), deployment, publicClient: client.publicClient };
  if ((await keyOnChain(place)) === undefined) throw new NeuroError(`${place.account.address} is not registered as a validator.`, { code: 'CONFLICT', remedy: 'Start the validator first; its first identity needs no rotation.' });
  const before = await loadValidatorKeys(place);
  const files = filesOf(home);
  const { index, next } = await findNext(place, new Set([before.identity, ...before.retired].map(keyOf)));
  await writeIdentities(files.retired, unique([before.identity, ...(await readIdentities(files.retired))]));
  await writeIdentities(files.next, [next]);
  await client.send({ address: deployment.addresses.validators, abi: validatorsAbi, functionName: 'setKey', args: [keyOf(next)], sentence: `Seal to another key of ${place.account.address}` });
  await rename(files.next, files.current);
  return { identity: next, retired: [before.identity, ...before.retired], index };
}

/** After the last one that is known: keys are never used again. */
async function findNext({ account, deployment }: KeyPlace, known: Set<string>): Promise<{ index: number; next: Identity }> {
  const derived = await Promise.all(Array.from({ length: MOST_ROTATIONS }, (_, index) => deriveValidatorIdentity({ account, deployment, index })));
  const index = derived.findLastIndex((identity) => known.has(keyOf(identity))) + 1;
  const next = derived[index];
  if (!next) throw new NeuroError(`${account.address} has had ${MOST_ROTATIONS} keys.`, { code: 'CONFLICT', remedy: 'Register another account.' });
  return { index, next };
}
