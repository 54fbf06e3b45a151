import { NeuroError } from '@neurodata/protocol';
import { type Address, type Hex, hexToBigInt, hexToNumber, numberToHex } from 'viem';
import { type BlockHeader, blockHash } from './blockHash.ts';
import { type Check, HERE, compared } from './checks.ts';
import type { ChainReader } from './createClient.ts';
import { type DecodedCall, decodeCall } from './decodeCall.ts';
import { toNeuroError } from './errors.ts';

/** A line of a block's list; `at` in unix seconds. */
export type BlockSummary = { number: number; hash: Hex; at: number; transactions: number; gasUsed: number; gasLimit: number };
export type BlockTransaction = { hash: Hex; from: Address; to: Address | null } & DecodedCall;
export type BlockFacts = BlockSummary & { parentHash: Hex; header: BlockHeader; items: BlockTransaction[] };

type RawTransaction = { hash: Hex; from: Address; to: Address | null; input: Hex; value: Hex };
type RawBlock = BlockHeader & { hash: Hex; transactions: (Hex | RawTransaction)[] };

async function ask(client: ChainReader, method: 'eth_getBlockByNumber' | 'eth_getBlockByHash', params: [Hex, boolean]): Promise<RawBlock> {
  let raw: RawBlock | null;
  try {
    // As the RPC writes it: what is hashed must not have gone through anybody's idea of a block.
    raw = (await client.publicClient.request({ method, params } as never)) as RawBlock | null;
  } catch (error) {
    throw toNeuroError(error);
  }
  if (raw === null) throw new NeuroError('There is no such block.', { code: 'NOT_FOUND', remedy: 'Check the number or hash; the chain may not have come so far yet.' });
  return raw;
}

const summaryOf = (raw: RawBlock): BlockSummary => ({ number: hexToNumber(raw.number), hash: raw.hash, at: hexToNumber(raw.timestamp), transactions: raw.transactions.length, gasUsed: hexToNumber(raw.gasUsed), gasLimit: hexToNumber(raw.gasLimit) });

/** The newest blocks, or those up to `to`, newest first. */
export async function readBlocks(parameters: { client: ChainReader; limit?: number; to?: number }): Promise<BlockSummary[]> {
  const { client, limit = 20 } = parameters;
  const head = Number(await client.publicClient.getBlockNumber({ cacheTime: 0 }).catch((error: unknown) => { throw toNeuroError(error); }));
  const last = Math.min(head, parameters.to ?? head);
  const numbers = Array.from({ length: Math.min(limit, last + 1) }, (_, index) => last - index);
  return Promise.all(numbers.map(async (number) => summaryOf(await ask(client, 'eth_getBlockByNumber', [numberToHex(number), false]))));
}

/** One block by number or hash, its transactions told in sentences. Throws `NOT_FOUND`. */
export async function readBlock(parameters: { client: ChainReader; block: number | Hex }): Promise<BlockFacts> {
  const { client, block } = parameters;
  const raw = await (typeof block === 'number' ? ask(client, 'eth_getBlockByNumber', [numberToHex(block), true]) : ask(client, 'eth_getBlockByHash', [block, true]));
  const full = raw.transactions.filter((item): item is RawTransaction => typeof item !== 'string');
  const items = full.map(({ hash, from, to, input, value }) => ({ hash, from, to, ...decodeCall(client.config, { to, input, value: hexToBigInt(value) }) }));
  const { transactions: _, hash: __, ...header } = raw;
  return { ...summaryOf(raw), parentHash: raw.parentHash, header, items };
}

/**
 * Checks a block by hashing its header, and that it names the header before it. Reads both headers anew. What this shows: the
 * header is the one of that hash, nothing in it was changed. What it does not: that the transactions are those of the root
 * in it, and that the network agreed on it.
 */
export async function checkBlock(parameters: { client: ChainReader; block: number }): Promise<Check[]> {
  const { client, block } = parameters;
  const raw = await ask(client, 'eth_getBlockByNumber', [numberToHex(block), false]);
  const own = blockHash(raw);
  const checks: Check[] = [compared({
    name: 'Hash of the header', ok: own === raw.hash,
    passed: `The header's fields hash to ${own}, which is the block's name.`, failed: `The header's fields hash to ${own}, but the RPC calls the block ${raw.hash}.`,
  })];
  if (block > 0) {
    const parent = blockHash(await ask(client, 'eth_getBlockByNumber', [numberToHex(block - 1), false]));
    checks.push(compared({ name: 'Link to the block before', ok: parent === raw.parentHash, passed: `Block ${block - 1} hashes to the parent that this header names.`, failed: `Block ${block - 1} hashes to ${parent}, but this header names ${raw.parentHash}.` }));
  }
  checks.push({ name: 'Transactions and state', status: 'not-checked', by: HERE, detail: 'The header holds the roots of its transactions, receipts and state. They were not built again here.' });
  checks.push({ name: 'Agreement of the network', status: 'not-checked', by: HERE, detail: 'A hash says nothing about who agreed. Compare it with what another node says about the same block.' });
  return checks;
}
