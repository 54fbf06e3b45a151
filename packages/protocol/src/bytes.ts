import { sha256 } from '@noble/hashes/sha2.js';
import canonicalize from 'canonicalize';
import { bytesToHex } from 'viem';
import type { Hex } from 'viem';
import { NeuroError } from './errors.ts';

/** sha256 of `bytes` as 0x-prefixed hex. */
export function sha256Hex(bytes: Uint8Array): Hex {
  return bytesToHex(sha256(bytes));
}

/** sha256 of what comes in pieces; `hex` gives 64 digits, once. */
export function createSha256(): { update(piece: Uint8Array): void; hex(): string } {
  const hash = sha256.create();
  return { update: (piece) => void hash.update(piece), hex: () => bytesToHex(hash.digest()).slice(2) };
}

/** Canonical JSON (RFC 8785) as UTF-8 bytes: the form in which specs, receipts, terms and manifests are hashed. */
export function canonicalJson(value: unknown): Uint8Array {
  const text = canonicalize(value);
  if (text === undefined) throw new NeuroError('This value has no JSON form.', { code: 'BAD_INPUT' });
  return new TextEncoder().encode(text);
}

/** Parses UTF-8 JSON bytes; throws BAD_INPUT naming `what`. */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new NeuroError(`${what} is not valid UTF-8 JSON.`, { code: 'BAD_INPUT', cause });
  }
}
