import { sha256 as sha256Of } from '@noble/hashes/sha2.js';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { create as createDigest } from 'multiformats/hashes/digest';
import { sha256 } from 'multiformats/hashes/sha2';
import { StorageError } from './StorageError.ts';

/** Bytes as `0x` and lower-case hexadecimal. */
export type Hex = `0x${string}`;

/** Longest CID text that is looked at: sha2-256 in base32 takes 59 characters. */
const MAX_CID_TEXT = 256;

/** Hash "function" of a CID that carries its content itself: the trustless gateway's probe `bafkqaaa` is one. */
export const IDENTITY = 0;

/**
 * Parses a CID in base32, base36 or base58btc.
 *
 * @throws StorageError `UNSUPPORTED` for anything else.
 */
export function parseCid(text: string): CID {
  try {
    if (text.length > MAX_CID_TEXT) throw new RangeError('too long');
    // Parsing keeps the given spelling (padding and all) as the name; decoding again gives the canonical one.
    return CID.decode(CID.parse(text).bytes);
  } catch (cause) {
    throw new StorageError({ code: 'UNSUPPORTED', message: `"${text.slice(0, 80)}" is not a CID. Give a CIDv1 such as bafkrei...`, cause });
  }
}

/** Bytes as {@link Hex}. */
export function toHex(bytes: Uint8Array): Hex {
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * The CID (version 1, raw, sha2-256, base32) of the block with this sha256 digest.
 *
 * @throws StorageError `UNSUPPORTED` unless `digest` is `0x` and 64 hexadecimal digits.
 * @example rawCidOfDigest('0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855') // 'bafkreihdwdce...'
 */
export function rawCidOfDigest(digest: Hex): string {
  if (!/^0x[0-9a-fA-F]{64}$/.test(digest)) {
    throw new StorageError({ code: 'UNSUPPORTED', message: `"${digest.slice(0, 80)}" is not a sha256 digest. Give 0x and 64 hexadecimal digits.` });
  }
  const bytes = Uint8Array.from(digest.slice(2).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return CID.createV1(raw.code, createDigest(sha256.code, bytes)).toString();
}

/**
 * The sha256 digest inside a raw CID: the other direction of {@link rawCidOfDigest}.
 *
 * @throws StorageError `UNSUPPORTED` unless the CID is version 1, raw and sha2-256: of any other CID the digest
 * is not the digest of the content.
 */
export function digestOfRawCid(cid: string): Hex {
  const parsed = parseCid(cid);
  if (parsed.version !== 1 || parsed.code !== raw.code || parsed.multihash.code !== sha256.code || parsed.multihash.digest.length !== 32) {
    throw new StorageError({ code: 'UNSUPPORTED', cid, message: `${cid} is not a raw sha2-256 CIDv1, so it does not determine the content's sha256. Read the file and hash it.` });
  }
  return toHex(parsed.multihash.digest);
}

/** A peer id (https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md) that stands for a text rather than for a key: its sha2-256, as base58btc. */
export function peerIdOfText(text: string): string {
  return CID.createV0(createDigest(sha256.code, sha256Of(new TextEncoder().encode(text)))).toString();
}
