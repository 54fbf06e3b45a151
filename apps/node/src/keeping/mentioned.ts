import { parseCid, rawCidOfDigest } from '@neurodata/storage';
import type { Hex } from 'viem';

const CIDS = /\bb[a-z2-7]{50,120}\b|\bQm[1-9A-HJ-NP-Za-km-z]{44}\b/g;
const DIGESTS = /\b(?:0x)?([0-9a-fA-F]{64})\b/g;

/** The name under which a store keeps a block; undefined for what is no CID. */
export function blockName(text: string): string | undefined {
  try {
    return parseCid(text).toV1().toString();
  } catch {
    return undefined;
  }
}

/** Everything in a text that could name a block: CIDs, and sha256 digests as the raw blocks that they would be. */
export function mentionedIn(text: string): string[] {
  const cids = (text.match(CIDS) ?? []).flatMap((cid) => blockName(cid) ?? []);
  const digests = Array.from(text.matchAll(DIGESTS), ([, digest]) => rawCidOfDigest(`0x${digest!}` as Hex));
  return [...new Set([...cids, ...digests])];
}

/** The same for a block's bytes: documents are JSON objects, and nothing else is read as text. */
export function mentionedInDocument(bytes: Uint8Array): string[] {
  return bytes[0] === 0x7b ? mentionedIn(new TextDecoder().decode(bytes)) : [];
}

/** And for what an event holds: words of 32 bytes, and texts. */
export function mentionedInEvent({ topics, data }: { topics: readonly Hex[]; data: Hex }): string[] {
  const plain = data.slice(2);
  const words = Array.from({ length: Math.floor(plain.length / 64) }, (_, index) => plain.slice(index * 64, (index + 1) * 64));
  const digests = [...topics.map((topic) => topic.slice(2)), ...words].filter((word) => /^[0-9a-fA-F]{64}$/.test(word) && !word.startsWith('0000000000000000'));
  const text = Buffer.from(plain, 'hex').toString('latin1');
  return [...digests.map((digest) => rawCidOfDigest(`0x${digest}`)), ...(text.match(CIDS) ?? []).flatMap((cid) => blockName(cid) ?? [])];
}
