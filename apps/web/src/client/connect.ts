import type { NeuroClient } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import { nodeUrl } from './api.ts';
import { browserIdentities } from './identities.ts';

/** Who acts: a wallet whose key this page holds. */
export type Signer = { address: Address; privateKey: Hex };

export type Verbs = typeof import('./verbs.ts');

let verbs: Promise<Verbs> | undefined;
const clients = new Map<string, Promise<NeuroClient>>();

/** The chunk with the chain's code, loaded once. */
export function loadVerbs(): Promise<Verbs> {
  verbs ??= import('./verbs.ts');
  return verbs;
}

/** The SDK's client for a signer, or one that only reads. A failed connection is tried anew the next time. */
export function connect(signer?: Signer): Promise<NeuroClient> {
  const key = signer?.address ?? 'reader';
  const known = clients.get(key);
  if (known) return known;
  const client = open(signer);
  clients.set(key, client);
  client.catch(() => clients.delete(key));
  return client;
}

async function open(signer: Signer | undefined): Promise<NeuroClient> {
  const { createClient, privateKeyToAccount } = await loadVerbs();
  if (!signer) return createClient({ url: nodeUrl });
  return createClient({ url: nodeUrl, account: privateKeyToAccount(signer.privateKey), identities: browserIdentities(signer.address) });
}
