import { CID } from 'multiformats/cid';
import { sha256 } from 'multiformats/hashes/sha2';
import { varint } from 'multiformats';
import { reader as createReader, writer as createWriter } from 'protons-runtime';
import { StorageError } from '../StorageError.ts';

/** What a peer asks for: a block, or only whether it is there (`have`); `cancel` takes an earlier one back, `sayMissing` wants to be told where it is not there. */
export type Want = { cid: CID; have: boolean; cancel: boolean; sayMissing: boolean };
/** A block as it travels: its CID without the digest, which whoever receives it computes. */
export type SentBlock = { prefix: Uint8Array; data: Uint8Array };
export type Presence = { cid: CID; has: boolean };
export type BitswapMessage = { wants: Want[]; blocks: SentBlock[]; presences: Presence[] };

export const BITSWAP = '/ipfs/bitswap/1.2.0';
/** As boxo has it. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** Of one message: more are not looked at. */
const MAX_ENTRIES = 1_024;

/** Fields of https://github.com/ipfs/specs/blob/main/BITSWAP.md#wire-format as protobuf tags: number << 3, 2 where bytes follow. */
const tags = { wantlist: 10, entry: 10, full: 16, block: 26, presence: 34, first: 10, priority: 16, cancel: 24, type: 32, sayMissing: 40, second: 18, presenceType: 16 } as const;

/** A message with its length in front of it, as it goes into a stream. */
export function encodeMessage({ wants, blocks, presences }: BitswapMessage): Uint8Array {
  const out = createWriter().fork();
  if (wants.length > 0) {
    out.uint32(tags.wantlist).fork();
    for (const { cid, have, cancel, sayMissing } of wants) {
      out.uint32(tags.entry).fork().uint32(tags.first).bytes(cid.bytes).uint32(tags.priority).int32(1).uint32(tags.cancel).bool(cancel).uint32(tags.type).int32(have ? 1 : 0).uint32(tags.sayMissing).bool(sayMissing).ldelim();
    }
    out.ldelim();
  }
  for (const { prefix, data } of blocks) out.uint32(tags.block).fork().uint32(tags.first).bytes(prefix).uint32(tags.second).bytes(data).ldelim();
  for (const { cid, has } of presences) out.uint32(tags.presence).fork().uint32(tags.first).bytes(cid.bytes).uint32(tags.presenceType).int32(has ? 0 : 1).ldelim();
  return out.ldelim().finish();
}

/** @throws StorageError `MISMATCH` for what is no message; of long lists the first 1,024 are taken. */
export function decodeMessage(bytes: Uint8Array): BitswapMessage {
  const message: BitswapMessage = { wants: [], blocks: [], presences: [] };
  try {
    eachField(bytes, (tag, value) => {
      if (tag === tags.wantlist) eachField(value(), (inner, entry) => void (inner === tags.entry && add(message.wants, decodeWant(entry()))));
      if (tag === tags.block) add(message.blocks, decodeBlock(value()));
      if (tag === tags.presence) add(message.presences, decodePresence(value()));
    });
  } catch (cause) {
    throw new StorageError({ code: 'MISMATCH', cause, message: 'What a peer sent is no bitswap message.' });
  }
  return message;
}

/** Calls `take` for each field; bytes are read only where it asks for them. */
function eachField(bytes: Uint8Array, take: (tag: number, value: () => Uint8Array, number: () => number) => void): void {
  const reader = createReader(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    let read = false;
    const once = <T>(get: () => T) => (): T => {
      read = true;
      return get();
    };
    take(tag, once(() => reader.bytes()), once(() => reader.uint32()));
    if (!read) reader.skipType(tag & 7);
  }
}

function decodeWant(bytes: Uint8Array): Want {
  let cid: CID | undefined;
  const want = { have: false, cancel: false, sayMissing: false };
  eachField(bytes, (tag, value, number) => {
    if (tag === tags.first) cid = CID.decode(value());
    if (tag === tags.cancel) want.cancel = number() !== 0;
    if (tag === tags.type) want.have = number() !== 0;
    if (tag === tags.sayMissing) want.sayMissing = number() !== 0;
  });
  return { cid: named(cid), ...want };
}

function decodeBlock(bytes: Uint8Array): SentBlock {
  const block: SentBlock = { prefix: new Uint8Array(), data: new Uint8Array() };
  eachField(bytes, (tag, value) => {
    if (tag === tags.first) block.prefix = value();
    if (tag === tags.second) block.data = value();
  });
  return block;
}

function decodePresence(bytes: Uint8Array): Presence {
  let cid: CID | undefined;
  let has = true;
  eachField(bytes, (tag, value, number) => {
    if (tag === tags.first) cid = CID.decode(value());
    if (tag === tags.presenceType) has = number() === 0;
  });
  return { cid: named(cid), has };
}

function named(cid: CID | undefined): CID {
  if (cid === undefined) throw new TypeError('an entry names no CID');
  return cid;
}

function add<T>(list: T[], one: T): void {
  if (list.length < MAX_ENTRIES) list.push(one);
}

/** A CID without its digest: version, codec, hash function and the digest's length. */
export function prefixOf(cid: CID): Uint8Array {
  const parts = [cid.version, cid.code, cid.multihash.code, cid.multihash.digest.length];
  const out = new Uint8Array(parts.reduce((sum, part) => sum + varint.encodingLength(part), 0));
  let at = 0;
  for (const part of parts) {
    varint.encodeTo(part, out, at);
    at += varint.encodingLength(part);
  }
  return out;
}

/** The CID that a block's bytes have; undefined where its prefix names another hash than sha2-256 or is none. */
export async function cidOfBlock({ prefix, data }: SentBlock): Promise<CID | undefined> {
  try {
    const parts: number[] = [];
    for (let at = 0; at < prefix.length;) {
      const [part, length] = varint.decode(prefix, at);
      parts.push(part);
      at += length;
    }
    const [version, code = 0, hash] = parts;
    if (hash !== sha256.code) return undefined;
    const multihash = await sha256.digest(data);
    return version === 0 ? CID.createV0(multihash) : CID.createV1(code, multihash);
  } catch {
    return undefined;
  }
}
