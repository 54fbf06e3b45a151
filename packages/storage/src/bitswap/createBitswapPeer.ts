import type { Libp2p, Stream } from '@libp2p/interface';
import type { CID } from 'multiformats/cid';
import type { BlockStore } from '../BlockStore.ts';
import { checkBlock, notFound } from '../BlockStore.ts';
import { byteReader } from '../byteReader.ts';
import { StorageError } from '../StorageError.ts';
import { createWants } from './createWants.ts';
import type { Wants } from './createWants.ts';
import { BITSWAP, MAX_MESSAGE_BYTES, decodeMessage, encodeMessage, prefixOf } from './message.ts';
import type { BitswapMessage, Presence, Want } from './message.ts';
import { loadLibp2p } from './loadLibp2p.ts';

export type BitswapPeerParameters = {
  /** Served to whoever asks, and nothing else is. */
  blocks: BlockStore;
  /** Multiaddrs to listen at, e.g. `/ip4/0.0.0.0/tcp/4002`; none: others are asked, nobody is served who was not. */
  listen: readonly string[];
  /** Whether an IP address that this machine has may be told to others; those that `listen` names are told in any case. None by default: they would tell of its network. */
  isPublic?: (address: string) => boolean;
  /** 32 bytes from which this peer's key, and so its id, is made: another one each time where absent. */
  seed?: Uint8Array;
  /** Time for one block from one peer, in milliseconds. */
  deadlineMs?: number;
};

export type BitswapPeer = {
  peerId: string;
  /** Where others find it: multiaddrs that end in its id. */
  addresses(): string[];
  /** Blocks of the peer at this multiaddr, which ends in its id; a connection that is there already is used. Every block is hashed. */
  blocksOf(address: string): BlockStore;
  stop(): Promise<void>;
};

const DEADLINE_MS = 15_000;
/** Of messages that a peer sends at once. */
const MAX_STREAMS = 32;
const MAX_CONNECTIONS = 100;

/**
 * This node as a peer of libp2p (TCP, Noise, Yamux) that speaks bitswap 1.2 (https://github.com/ipfs/specs/blob/main/BITSWAP.md): gives blocks to who asks for them and asks those that it is told to. It
 * looks for nobody and tells nobody what it has: there is no DHT, no mDNS, no bootstrap list. Wants are answered at once or not at all.
 *
 * @throws StorageError `UNSUPPORTED` where libp2p is not installed, with how to; `UNREACHABLE` where it cannot listen.
 */
export async function createBitswapPeer(parameters: BitswapPeerParameters): Promise<BitswapPeer> {
  const { blocks, listen, isPublic = () => false, seed, deadlineMs = DEADLINE_MS } = parameters;
  const { start, multiaddr } = await loadLibp2p();
  const node = await start({ listen, isPublic, maxConnections: MAX_CONNECTIONS, ...(seed ? { seed } : {}) }).catch((cause: unknown) => {
    throw new StorageError({ code: 'UNREACHABLE', cause, message: `libp2p cannot listen at ${listen.join(', ')}. Choose another address or port.` });
  });
  const wants = createWants();
  await node.handle(BITSWAP, async (stream, { remotePeer }) => {
    const signal = AbortSignal.timeout(2 * deadlineMs);
    try {
      for await (const message of readMessages(stream)) {
        const trusted = await wants.take(remotePeer.toString(), message);
        if (!trusted) return void (await node.hangUp(remotePeer));
        for await (const answer of answers(blocks, message.wants)) await send({ node, target: remotePeer, message: answer, signal });
      }
      await stream.close({ signal });
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error(String(error)));
    }
  }, { maxInboundStreams: MAX_STREAMS, maxOutboundStreams: MAX_STREAMS });
  return {
    peerId: node.peerId.toString(),
    addresses: () => node.getMultiaddrs().map(String),
    blocksOf: (address) => blocksOf({ node, wants, multiaddr, address, deadlineMs }),
    stop: async () => {
      wants.end();
      await node.stop();
    },
  };
}

type Target = Parameters<Libp2p['dialProtocol']>[0];

