import { access } from 'node:fs/promises';
import { NeuroError } from '@neurodata/protocol';
import { accountOf } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { lockFolder } from '../chain/folderLock.ts';
import { readRoleSettings, readSettings } from '../config.ts';
import { accountFileOf, connectRole } from './connectRole.ts';
import { findChain } from './findChain.ts';
import { rotateValidatorKey } from './rotateValidatorKey.ts';
import { filesOf, keyOf, recoverValidatorKeys } from './validatorKeys.ts';

/**
 * Recovers or rotates the identity of the validator whose state folder the environment names, while it does not run.
 *
 * @throws NeuroError CONFLICT where it runs, NO_KEY where the key on chain was not made from its account.
 */
export async function changeIdentity(parameters: { what: 'recover' | 'rotate'; environment?: Record<string, string | undefined> }): Promise<{ publicKey: Hex; retired: Hex[]; file: string }> {
  const { what, environment } = parameters;
  const { home } = readSettings(environment);
  const role = readRoleSettings(environment);
  if (!role) throw new NeuroError('Nothing says that this is a validator.', { code: 'BAD_INPUT', remedy: 'Set NEURODATA_ROLE to validator.' });
  // Connecting would make one: an identity of an account that nobody has ever paid is of no use here.
  if (!role.privateKey) {
    await access(accountFileOf(home)).catch(() => {
      throw new NeuroError(`${home} has no account.key.`, { code: 'NO_KEY', remedy: "Put a copy of it back or set NEURODATA_PRIVATE_KEY to the validator's account; --home names the folder." });
    });
  }
  const lock = await lockFolder(home);
  try {
    const chain = await findChain(role);
    const { client } = await connectRole({ home, role, chain, endpoint: '' });
    const keys = what === 'rotate'
      ? await rotateValidatorKey({ home, client })
      : await recoverValidatorKeys({ home, account: accountOf(client), deployment: chain.deployment, publicClient: client.publicClient });
    return { publicKey: keyOf(keys.identity), retired: keys.retired.map(keyOf), file: filesOf(home).current };
  } finally {
    await lock.release();
  }
}
