import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError, validatorsAbi } from '@neurodata/protocol';
import type { Deployment } from '@neurodata/protocol';
import type { Identity } from '@neurodata/sealing';
import { deriveValidatorIdentity } from '@neurodata/sdk';
import { bytesToHex } from 'viem';
import type { Hex, LocalAccount, PublicClient } from 'viem';
import { readIdentities, writeIdentities } from '../identityFile.ts';

/** How many keys one account can have had: a recovery looks through all of them. */
export const MOST_ROTATIONS = 64;

/** What a validator opens shares with: those sealed to its key of today, and to those before it, newest first. */
export type ValidatorKeys = { identity: Identity; retired: Identity[] };

/** Where they lie, and whose they are. */
export type KeyPlace = { home: string; account: Pick<LocalAccount, 'address' | 'signTypedData'>; deployment: Deployment; publicClient: PublicClient };

export const filesOf = (home: string): { current: string; next: string; retired: string } => {
  const current = path.join(home, 'validator.identity');
  return { current, next: `${current}.next`, retired: `${current}.retired` };
};

/** The account's sealing key as it stands on chain; undefined where it never registered. */
export async function keyOnChain({ account, deployment, publicClient }: KeyPlace): Promise<Hex | undefined> {
  const contract = { address: deployment.addresses.validators, abi: validatorsAbi } as const;
  const validatorId = await publicClient.readContract({ ...contract, functionName: 'validatorIdOf', args: [account.address] });
  if (validatorId === 0) return undefined;
  return (await publicClient.readContract({ ...contract, functionName: 'validator', args: [validatorId] })).encryptionKey;
}

/**
 * A validator's keys from its folder. Where there are none they are made from the account's signature, those that stand on
 * chain already included; a rotation that was interrupted is finished the way the chain saw it.
 *
 * @throws NeuroError NO_KEY where the file is lost and was not made from this account.
 */
export async function loadValidatorKeys(place: KeyPlace): Promise<ValidatorKeys> {
  const files = filesOf(place.home);
  const [[current], [next], onChain] = await Promise.all([readIdentities(files.current), readIdentities(files.next), keyOnChain(place)]);
  if (next && onChain !== undefined && keyOf(next) === onChain.toLowerCase()) await rename(files.next, files.current);
  else if (next) await rm(files.next, { force: true });
  else if (!current) return recoverValidatorKeys(place);
  return readKeys(place);
}

/**
 * Makes the identity files again from the account's signature: the key that stands on chain, and those before it. The first one
 * where the account never registered.
 *
 * @throws NeuroError NO_KEY where the key on chain was not made from this account.
 */
export async function recoverValidatorKeys(place: KeyPlace): Promise<ValidatorKeys> {
  const { home, account, deployment } = place;
  const files = filesOf(home);
  const onChain = (await keyOnChain(place))?.toLowerCase();
  const before: Identity[] = [];
  for (let index = 0; index < MOST_ROTATIONS; index += 1) {
    const identity = await deriveValidatorIdentity({ account, deployment, index });
    if (onChain === undefined || keyOf(identity) === onChain) {
      const kept = await readIdentities(files.retired);
      const retired = unique([...before, ...kept]).filter((one) => keyOf(one) !== keyOf(identity));
      if (retired.length > 0) await writeIdentities(files.retired, retired);
      await writeIdentities(files.current, [identity]);
      return readKeys(place);
    }
    before.unshift(identity);
  }
  throw new NeuroError(`The sealing key ${onChain} of ${account.address} on chain was not made from this account.`, {
    code: 'NO_KEY', remedy: 'It came from a random file: put a copy of that file back. Without one its shares are lost; the other holders hand the keys on.',
  });
}

async function readKeys({ home }: KeyPlace): Promise<ValidatorKeys> {
  const files = filesOf(home);
  const [[identity], retired] = await Promise.all([readIdentities(files.current), readIdentities(files.retired)]);
  if (!identity) throw new NeuroError(`There is no identity in ${home}.`, { code: 'NO_KEY', remedy: 'Run `neurodata node recover-identity`.' });
  return { identity, retired };
}

export const keyOf = (identity: Identity): Hex => bytesToHex(identity.publicKey);

export function unique(identities: Identity[]): Identity[] {
  return [...new Map(identities.map((identity) => [keyOf(identity), identity])).values()];
}