async function send({ node, target, message, signal }: { node: Libp2p; target: Target; message: BitswapMessage; signal: AbortSignal }): Promise<void> {
  const stream = await node.dialProtocol(target, BITSWAP, { signal });
  try {
    if (!stream.send(encodeMessage(message))) await stream.onDrain({ signal });
    await stream.close({ signal });
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

async function* readMessages(stream: Stream): AsyncGenerator<BitswapMessage> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for await (const piece of stream) yield piece instanceof Uint8Array ? piece : piece.subarray();
  }
  const reader = byteReader(pieces());
  while (!(await reader.atEnd())) {
    const length = await reader.varint();
    if (length > MAX_MESSAGE_BYTES) throw new StorageError({ code: 'TOO_LARGE', message: `A peer sends a bitswap message of ${length} bytes; at most ${MAX_MESSAGE_BYTES} are read.` });
    yield decodeMessage(await reader.take(length));
  }
}

/** One message for each block, so that no more than one is held, and one for all that is only said. */
async function* answers(blocks: BlockStore, wanted: Want[]): AsyncGenerator<BitswapMessage> {
  const presences: Presence[] = [];
  for (const { cid, have, cancel, sayMissing } of wanted) {
    if (cancel) continue;
    const data = await blocks.get(cid).catch(passOver);
    if (data !== undefined && !have) yield { wants: [], blocks: [{ prefix: prefixOf(cid), data }], presences: [] };
    else if (data !== undefined || sayMissing) presences.push({ cid, has: data !== undefined });
  }
  if (presences.length > 0) yield { wants: [], blocks: [], presences };
}

/** One that is not here, or spoilt, is none that could be given. */
function passOver(error: unknown): undefined {
  if (error instanceof StorageError) return undefined;
  throw error;
}

function blocksOf({ node, wants, multiaddr, address, deadlineMs }: { node: Libp2p; wants: Wants; multiaddr: (text: string) => Target; address: string; deadlineMs: number }): BlockStore {
  const peerId = /\/p2p\/([1Q][1-9A-HJ-NP-Za-km-z]{40,60})$/.exec(address)?.[1];
  const target = peerId === undefined ? undefined : orNothing(() => multiaddr(address));
  if (peerId === undefined || target === undefined) throw new StorageError({ code: 'UNSUPPORTED', message: `${address.slice(0, 200)} is no multiaddr that ends in /p2p/ and a peer id in base58, like /ip4/192.0.2.1/tcp/4001/p2p/12D3KooW...` });
  const ask = async (cid: CID, have: boolean, outer?: AbortSignal): Promise<Uint8Array | boolean> => {
    const deadline = AbortSignal.timeout(deadlineMs);
    const signal = outer ? AbortSignal.any([outer, deadline]) : deadline;
    const answer = wants.add({ peerId, cid, have, signal });
    try {
      await send({ node, target, message: { wants: [{ cid, have, cancel: false, sayMissing: true }], blocks: [], presences: [] }, signal });
    } catch (cause) {
      answer.drop();
      outer?.throwIfAborted();
      throw new StorageError({ code: deadline.aborted ? 'TIMEOUT' : 'UNREACHABLE', cid: cid.toString(), cause, message: `${address} cannot be asked for block ${cid.toString()}: ${cause instanceof Error ? cause.message : String(cause)}` });
    }
    return answer.come.catch((error: unknown) => {
      outer?.throwIfAborted();
      if (!deadline.aborted) throw error;
      throw new StorageError({ code: 'TIMEOUT', cid: cid.toString(), message: `${address} did not deliver block ${cid.toString()} within ${deadlineMs} ms. Ask another peer.` });
    });
  };
  return {
    has: async (cid, options) => (await ask(cid, true, options?.signal)) !== false,
    get: async (cid, options) => {
      const bytes = await ask(cid, false, options?.signal);
      if (typeof bytes === 'boolean') throw notFound(cid, address);
      await checkBlock(cid, bytes);
      return bytes;
    },
    put: async (cid) => {
      throw new StorageError({ code: 'UNSUPPORTED', cid: cid.toString(), message: 'Nothing is put to a peer of bitswap: it asks.' });
    },
  };
}

function orNothing<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
