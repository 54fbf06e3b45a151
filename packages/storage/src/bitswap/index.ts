export type { BitswapPeer, BitswapPeerParameters } from './createBitswapPeer.ts';
export { createBitswapPeer } from './createBitswapPeer.ts';
