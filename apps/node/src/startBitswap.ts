import path from 'node:path';
import type { BlockStore } from '@neurodata/storage';
import type { BitswapPeer } from '@neurodata/storage/bitswap';
import { loadSecretKey } from './accounts/index.ts';
import type { Log } from './common/logger.ts';
import { isPublicAddress } from './common/publicAddress.ts';
import type { BitswapSettings } from './config.ts';

/** This node as a peer of libp2p that serves its own blocks: the same that its gateway serves. Its packages are loaded only here. */
export async function startBitswap(parameters: { settings: BitswapSettings; home: string; blocks: BlockStore; log: Log; stack: AsyncDisposableStack }): Promise<BitswapPeer> {
  const { settings: { listen }, home, blocks, log, stack } = parameters;
  const { createBitswapPeer } = await import('@neurodata/storage/bitswap');
  const peer = await createBitswapPeer({ blocks, listen, isPublic: isPublicAddress, seed: await loadSecretKey(path.join(home, 'bitswap.key')) });
  stack.defer(() => peer.stop());
  log.info({ peerId: peer.peerId, addresses: peer.addresses() }, 'speaking bitswap');
  return peer;
}
