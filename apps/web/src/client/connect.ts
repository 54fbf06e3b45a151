import type { NeuroClient, Signer as SdkSigner } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import { nodeUrl } from './api.ts';
import { browserIdentities } from './identities.ts';
import { tellSigning } from './signings.ts';
import { browserVotes } from './votes.ts';

/** Who acts: a demo wallet, whose key this page holds, or an own wallet, which keeps it. */
export type Signer = { address: Address } & ({ privateKey: Hex } | { rdns: string });

export type Verbs = typeof import('./verbs.ts');

let verbs: Promise<Verbs> | undefined;
const clients = new Map<string, Promise<NeuroClient>>();

/** The chunks with the chain's code, loaded once. */
export function loadVerbs(): Promise<Verbs> {
  verbs ??= inParts();
  return verbs;
}

/** They come together, and are run one after another: between them, what a visitor presses is answered. */
async function inParts(): Promise<Verbs> {
  const parts = [import('./routes.ts'), import('./chainCode.ts')];
  for (const part of parts) await part;
  return import('./verbs.ts');
}

/** The SDK's client for a signer, or one that only reads. A failed connection is tried anew the next time. */
export function connect(signer?: Signer): Promise<NeuroClient> {
  const key = signer ? `${'rdns' in signer ? signer.rdns : 'demo'} ${signer.address}` : 'reader';
  const known = clients.get(key);
  if (known) return known;
  const client = open(signer);
  clients.set(key, client);
  client.catch(() => clients.delete(key));
  return client;
}

async function open(signer: Signer | undefined): Promise<NeuroClient> {
  const { createClient } = await loadVerbs();
  if (!signer) return createClient({ url: nodeUrl });
  return createClient({ url: nodeUrl, account: await accountOf(signer), identities: browserIdentities(signer.address), votes: browserVotes(signer.address), onSigning: tellSigning });
}

/** The signer as the SDK takes it. An own wallet is asked only on the market's chain, which the hash of a block tells from others. */
export async function accountOf(signer: Signer): Promise<SdkSigner> {
  const { privateKeyToAccount, walletAccount } = await loadVerbs();
  if ('privateKey' in signer) return privateKeyToAccount(signer.privateKey);
  const [{ providerFor }, { config, publicClient }] = await Promise.all([import('./injected.ts'), connect()]);
  const { chainId, block: number } = config.deployment;
  const { hash } = await publicClient.getBlock({ blockNumber: BigInt(number) });
  return walletAccount({ provider: providerFor(signer.rdns), address: signer.address, chain: { id: chainId, block: { number, hash } } });
}
