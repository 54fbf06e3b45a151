import type { Libp2p } from '@libp2p/interface';
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
const PACKAGES = 'libp2p @libp2p/tcp @libp2p/identify @libp2p/crypto @chainsafe/libp2p-noise @chainsafe/libp2p-yamux';

/** @throws StorageError `UNSUPPORTED` where they are not installed, with how to. */
export async function loadLibp2p(): Promise<{ start(parameters: StartLibp2p): Promise<Libp2p>; multiaddr(text: string): Multiaddr }> {
  try {
    const [{ createLibp2p }, { tcp }, { identify }, { generateKeyPairFromSeed }, { noise }, { yamux }, { multiaddr }] = await Promise.all([
      import('libp2p'), import('@libp2p/tcp'), import('@libp2p/identify'), import('@libp2p/crypto/keys'), import('@chainsafe/libp2p-noise'), import('@chainsafe/libp2p-yamux'), import('@multiformats/multiaddr'),
    ]);
    return {
      multiaddr,
      start: async ({ listen, isPublic = () => false, seed, maxConnections }) => createLibp2p({
        ...(seed ? { privateKey: await generateKeyPairFromSeed('Ed25519', seed) } : {}),
        addresses: { listen: [...listen], announceFilter: (all) => all.filter((one) => isTold(one.toString(), listen, isPublic)) }, transports: [tcp()], connectionEncrypters: [noise()], streamMuxers: [yamux()],
        connectionManager: { maxConnections }, services: { identify: identify() },
      }),
    };
  } catch (cause) {
    throw new StorageError({ code: 'UNSUPPORTED', cause, message: `Bitswap needs packages that are not installed here. Run npm ci without --omit=dev, or npm install --no-save ${PACKAGES}.` });
  }
}
