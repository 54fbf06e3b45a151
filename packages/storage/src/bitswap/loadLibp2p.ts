import type { Libp2p, PrivateKey } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { StorageError } from '../StorageError.ts';

export type StartLibp2p = { listen: readonly string[]; isPublic?: (address: string) => boolean; seed?: Uint8Array; maxConnections: number };

/** Of `/ip4/0.0.0.0/...` libp2p makes an address for each of the machine's. */
function isTold(address: string, listen: readonly string[], isPublic: (address: string) => boolean): boolean {
  const host = hostOf(address);
  return isPublic(host) || listen.some((one) => hostOf(one) === host);
}

const hostOf = (address: string): string => address.split('/')[2] ?? '';

/** The packages of libp2p, which come with development dependencies alone: few nodes speak it. */
const PACKAGES = ['libp2p', '@libp2p/tcp', '@libp2p/identify', '@libp2p/crypto', '@chainsafe/libp2p-noise', '@chainsafe/libp2p-yamux'];

/** What is used of them. Said here, so that the project type-checks where they are not installed. */
type Part = (options?: object) => unknown;
type Options = {
  privateKey?: PrivateKey;
  addresses: { listen: string[]; announceFilter(all: Multiaddr[]): Multiaddr[] };
  transports: unknown[]; connectionEncrypters: unknown[]; streamMuxers: unknown[];
  connectionManager: { maxConnections: number };
  services: { identify: unknown };
};
type Packages = {
  libp2p: { createLibp2p(options: Options): Promise<Libp2p> };
  tcp: { tcp: Part };
  identify: { identify: Part };
  keys: { generateKeyPairFromSeed(type: 'Ed25519', seed: Uint8Array): Promise<PrivateKey> };
  noise: { noise: Part };
  yamux: { yamux: Part };
};

async function loadPackages(): Promise<Packages> {
  const names = { libp2p: 'libp2p', tcp: '@libp2p/tcp', identify: '@libp2p/identify', keys: '@libp2p/crypto/keys', noise: '@chainsafe/libp2p-noise', yamux: '@chainsafe/libp2p-yamux' };
  return Object.fromEntries(await Promise.all(Object.entries(names).map(async ([key, name]) => [key, (await import(name)) as unknown]))) as Packages;
}

/** @throws StorageError `UNSUPPORTED` where they are not installed, with how to. */
export async function loadLibp2p(): Promise<{ start(parameters: StartLibp2p): Promise<Libp2p>; multiaddr(text: string): Multiaddr }> {
  try {
    const [{ libp2p, tcp, identify, keys, noise, yamux }, { multiaddr }] = await Promise.all([loadPackages(), import('@multiformats/multiaddr')]);
    return {
      multiaddr,
      start: async ({ listen, isPublic = () => false, seed, maxConnections }) => libp2p.createLibp2p({
        ...(seed ? { privateKey: await keys.generateKeyPairFromSeed('Ed25519', seed) } : {}),
        addresses: { listen: [...listen], announceFilter: (all) => all.filter((one) => isTold(one.toString(), listen, isPublic)) },
        transports: [tcp.tcp()], connectionEncrypters: [noise.noise()], streamMuxers: [yamux.yamux()],
        connectionManager: { maxConnections }, services: { identify: identify.identify() },
      }),
    };
  } catch (cause) {
    throw new StorageError({ code: 'UNSUPPORTED', cause, message: `Bitswap needs packages that are not installed here. Run npm ci without --omit=dev, or npm install --no-save ${PACKAGES.join(' ')}.` });
  }
}
