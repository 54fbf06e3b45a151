import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { deriveValidatorIdentity } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadIdentity } from '../src/identityFile.ts';
import { rotateValidatorKey } from '../src/processes/rotateValidatorKey.ts';
import { keyOf, keyOnChain, loadValidatorKeys, recoverValidatorKeys } from '../src/processes/validatorKeys.ts';
import type { KeyPlace, ValidatorKeys } from '../src/processes/validatorKeys.ts';
import { registerValidator } from '../src/validator/registerValidator.ts';
import { startSmallStack } from './smallStack.ts';
import type { SmallStack } from './smallStack.ts';

let stack: SmallStack;
let folder: string;
beforeAll(async () => {
  stack = await startSmallStack();
  folder = await mkdtemp(path.join(os.tmpdir(), 'validator-keys-'));
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function placeOf(index: number, home: string): Promise<{ client: NeuroClient; place: KeyPlace }> {
  const client = await stack.connect(stack.cast.validators[index]!.privateKey);
  return { client, place: { home: path.join(folder, home), account: client.account!, deployment: client.config.deployment, publicClient: client.publicClient } };
}

const publicKeys = ({ identity, retired }: ValidatorKeys) => [identity, ...retired].map(keyOf);

test('a rotation that is cut off is forgotten where the chain did not hear of it, and finished where it did', async () => {
  const { client, place } = await placeOf(0, 'one');
  const derived = await Promise.all([0, 1, 2].map(async (index) => keyOf(await deriveValidatorIdentity({ account: place.account, deployment: place.deployment, index }))));
  const first = await loadValidatorKeys(place);
  expect(publicKeys(first)).toEqual([derived[0]]);
  expect((await stat(path.join(place.home, 'validator.identity'))).mode & 0o777).toBe(0o600);
  await expect(rotateValidatorKey({ home: place.home, client })).rejects.toMatchObject({ code: 'CONFLICT' });
  await registerValidator({ client, identity: first.identity, endpoint: 'http://127.0.0.1:1' });

  const cut = new Error('the power went');
  await expect(rotateValidatorKey({ home: place.home, client: { ...client, send: () => Promise.reject(cut) } })).rejects.toBe(cut);
  expect((await loadValidatorKeys(place)).identity.publicKey).toEqual(first.identity.publicKey);

  const send: NeuroClient['send'] = async (call) => {
    await client.send(call);
    throw cut;
  };
  await expect(rotateValidatorKey({ home: place.home, client: { ...client, send } })).rejects.toBe(cut);
  expect(await keyOnChain(place)).toBe(derived[1]);
  expect(publicKeys(await loadValidatorKeys(place))).toEqual([derived[1], derived[0]]);
  expect((await readdir(place.home)).toSorted()).toEqual(['validator.identity', 'validator.identity.retired']);

  expect(publicKeys(await rotateValidatorKey({ home: place.home, client }))).toEqual([derived[2], derived[1], derived[0]]);
  await rm(place.home, { recursive: true });
  expect(publicKeys(await recoverValidatorKeys(place))).toEqual([derived[2], derived[1], derived[0]]);
});

test('a random identity goes on working, cannot be recovered, and can be rotated away', async () => {
  const { client, place } = await placeOf(1, 'two');
  const random = await loadIdentity(path.join(place.home, 'validator.identity'));
  await registerValidator({ client, identity: random, endpoint: 'http://127.0.0.1:2' });
  expect(publicKeys(await loadValidatorKeys(place))).toEqual([keyOf(random)]);
  await expect(recoverValidatorKeys({ ...place, home: path.join(folder, 'elsewhere') })).rejects.toMatchObject({ code: 'NO_KEY' });
  const rotated = await rotateValidatorKey({ home: place.home, client });
  expect(rotated).toMatchObject({ index: 0, retired: [random] });
  expect(await keyOnChain(place)).toBe(keyOf(rotated.identity));
});
