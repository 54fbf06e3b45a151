import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

export type Digest = `0x${string}`;

/** SHA-256 (FIPS 180-4) of bytes as 0x and 64 lower-case hex digits. */
export function sha256Hex(bytes: Uint8Array): Digest {
  return toHex(sha256(bytes));
}

export function toHex(bytes: Uint8Array): Digest {
  return `0x${bytesToHex(bytes)}`;
}

export function fromHex(digest: Digest): Uint8Array {
  return hexToBytes(digest.slice(2));
}
