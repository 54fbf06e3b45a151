import { NeuroError } from '@neurodata/protocol';
import { type Identity, createIdentity, identityFromSecret } from '@neurodata/sealing';
import { type Hex, bytesToHex, hexToBytes } from 'viem';
import type { NeuroClient } from './createClient.ts';

/** A new identity, kept in the client's store before it is returned: no transaction may name a key that could be lost. */
export async function freshIdentity(client: NeuroClient, label: string): Promise<{ identity: Identity; publicKey: Hex }> {
  const identity = createIdentity();
  const publicKey = bytesToHex(identity.publicKey);
  await client.identities.put({ publicKey, secretKey: bytesToHex(identity.secretKey), label, createdAt: Date.now() });
  return { identity, publicKey };
}

/** The stored identity of a public key; throws `NO_KEY`. */
export async function storedIdentity(client: NeuroClient, publicKey: Hex): Promise<Identity> {
  const secret = await client.identities.find(publicKey);
  if (secret === undefined) throw new NeuroError(`The secret of recipient key ${publicKey} is not kept here.`, { code: 'NO_KEY', remedy: 'Open it where it was bought. What an order bought opens anywhere for its buyer once the order is confirmed.' });
  return identityFromSecret(hexToBytes(secret));
}
