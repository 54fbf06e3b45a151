import type { CID } from 'multiformats/cid';
import { StorageError } from '../StorageError.ts';
import type { BitswapMessage } from './message.ts';
import { cidOfBlock } from './message.ts';

/** `have`: only whether it is there. */
export type WantParameters = { peerId: string; cid: CID; have: boolean; signal: AbortSignal };

/** What was asked of which peer, until it answers. */
export type Wants = {
  /** `come` gives the block, true for one that is there, false for one that is not; rejects where the signal aborts or the peer sends what nobody asked it for. */
  add(want: WantParameters): { come: Promise<Uint8Array | boolean>; drop(): void };
  /** What a peer sent; false where it sent a block that it was never asked for. */
  take(peerId: string, message: BitswapMessage): Promise<boolean>;
  end(): void;
};

type Waiting = { have: boolean; resolve(value: Uint8Array | boolean): void; reject(error: unknown): void };

/** Of each peer so many of the last wants are remembered: an answer that comes too late is no lie. */
const REMEMBERED = 4_096;

/** A block is known by its hash: the same bytes answer a want whatever the codec of its CID. */
const keyOf = (cid: CID): string => Array.from(cid.multihash.bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export function createWants(): Wants {
  const waiting = new Map<string, Map<string, Set<Waiting>>>();
  const asked = new Map<string, Set<string>>();
  const settle = (peerId: string, key: string, how: (one: Waiting) => void, whom: (one: Waiting) => boolean = () => true): void => {
    const all = waiting.get(peerId)?.get(key) ?? new Set<Waiting>();
    for (const one of [...all].filter(whom)) {
      all.delete(one);
      how(one);
    }
    if (all.size === 0) waiting.get(peerId)?.delete(key);
  };
  const remember = (peerId: string, key: string): void => {
    const known = asked.get(peerId) ?? new Set();
    asked.set(peerId, known.add(key));
    for (const oldest of known) {
      if (known.size <= REMEMBERED) break;
      known.delete(oldest);
    }
  };
  const refuseAll = (peerId: string): void => {
    for (const key of Array.from(waiting.get(peerId)?.keys() ?? [])) {
      settle(peerId, key, ({ reject }) => reject(new StorageError({ code: 'MISMATCH', message: `Peer ${peerId} sent a block that it was not asked for. It was discarded, and the connection ended; ask another peer.` })));
    }
  };
  return {
    add: ({ peerId, cid, have, signal }) => {
      const key = keyOf(cid);
      remember(peerId, key);
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array | boolean>();
      const one: Waiting = { have, resolve, reject };
      const ofPeer = waiting.get(peerId) ?? new Map<string, Set<Waiting>>();
      waiting.set(peerId, ofPeer);
      ofPeer.set(key, (ofPeer.get(key) ?? new Set<Waiting>()).add(one));
      const drop = (): void => void ofPeer.get(key)?.delete(one);
      const aborted = (): void => {
        drop();
        reject(signal.reason);
      };
      signal.addEventListener('abort', aborted, { once: true });
      const come = promise.finally(() => signal.removeEventListener('abort', aborted));
      // Where the question itself fails nobody waits for the answer.
      come.catch(() => undefined);
      return { come, drop };
    },
    take: async (peerId, { blocks, presences }) => {
      for (const block of blocks) {
        const cid = await cidOfBlock(block);
        const key = cid && keyOf(cid);
        if (key === undefined || asked.get(peerId)?.has(key) !== true) {
          refuseAll(peerId);
          return false;
        }
        // A copy: what came is a window of a larger message, and a Buffer, which some cryptographic packages refuse.
        settle(peerId, key, ({ resolve }) => resolve(new Uint8Array(block.data)));
      }
      for (const { cid, has } of presences) settle(peerId, keyOf(cid), ({ resolve }) => resolve(has), ({ have }) => have || !has);
      return true;
    },
    end: () => {
      for (const ofPeer of waiting.values()) for (const all of ofPeer.values()) for (const { reject } of all) reject(new StorageError({ code: 'UNREACHABLE', message: 'This peer of bitswap was stopped.' }));
      waiting.clear();
    },
  };
}
